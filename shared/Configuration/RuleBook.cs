using System.Globalization;

namespace Abm.Configuration;

/// <summary>What a rule book says about the version it is of. What is null is left out.</summary>
/// <param name="Version">The version's name.</param>
public sealed record RuleBookEdition(string Version)
{
    /// <summary>Since when it is in force.</summary>
    public DateTimeOffset? PublishedAt { get; init; }
    public string? Author { get; init; }
    public string? Approver { get; init; }
    public string? Reason { get; init; }

    /// <summary>Who changed a section last and when, by the section's name.</summary>
    public IReadOnlyDictionary<string, SectionChange> LastChanges { get; init; } = new Dictionary<string, SectionChange>();

    /// <summary>Sections whose review is past this day are marked; null = none is.</summary>
    public DateTimeOffset? Now { get; init; }
}

/// <summary>Who changed a section last.</summary>
public sealed record SectionChange(string Version, DateTimeOffset At, string? Author);

/// <summary>The rules of a version in business words, with owners and dates: for sales operations to check, not for machines to read.</summary>
public static class RuleBook
{
    /// <summary>As Markdown. What people wrote is escaped: it can be neither markup nor HTML.</summary>
    public static string Markdown(AbmConfig config, RuleBookEdition edition) => MarkdownBook.Write(RuleBookPages.Of(config, edition));

    /// <summary>As a page of its own: no scripts, no addresses outside, everything that people wrote escaped.</summary>
    public static string Html(AbmConfig config, RuleBookEdition edition) => HtmlBook.Write(RuleBookPages.Of(config, edition));
}

/// <summary>A piece of a rule book, before it is Markdown or HTML.</summary>
internal abstract record BookPart
{
    private BookPart()
    {
    }

    public sealed record Heading(int Level, string Text) : BookPart;

    public sealed record Note(string Text, bool IsWarning = false) : BookPart;

    /// <param name="Detail">Lines below the first, label and value.</param>
    public sealed record Item(string Title, string Text, IReadOnlyList<(string Label, string Value)> Detail);

    public sealed record Items(IReadOnlyList<Item> Entries, bool IsNumbered) : BookPart;

    public sealed record Table(IReadOnlyList<(string Label, string Value)> Rows) : BookPart;
}

/// <summary>Puts a rule book together from the model's own words.</summary>
internal static class RuleBookPages
{
    private const string CareSection = "sections";

    public static IReadOnlyList<BookPart> Of<T>(T config, RuleBookEdition edition)
        where T : class
    {
        ObjectShape shape = ConfigModel.Of<T>();
        List<BookPart> book = [new BookPart.Heading(1, "Rule book"), new BookPart.Table(Edition(edition))];
        var care = shape.Find(CareSection)?.Get(config) as IReadOnlyDictionary<string, SectionCare> ?? new Dictionary<string, SectionCare>();
        foreach (ConfigProperty section in shape.Properties.Where(p => p.Name != CareSection))
        {
            book.Add(new BookPart.Heading(2, ConfigWords.Capital(section.Label)));
            Care(care.GetValueOrDefault(section.Name), edition.LastChanges.GetValueOrDefault(section.Name), edition.Now, book);
            if (section.Declared<SaysAttribute>()?.More is { } more)
                book.Add(new BookPart.Note(more));
            Value(section, section.Shape, section.Get(config), 3, book);
        }

        return book;
    }

    private static List<(string, string)> Edition(RuleBookEdition edition)
    {
        List<(string, string)> rows = [("Version", edition.Version)];
        Add("In force since", edition.PublishedAt is { } at ? Day(at) : null);
        Add("Published by", edition.Author);
        Add("Approved by", edition.Approver);
        Add("Reason", edition.Reason);
        return rows;

        void Add(string label, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
                rows.Add((label, value));
        }
    }

