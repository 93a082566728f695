using System.Text.RegularExpressions;
using Abm.Decisions;
using NodaTime;

namespace Abm.Configuration;

/// <summary>Checks what the attributes of the model declare, for every value of a configuration.</summary>
internal static class GenericCheck
{
    public static IReadOnlyList<ConfigProblem> Problems(object root, ObjectShape shape)
    {
        CheckScope scope = new(root, shape);
        List<(string From, ConfigReference To)> mustNotCycle = [];
        foreach (ConfigPart section in shape.Parts(root, ""))
            Walk(section, scope, afterScoring: true, mustNotCycle);
        if (shape.Check is { } check)
            check.Add(root, "", scope);
        ReferenceCycles.Add(mustNotCycle, scope);
        return scope.Problems;
    }

    private static void Walk(ConfigPart part, CheckScope scope, bool afterScoring, List<(string From, ConfigReference To)> mustNotCycle)
    {
        if (part.Value is not { } value)
            return;
        if (part.Property is { } property)
        {
            afterScoring &= property.Declared<BeforeScoringAttribute>() is null;
            Declared(property, value, part.Path, scope);
            if (property.Declared<CheckedByAttribute>() is { } by)
                ((ConfigCheckBase)Activator.CreateInstance(by.Check)!).Add(value, part.Path, scope);
        }

        if (part.Shape.ConditionIn(value) is { } condition)
        {
            List<ConfigProblem> problems = [];
            PredicateCheck.Add(condition, part.Path, afterScoring, problems);
            if (!part.Path.StartsWith("plays[", StringComparison.Ordinal))
                PredicateCheck.AddPlayFields(condition, part.Path, problems);
            scope.Add(problems);
        }

        foreach (ConfigReference reference in ConfigReferences.In(part))
        {
            IReadOnlyList<string> names = scope.Names(reference.Section);
            if (!names.Contains(reference.Name, StringComparer.Ordinal))
                scope.Problem(ConfigProblemCodes.UnknownReference, reference.Path, $"There is no {reference.What} '{reference.Name}'{Nearest.Hint(reference.Name, names)}");
            else if (reference.NoCycles)
                mustNotCycle.Add((reference.Path, reference));
        }

        if (part.Shape is ObjectShape { Check: { } check })
            check.Add(value, part.Path, scope);
        foreach (ConfigPart inner in part.Shape.Parts(value, part.Path))
            Walk(inner, scope, afterScoring, mustNotCycle);
    }

