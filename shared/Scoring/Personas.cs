using Abm.Configuration;

namespace Abm.Scoring;

/// <summary>What a person does, from the title.</summary>
public static class Personas
{
    /// <summary>The persona when no rule fits.</summary>
    public const string Other = "Other";

    /// <summary>The persona of the first rule that has a word or phrase in the title, and no word that rules it out.</summary>
    public static string Of(string? title, IReadOnlyList<PersonaRule> rules)
    {
        string words = Words(title);
        if (words.Length == 0)
            return Other;
        foreach (PersonaRule rule in rules)
        {
            if (rule.TitleHas.Any(t => Has(words, t)) && !rule.UnlessTitleHas.Any(t => Has(words, t)))
                return rule.Persona;
        }

        return Other;
    }

    private static bool Has(string words, string phrase) =>
        Words(phrase) is { Length: > 0 } wanted && words.Contains(wanted, StringComparison.Ordinal);

    /// <summary>Lower-case words with one space before, between and after them, so that containing means whole words.</summary>
    private static string Words(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return "";
        char[] letters = [.. text.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')];
        string[] words = new string(letters).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? "" : $" {string.Join(' ', words)} ";
    }
}