    private static void Care(SectionCare? care, SectionChange? change, DateTimeOffset? now, List<BookPart> book)
    {
        List<string> words = [];
        if (care?.Owner is { } owner)
            words.Add($"Owner: {owner}.");
        if (care?.ReviewBy is { } day)
            words.Add($"To be reviewed by {Day(day)}.");
        if (change is not null)
            words.Add($"Last changed on {Day(change.At)}{(change.Author is { } author ? $" by {author}" : "")} in {change.Version}.");
        if (care?.Why is { } why)
            words.Add($"Why: {why}");
        if (words.Count > 0)
            book.Add(new BookPart.Note(string.Join(' ', words)));
        if (now is { } today && care?.ReviewBy is { } due && due < DateOnly.FromDateTime(today.UtcDateTime))
            book.Add(new BookPart.Note("The review is overdue.", IsWarning: true));
    }

    private static void Value(ConfigProperty property, ConfigShape shape, object? value, int level, List<BookPart> book)
    {
        switch (shape)
        {
            case not null when value is null:
                book.Add(new BookPart.Note("Not set."));
                break;
            case ObjectShape record:
                Record(record, value!, level, book);
                break;
            case ListShape { Item: ObjectShape or HolidayForm } list:
                Items([.. list.Items(value!).Select(i => Entry(property, list.Item, null, i))], isNumbered: IsOrdered(property), book);
                break;
            case MapShape { Item: ObjectShape } map:
                Items([.. map.Items(value!).Select(i => Entry(property, map.Item, i.Key, i.Value))], isNumbered: false, book);
                break;
            case MapShape map:
                book.Add(new BookPart.Table([.. map.Items(value!).Select(i => (i.Key, map.Item.Words(i.Value)))]));
                break;
            default:
                book.Add(new BookPart.Note(Sentence(ConfigWords.WithUnit(property, shape!.Words(value!)))));
                break;
        }
    }

    private static bool IsOrdered(ConfigProperty list) => list.Declared<EveryRuleCountsAttribute>() is null;

    private static void Items(IReadOnlyList<BookPart.Item> items, bool isNumbered, List<BookPart> book) =>
        book.Add(items.Count == 0 ? new BookPart.Note("None.") : new BookPart.Items(items, isNumbered));

    /// <summary>Single values make a table, everything else comes under a heading of its own.</summary>
    private static void Record(ObjectShape record, object value, int level, List<BookPart> book)
    {
        List<(string, string)> rows = [.. record.Properties.Where(p => IsShort(p.Shape)).Select(p => (ConfigWords.Capital(p.Label), Shown(p, value)))];
        if (rows.Count > 0)
            book.Add(new BookPart.Table(rows));
        foreach (ConfigProperty property in record.Properties.Where(p => !IsShort(p.Shape)))
        {
            book.Add(new BookPart.Heading(level, ConfigWords.Capital(property.Label)));
            if (property.Declared<SaysAttribute>()?.More is { } more)
                book.Add(new BookPart.Note(more));
            Value(property, property.Shape, property.Get(value), level + 1, book);
        }
    }

    private static bool IsShort(ConfigShape shape) => shape is ScalarShape or WeekForm or HoursForm or TargetForm or ConditionForm or ListShape { Item: ScalarShape };

    private static BookPart.Item Entry(ConfigProperty list, ConfigShape shape, string? key, object value)
    {
        if (shape is not ObjectShape record)
            return new BookPart.Item("", Sentence(shape.Words(value)), []);
        string? name = key ?? ConfigNames.OfEntry(list, shape, value);
        string nameProperty = list.Declared<NamedByAttribute>()?.Property ?? "name";
        List<(string, string)> detail = [];
        string when = "";
        foreach (ConfigProperty property in record.Properties.Where(p => p.Name != nameProperty || name is null))
        {
            if (property.Shape is ConditionForm)
                when = property.Get(value) is { } condition ? $"When {property.Shape.Words(condition)}." : "In every other case.";
            else if (property.Get(value) is { } inner && property.Shape.Words(inner) is { Length: > 0 })
                detail.Add((ConfigWords.Capital(property.Label), Shown(property, value)));
        }

        if (value is not IRule)
            when = "";
        return new BookPart.Item(name ?? "", when, detail);
    }

    private static string Shown(ConfigProperty property, object owner) =>
        property.Get(owner) is { } value && property.Shape.Words(value) is { Length: > 0 } words ? ConfigWords.WithUnit(property, words) : "–";

    private static string Sentence(string words) => words.Length == 0 ? "–" : $"{ConfigWords.Capital(words)}{(words[^1] is '.' or '!' or '?' ? "" : ".")}";

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
