using System.Globalization;
using System.Text.Json;
using Abm.Configuration;
using Abm.Decisions;

namespace Abm.Functions.Configuration;

/// <summary>What is written in a form of its own: conditions, targets, working hours, holidays.</summary>
internal sealed partial class ConfigBinder
{
    private static readonly string[] PredicateKeys = ["all", "any", "not", "field", "op", "value"];
    private static readonly string[] TargetKeys = ["owner", "rep", "pool", "queue", "suppress"];
    private static readonly string[] Days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    /// <summary>Whether the type has a form of its own; the value is null when it is wrong.</summary>
    private bool Special(ConfigNode node, Type type, string path, out object? value)
    {
        if (type == typeof(Predicate))
            value = Condition(node, path);
        else if (type == typeof(RouteTarget))
            value = Target(node, path);
        else if (type == typeof(LocalInterval))
            value = Interval(node, path);
        else if (type == typeof(Holiday))
            value = HolidayOf(node, path);
        else if (type == typeof(IReadOnlyDictionary<DayOfWeek, IReadOnlyList<LocalInterval>>))
            value = Week(node, path);
        else
            return (value = null) is not null;
        return true;
    }

    /// <summary><c>{ all: [...] }</c>, <c>{ any: [...] }</c>, <c>{ not: ... }</c> or <c>{ field: …, op: …, value: … }</c>.</summary>
    private Predicate? Condition(ConfigNode node, string path)
    {
        if (node is not ConfigNode.Mapping mapping)
            return (Predicate?)Wrong(node, path, "a condition: all, any, not, or field with op and value");
        foreach (ConfigEntry unknown in mapping.Entries.Where(e => !PredicateKeys.Contains(e.Key, StringComparer.Ordinal)))
            Problem("unknownKey", unknown.KeyPlace, Join(path, unknown.Key), $"'{unknown.Key}' is not known in a condition{Hint(unknown.Key, PredicateKeys)}");
        string[] kinds = [.. mapping.Entries.Select(e => e.Key).Where(k => k is "all" or "any" or "not" or "field")];
        if (kinds.Length != 1 || (kinds[0] != "field" && mapping.Find("op") is not null))
        {
            Problem("wrongType", mapping.Place, path, "A condition is one of all, any, not, or field with op and value.");
            return null;
        }

        ConfigNode inner = mapping.Find(kinds[0])!;
        string at = Join(path, kinds[0]);
        _places[at] = inner.Place;
        switch (kinds[0])
        {
            case "not":
                return Condition(inner, at) is { } part ? new Predicate.Not(part) : null;
            case "field":
                return Test(mapping, path);
            default:
                if (inner is not ConfigNode.Sequence)
                    return (Predicate?)Wrong(inner, at, "a list of conditions");
                List<Predicate> parts = BindList<Predicate>((ConfigNode.Sequence)inner, at);
                return kinds[0] == "all" ? new Predicate.All(parts) : new Predicate.Any(parts);
        }
    }

    private Predicate.Test? Test(ConfigNode.Mapping mapping, string path)
    {
        object? field = Bind(mapping.Find("field")!, typeof(string), Join(path, "field"));
        if (mapping.Find("op") is not { } opNode)
        {
            Problem("required", mapping.Place, Join(path, "op"), "'op' must stand here, such as equals, in, gte or exists.");
            return null;
        }

        object? op = Bind(opNode, typeof(PredicateOp), Join(path, "op"));
        IReadOnlyList<string> values = mapping.Find("value") switch
        {
            null or ConfigNode.Scalar { IsNull: true } => [],
            ConfigNode.Sequence list => BindList<string>(list, Join(path, "value")),
            { } single => Bind(single, typeof(string), Join(path, "value")) is string text ? [text] : [],
        };
        return field is string name && op is PredicateOp known ? new Predicate.Test(name, known, values) : null;
    }

    /// <summary><c>{ owner: account }</c>, <c>{ owner: opportunity }</c>, <c>{ rep: R001 }</c>, <c>{ pool: inbound }</c>, <c>{ queue: review }</c> or <c>{ suppress: true }</c>.</summary>
    private RouteTarget? Target(ConfigNode node, string path)
    {
        if (node is not ConfigNode.Mapping { Entries: [{ Value: ConfigNode.Scalar { IsNull: false } value } entry] })
            return (RouteTarget?)Wrong(node, path, "one target: owner, rep, pool, queue or suppress");
        string at = Join(path, entry.Key);
        _places[at] = entry.KeyPlace;
        switch (entry.Key, value.Text)
        {
            case ("owner", "account"):
                return new RouteTarget.AccountOwner();
            case ("owner", "opportunity"):
                return new RouteTarget.OpportunityOwner();
            case ("rep", _) when IdText.IsValid(value.Text):
                return new RouteTarget.NamedRep(RepId.Parse(value.Text));
            case ("pool", _):
                return new RouteTarget.Pool(value.Text);
            case ("queue", _) when IdText.IsValid(value.Text):
                return new RouteTarget.Queue(value.Text);
            case ("suppress", "true"):
                return new RouteTarget.Suppress();
            case ("owner", _):
                return (RouteTarget?)Wrong(value, at, "account or opportunity");
            case ("suppress", _):
                return (RouteTarget?)Wrong(value, at, "true");
            case ("rep" or "queue", _):
                return (RouteTarget?)Wrong(value, at, "an id without / \\ # ?");
            default:
                Problem("unknownKey", entry.KeyPlace, at, $"'{entry.Key}' is no target{Hint(entry.Key, TargetKeys)}");
                return null;
        }
    }