    private static void Declared(ConfigProperty property, object value, string path, CheckScope scope)
    {
        if (property.Declared<NotEmptyAttribute>() is { } notEmpty && property.Shape is ListShape list && list.Items(value).Count == 0)
            scope.Problem(ConfigProblemCodes.Empty, path, notEmpty.Says);
        foreach (UniqueByAttribute unique in property.AllDeclared<UniqueByAttribute>())
            Unique(unique, (ListShape)property.Shape, value, path, scope);
        if (property.Declared<BetweenAttribute>() is { } between)
        {
            foreach ((string at, object leaf) in Leaves(property.Shape, value, path))
                Between(between, leaf, at, scope);
        }

        if (property.Declared<PatternAttribute>() is { } pattern)
        {
            foreach ((string at, object leaf) in Leaves(property.Shape, value, path))
            {
                if (!Regex.IsMatch((string)leaf, $"^(?:{pattern.Pattern})$(?<!\n)", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
                    scope.Problem(ConfigProblemCodes.BadValues, at, pattern.Says);
            }
        }

        if (property.Declared<FormatAttribute>() is { } format)
        {
            foreach ((string at, string text) in ConfigReferences.Texts(property.Shape, value, path))
                Format(format.Format, text, at, scope);
        }

        if (property.Declared<DecisionListAttribute>() is { CatchAll: true } decides)
            CatchAll(decides, ((ListShape)property.Shape).Items(value), path, scope);
    }

    /// <summary>The value itself, or each value of a list or mapping.</summary>
    private static IEnumerable<(string Path, object Value)> Leaves(ConfigShape shape, object value, string path) =>
        shape is ListShape or MapShape ? shape.Parts(value, path).Select(p => (p.Path, p.Value!)) : [(path, value)];

    private static void Unique(UniqueByAttribute unique, ListShape list, object value, string path, CheckScope scope)
    {
        IEnumerable<string> keys = list.Items(value).Select(item =>
            unique.Property is null || list.Item is not ObjectShape record ? list.Item.Words(item)
            : record.Find(unique.Property) is { } by && by.Get(item) is { } key ? by.Shape.Words(key) : "");
        foreach ((string name, int index) in keys.Select((n, i) => (n, i)).GroupBy(p => p.n, StringComparer.OrdinalIgnoreCase).SelectMany(g => g.Skip(1)))
            scope.Problem(ConfigProblemCodes.Duplicate, ConfigPath.At(path, index), $"There is another {unique.What} '{name}'.");
    }

    private static void Between(BetweenAttribute between, object value, string path, CheckScope scope)
    {
        if (value is TimeSpan length)
        {
            if (length < between.LeastLength || length > between.MostLength)
                scope.Problem(ConfigProblemCodes.OutOfRange, path, $"{ConfigLength.Write(length)} is outside {ConfigLength.Write(between.LeastLength!.Value)} to {ConfigLength.Write(between.MostLength!.Value)}.");
            return;
        }

        double number = Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);
        if (!(number >= between.Least && number <= between.Most) || (between.MoreThanLeast && number <= between.Least))
            scope.Problem(ConfigProblemCodes.OutOfRange, path, FormattableString.Invariant($"{number} is outside {(between.MoreThanLeast ? "more than " : "")}{between.Least} to {between.Most}."));
    }

    private static void Format(TextFormat format, string text, string path, CheckScope scope)
    {
        switch (format)
        {
            case TextFormat.Zone when DateTimeZoneProviders.Tzdb.GetZoneOrNull(text) is null || text.StartsWith("UTC+", StringComparison.Ordinal) || text.StartsWith("UTC-", StringComparison.Ordinal):
                scope.Problem(ConfigProblemCodes.UnknownZone, path, $"'{text}' is no IANA time zone such as Europe/Berlin{Nearest.Hint(text, DateTimeZoneProviders.Tzdb.Ids)}");
                break;
            case TextFormat.Country when text.Length != 2 || !text.All(char.IsAsciiLetterUpper):
                scope.Problem(ConfigProblemCodes.BadValues, path, $"'{text}' is no country code of two capital letters such as DE.");
                break;
            case TextFormat.Field when !FactFields.IsKnown(text, afterScoring: true):
                scope.Problem(ConfigProblemCodes.UnknownField, path, $"There is no field '{text}'{Nearest.Hint(text, FactFields.AfterScoring)}");
                break;
            case TextFormat.Account when !IdText.IsValid(text):
                scope.Problem(ConfigProblemCodes.BadValues, path, $"'{text}' is no id of an account: it has 1 to {IdText.MaxLength} characters without / \\ # ? in it.");
                break;
            case TextFormat.Rep when !IdText.IsValid(text):
                scope.Problem(ConfigProblemCodes.BadValues, path, $"'{text}' is no id of a rep: it has no / \\ # ? in it.");
                break;
        }
    }

    private static void CatchAll(DecisionListAttribute decides, IReadOnlyList<object> items, string path, CheckScope scope)
    {
        IRule[] rules = [.. items.OfType<IRule>()];
        for (int i = 0; i < rules.Length - 1; i++)
        {
            if (rules[i].When is null)
                scope.Problem(ConfigProblemCodes.Unreachable, ConfigPath.At(path, i), $"'{rules[i].Name}' has no condition, so the rules after it are never reached: only the last one is without a condition.");
        }

        if (rules.Length == 0 ? !decides.MayBeEmpty : rules[^1].When is not null)
            scope.Problem(ConfigProblemCodes.NoCatchAll, path, $"The last rule must be a catch-all without a condition, {decides.Because}.");
    }
}

/// <summary>What refers to what.</summary>
internal static class ConfigReferences
{
    /// <summary>The names that a part refers to itself, not through what stands inside it.</summary>
    public static IEnumerable<ConfigReference> In(ConfigPart part)
    {
        if (part.Value is not { } value)
            return [];
        IEnumerable<ConfigReference> own = part.Shape.References(value, part.Path);
        return part.Property?.Declared<RefersToAttribute>() is { } refers
            ? own.Concat(Texts(part.Shape, value, part.Path).Select(t => new ConfigReference(t.Path, refers.Section, refers.What, t.Text, refers.NoCycles)))
            : own;
    }

