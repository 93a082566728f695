using System.Text.RegularExpressions;

namespace Abm.Configuration;

/// <summary>Passwords, keys and tokens, in values and in the comments of the files. What was found is never repeated.</summary>
internal static class SecretLint
{
    private const int LongestLine = 20_000;

    private static readonly System.Buffers.SearchValues<char> Hexadecimal = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>What is surely a secret keeps a version from being published; what only looks like one is for a person to judge.</summary>
    private static readonly (Regex Pattern, string What, bool IsSure)[] Known =
    [
        (Pattern("-----BEGIN [A-Z ]*PRIVATE KEY"), "a private key", true),
        (Pattern("(AccountKey|SharedAccessKey|Pwd|Password)\\s*=\\s*[^;\\s{}]{4,}", anyCase: true), "a connection string with its key", false),
        (Pattern("[?&;]sig=[A-Za-z0-9%+/=]{16,}"), "a shared access signature", true),
        (Pattern("\\b(AKIA|ASIA)[0-9A-Z]{16}\\b"), "an access key of AWS", true),
        (Pattern("\\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})"), "a token of GitHub", true),
        (Pattern("\\bxox[abeoprs]-[A-Za-z0-9-]{10,}"), "a token of Slack", true),
        (Pattern("hooks\\.slack\\.com/services/[A-Za-z0-9/]{10,}"), "a webhook address of Slack, which is a secret in itself", true),
        (Pattern("\\b[srp]k_(live|test)_[A-Za-z0-9]{10,}"), "a key of Stripe", true),
        (Pattern("\\bAIza[0-9A-Za-z_-]{30,}"), "a key of Google", true),
        (Pattern("\\bSG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}"), "a key of SendGrid", true),
        (Pattern("\\bpat-(na|eu)[0-9]-[0-9a-f-]{20,}"), "a token of HubSpot", true),
        (Pattern("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}"), "a JSON web token", true),
        (Pattern("[a-z][a-z0-9+.-]*://[^/\\s:@]{1,100}:[^/\\s@{}]{3,100}@", anyCase: true), "an address with a password in it", false),
        (Pattern("(password|passwd|passwort|secret|api[_-]?key|access[_-]?key|client[_-]?secret|auth[_-]?token)[\"']?\\s*[:=]\\s*[\"']?[^\\s\"'{}<>,;]{6,}", anyCase: true), "a password or key that is written out", false),
        (Pattern("\\bbearer\\s+[A-Za-z0-9._~+/=-]{16,}", anyCase: true), "a bearer token", false),
    ];

    private static readonly Regex Token = Pattern("[A-Za-z0-9+/_=-]{24,}");

    public static void Add(LintScope scope)
    {
        foreach (ConfigPart part in scope.Parts)
        {
            foreach ((string path, string text) in Texts(part))
            {
                if (Find(text) is { } found)
                    scope.Add(LintCodes.Secret, path, $"This looks like {found.What}.", Severity(found.IsSure));
            }
        }

        foreach (ConfigText file in scope.Context.Texts)
            Comments(file, scope);
    }

    private static IEnumerable<(string Path, string Text)> Texts(ConfigPart part)
    {
        if (part.Value is string text)
            yield return (part.Path, text);
        if (part.Shape is MapShape map && part.Value is { } value)
        {
            foreach ((string key, _) in map.Items(value))
                yield return (ConfigPath.Join(part.Path, key), key);
        }

        if (part.Value is { } inner && part.Shape.ConditionIn(inner) is { } condition)
        {
            foreach (string compared in ConditionSpace.Tests(condition).SelectMany(t => t.Values))
                yield return (part.Path, compared);
        }
    }

    private static void Comments(ConfigText file, LintScope scope)
    {
        string[] lines = file.Text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            int comment = lines[i].IndexOf('#', StringComparison.Ordinal);
            if (comment >= 0 && Find(lines[i][comment..]) is { } found)
                scope.Add(LintCodes.Secret, "", $"A comment holds what looks like {found.What}.", Severity(found.IsSure), new ConfigPlace(file.File, i + 1, comment + 1));
        }
    }

    /// <summary>What it looks like; null when it looks harmless.</summary>
    internal static (string What, bool IsSure)? Find(string text)
    {
        if (text.Length > LongestLine)
            text = text[..LongestLine];
        foreach ((Regex pattern, string what, bool isSure) in Known)
        {
            if (pattern.IsMatch(text))
                return (what, isSure);
        }

        foreach (ValueMatch word in Token.EnumerateMatches(text))
        {
            if (LooksRandom(text.AsSpan(word.Index, word.Length)))
                return ("a key or token, by its randomness", false);
        }

        return null;
    }

    private static LintSeverity Severity(bool isSure) => isSure ? LintSeverity.Error : LintSeverity.Warning;

    private static Regex Pattern(string pattern, bool anyCase = false) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (anyCase ? RegexOptions.IgnoreCase : RegexOptions.None));

    /// <summary>Letters and digits mixed as no word or id that people make up is: 4 bits a character for base64, 3 for hexadecimal.</summary>
    private static bool LooksRandom(ReadOnlySpan<char> token)
    {
        int digits = 0, upper = 0, lower = 0, changes = 0;
        Dictionary<char, int> counts = [];
        int before = -1;
        foreach (char c in token)
        {
            int kind = char.IsAsciiDigit(c) ? 0 : char.IsAsciiLetterUpper(c) ? 1 : char.IsAsciiLetterLower(c) ? 2 : 3;
            digits += kind == 0 ? 1 : 0;
            upper += kind == 1 ? 1 : 0;
            lower += kind == 2 ? 1 : 0;
            changes += before >= 0 && before != kind ? 1 : 0;
            before = kind;
            counts[c] = counts.GetValueOrDefault(c) + 1;
        }

        int length = token.Length;
        double bits = counts.Values.Sum(n => -(double)n / length * Math.Log2((double)n / length));
        bool isHex = token.IndexOfAnyExcept(Hexadecimal) < 0;
        if (isHex)
            return length >= 32 && digits >= 4 && upper + lower >= 4 && bits >= 3;
        return length >= 24 && digits >= 2 && upper >= 2 && lower >= 2 && bits >= 4 && changes >= length / 4;
    }
}