    /// <summary><c>09:00-17:00</c>; the end may be 24:00.</summary>
    private object? Interval(ConfigNode node, string path)
    {
        if (node is ConfigNode.Scalar scalar && scalar.Text.Split('-', StringSplitOptions.TrimEntries) is [{ } from, { } until] && Time(from) is { } start && Time(until) is { } end)
            return new LocalInterval(start, end);
        return Wrong(node, path, "hours such as 09:00-17:00");
    }

    private static TimeSpan? Time(string text) =>
        text == "24:00" ? TimeSpan.FromDays(1)
        : TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time) ? time.ToTimeSpan()
        : null;

    /// <summary>Keys are days or spans of days, such as <c>monday</c> or <c>monday-friday</c>.</summary>
    private Dictionary<DayOfWeek, IReadOnlyList<LocalInterval>>? Week(ConfigNode node, string path)
    {
        if (node is not ConfigNode.Mapping mapping)
            return (Dictionary<DayOfWeek, IReadOnlyList<LocalInterval>>?)Wrong(node, path, "weekdays with their hours");
        Dictionary<DayOfWeek, IReadOnlyList<LocalInterval>> week = [];
        foreach (ConfigEntry entry in mapping.Entries)
        {
            string at = Join(path, entry.Key);
            _places[at] = entry.KeyPlace;
            int[] ends = [.. entry.Key.Split('-').Select(d => Array.IndexOf(Days, d))];
            if (ends.Length is 0 or > 2 || ends.Contains(-1))
            {
                Problem("unknownKey", entry.KeyPlace, at, $"'{entry.Key}' is no weekday such as monday, or monday-friday{Hint(entry.Key, Days)}");
                continue;
            }

            if (entry.Value is ConfigNode.Scalar { IsNull: true })
                continue;
            if (Bind(entry.Value, typeof(IReadOnlyList<LocalInterval>), at) is not IReadOnlyList<LocalInterval> hours)
                continue;
            for (int day = ends[0]; ; day = (day + 1) % 7)
            {
                if (!week.TryAdd((DayOfWeek)day, hours))
                    Problem("duplicateKey", entry.KeyPlace, at, $"The hours of {Days[day]} stand here twice.");
                _places.TryAdd(Join(path, Days[day]), entry.KeyPlace);
                if (day == ends[^1])
                    break;
            }
        }

        return week;
    }

    /// <summary>A <c>date</c> of one year, such as 2026-12-24, or of every year, such as 12-25; <c>closed</c> for a part of the day.</summary>
    private Holiday? HolidayOf(ConfigNode node, string path)
    {
        if (node is not ConfigNode.Mapping mapping)
            return (Holiday?)Wrong(node, path, "a holiday with name and date");
        string[] keys = [nameof(Holiday.Name), nameof(Holiday.Date), nameof(Holiday.Closed)];
        string[] names = [.. keys.Select(JsonNamingPolicy.CamelCase.ConvertName)];
        foreach (ConfigEntry unknown in mapping.Entries.Where(e => !names.Contains(e.Key, StringComparer.Ordinal)))
            Problem("unknownKey", unknown.KeyPlace, Join(path, unknown.Key), $"'{unknown.Key}' is not known in a holiday{Hint(unknown.Key, names)}");
        if (mapping.Find("name") is not { } nameNode || mapping.Find("date") is not { } dateNode)
        {
            Problem("required", mapping.Place, path, "A holiday needs a name and a date.");
            return null;
        }

        string? name = Bind(nameNode, typeof(string), Join(path, "name")) as string;
        LocalInterval? closed = mapping.Find("closed") is { } part ? Bind(part, typeof(LocalInterval), Join(path, "closed")) as LocalInterval? : null;
        string text = (dateNode as ConfigNode.Scalar)?.Text ?? "";
        bool isEveryYear = text.Length == 5;
        if (!DateOnly.TryParseExact(isEveryYear ? $"2000-{text}" : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
            return (Holiday?)Wrong(dateNode, Join(path, "date"), "a date such as 2026-12-24, or 12-25 for every year");
        return name is null ? null : new Holiday { Name = name, Date = date, EveryYear = isEveryYear, Closed = closed };
    }
}