    /// <summary>The text itself, each text of a list or mapping, or the keys of a mapping to something else.</summary>
    public static IEnumerable<(string Path, string Text)> Texts(ConfigShape shape, object value, string path) => shape switch
    {
        TextShape => [(path, (string)value)],
        ListShape { Item: TextShape } or MapShape { Item: TextShape } => shape.Parts(value, path).Select(p => (p.Path, (string)p.Value!)),
        MapShape map => map.Items(value).Select(i => (ConfigPath.Join(path, i.Key), i.Key)),
        _ => [],
    };

    /// <summary>Every part of a configuration, from the outside in.</summary>
    public static IEnumerable<ConfigPart> All(object root, ObjectShape shape)
    {
        Stack<ConfigPart> open = new(shape.Parts(root, "").Reverse());
        while (open.TryPop(out ConfigPart? part))
        {
            yield return part;
            if (part.Value is null)
                continue;
            foreach (ConfigPart inner in part.Shape.Parts(part.Value, part.Path).Reverse())
                open.Push(inner);
        }
    }
}

/// <summary>References that lead back to where they began, where they must not.</summary>
internal static class ReferenceCycles
{
    public static void Add(IReadOnlyList<(string From, ConfigReference To)> references, CheckScope scope)
    {
        // Where a reference stands: the section and the entry that it is in, by the entry's name.
        Dictionary<(string Section, string Name), List<ConfigReference>> edges = [];
        foreach ((string from, ConfigReference to) in references)
        {
            if (Owner(from, scope) is { } owner && owner.Section == to.Section)
                (edges.TryGetValue(owner, out List<ConfigReference>? known) ? known : edges[owner] = []).Add(to);
        }

        HashSet<(string, string)> done = [];
        foreach ((string Section, string Name) start in edges.Keys)
            Follow(start, [], edges, done, scope);
    }

    private static void Follow(
        (string Section, string Name) at,
        List<(string Section, string Name)> way,
        Dictionary<(string Section, string Name), List<ConfigReference>> edges,
        HashSet<(string, string)> done,
        CheckScope scope)
    {
        if (done.Contains(at) || way.Count > 1000)
            return;
        way.Add(at);
        foreach (ConfigReference to in edges.GetValueOrDefault(at) ?? [])
        {
            int back = way.IndexOf((to.Section, to.Name));
            if (back >= 0)
                scope.Problem(ConfigProblemCodes.Cycle, to.Path, $"It leads back to where it began: {string.Join(" → ", way.Skip(back).Select(w => w.Name).Append(to.Name))}.");
            else
                Follow((to.Section, to.Name), way, edges, done, scope);
        }

        way.RemoveAt(way.Count - 1);
        done.Add(at);
    }

    private static (string Section, string Name)? Owner(string path, CheckScope scope)
    {
        int end = path.AsSpan().IndexOfAny('.', '[');
        if (end <= 0)
            return null;
        string section = path[..end];
        IReadOnlyList<string> names = scope.Names(section);
        if (path[end] == '[')
        {
            string index = path[(end + 1)..path.IndexOf(']', end)];
            return int.TryParse(index, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int i) && i < names.Count ? (section, names[i]) : null;
        }

        // A name may hold dots itself: the longest that fits.
        return names.Where(n => path.AsSpan(end + 1).StartsWith(n, StringComparison.Ordinal)).OrderByDescending(n => n.Length).Select(n => ((string, string)?)(section, n)).FirstOrDefault();
    }
}
