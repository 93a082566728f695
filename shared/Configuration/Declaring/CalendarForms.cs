using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Abm.Configuration;

/// <summary><c>09:00-17:00</c>; the end may be 24:00, and one before the beginning lies in the next day: <c>22:00-06:00</c>.</summary>
internal sealed class HoursForm : ConfigShape
{
    internal override object? Read(ConfigNode node, string path, ConfigReadingNotes notes) =>
        node is ConfigNode.Scalar scalar && scalar.Text.Split('-', StringSplitOptions.TrimEntries) is [{ } from, { } until] && Time(from) is { } start && Time(until) is { } end
            ? new LocalInterval(start, end < start ? end + TimeSpan.FromDays(1) : end)
            : notes.Wrong(node, path, "hours such as 09:00-17:00");

    internal override ConfigNode Write(object value)
    {
        LocalInterval hours = (LocalInterval)value;
        return ConfigNode.OfText($"{Text(hours.From)}-{Text(hours.Until)}");
    }

    internal override string Words(object value)
    {
        LocalInterval hours = (LocalInterval)value;
        return $"{Text(hours.From)}–{Text(hours.Until)}";
    }

    internal override JsonObject Schema(SchemaParts parts) => new()
    {
        ["type"] = "string",
        ["pattern"] = "^ *([01]?[0-9]|2[0-3]):[0-5][0-9] *- *(([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00) *$",
        ["examples"] = new JsonArray("09:00-17:00"),
    };

    private static string Text(TimeSpan time)
    {
        TimeSpan ofDay = time > TimeSpan.FromDays(1) ? time - TimeSpan.FromDays(1) : time;
        return string.Create(CultureInfo.InvariantCulture, $"{(int)ofDay.TotalHours:00}:{ofDay.Minutes:00}");
    }

    private static TimeSpan? Time(string text) =>
        text == "24:00" ? TimeSpan.FromDays(1)
        : TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time) ? time.ToTimeSpan()
        : null;
}

/// <summary>Keys are days or spans of days, such as <c>monday</c> or <c>monday-friday</c>; written back day by day.</summary>
internal sealed class WeekForm : ConfigShape
{
    private static readonly string[] Days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    private static readonly DayOfWeek[] FromMonday = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];
    private static readonly ConfigShape Hours = ConfigModel.For(typeof(IReadOnlyList<LocalInterval>));

    internal override object? Read(ConfigNode node, string path, ConfigReadingNotes notes)
    {
        if (node is not ConfigNode.Mapping mapping)
            return notes.Wrong(node, path, "weekdays with their hours");
        Dictionary<DayOfWeek, IReadOnlyList<LocalInterval>> week = [];
        foreach (ConfigEntry entry in mapping.Entries)
        {
            string at = ConfigPath.Join(path, entry.Key);
            notes.At(at, entry.KeyPlace);
            int[] ends = [.. entry.Key.Split('-').Select(d => Array.IndexOf(Days, d))];
            if (ends.Length is 0 or > 2 || ends.Contains(-1))
            {
                notes.Problem("unknownKey", entry.KeyPlace, at, $"'{entry.Key}' is no weekday such as monday, or monday-friday{Nearest.Hint(entry.Key, Days)}");
                continue;
            }

            if (entry.Value is ConfigNode.Scalar { IsNull: true } || Hours.Read(entry.Value, at, notes) is not IReadOnlyList<LocalInterval> hours)
                continue;
            for (int day = ends[0]; ; day = (day + 1) % 7)
            {
                if (!week.TryAdd((DayOfWeek)day, hours))
                    notes.Problem("duplicateKey", entry.KeyPlace, at, $"The hours of {Days[day]} stand here twice.");
                notes.AtFirst(ConfigPath.Join(path, Days[day]), entry.KeyPlace);
                if (day == ends[^1])
                    break;
            }
        }

        return week;
    }

    internal override ConfigNode Write(object value)
    {
        var week = (IReadOnlyDictionary<DayOfWeek, IReadOnlyList<LocalInterval>>)value;
        return ConfigNode.Named(week.OrderBy(d => Days[(int)d.Key], StringComparer.Ordinal).Select(d => (Days[(int)d.Key], Hours.Write(d.Value))));
    }

    /// <summary>Days with the same hours are said together.</summary>
    internal override string Words(object value)
    {
        var week = (IReadOnlyDictionary<DayOfWeek, IReadOnlyList<LocalInterval>>)value;
        List<(DayOfWeek From, DayOfWeek To, string Hours)> spans = [];
        foreach (DayOfWeek day in FromMonday)
        {
            string hours = week.TryGetValue(day, out IReadOnlyList<LocalInterval>? open) && open.Count > 0 ? Hours.Words(open).Replace("; ", " and ", StringComparison.Ordinal) : "closed";
            if (spans.Count > 0 && spans[^1].Hours == hours)
                spans[^1] = spans[^1] with { To = day };
            else
                spans.Add((day, day, hours));
        }

        return string.Join("; ", spans.Select(s => $"{(s.From == s.To ? $"{s.From}" : $"{s.From} to {s.To}")} {s.Hours}"));
    }

    internal override JsonObject Schema(SchemaParts parts)
    {
        string day = string.Join('|', Days);
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Days or spans of days, such as monday-friday, with their hours. A day that is not named is closed.",
            ["additionalProperties"] = false,
            ["patternProperties"] = new JsonObject
            {
                [$"^({day})(-({day}))?$"] = new JsonObject { ["anyOf"] = new JsonArray(Hours.Schema(parts), new JsonObject { ["type"] = "null" }) },
            },
        };
    }
}

/// <summary>A <c>date</c> of one year, such as 2026-12-24, or of every year, such as 12-25; <c>closed</c> for a part of the day.</summary>
internal sealed class HolidayForm : ConfigShape
{
    private static readonly string[] Keys = ["name", "date", "closed"];
    private static readonly ConfigShape Text = ConfigModel.For(typeof(string));
    private static readonly ConfigShape Hours = ConfigModel.For(typeof(LocalInterval));

    internal override object? Read(ConfigNode node, string path, ConfigReadingNotes notes)
    {
        notes.AtFirst(path, node.Place);
        if (node is not ConfigNode.Mapping mapping)
            return notes.Wrong(node, path, "a holiday with name and date");
        notes.RefuseOthers(mapping, path, Keys, "in a holiday");
        if (mapping.Find("name") is not { } nameNode || mapping.Find("date") is not { } dateNode)
        {
            notes.Problem("required", mapping.Place, path, "A holiday needs a name and a date.");
            return null;
        }

        string? name = Text.Read(nameNode, ConfigPath.Join(path, "name"), notes) as string;
        LocalInterval? closed = null;
        if (mapping.Find("closed") is { } part and not ConfigNode.Scalar { IsNull: true })
        {
            notes.At(ConfigPath.Join(path, "closed"), part.Place);
            closed = Hours.Read(part, ConfigPath.Join(path, "closed"), notes) as LocalInterval?;
        }

        string text = (dateNode as ConfigNode.Scalar)?.Text ?? "";
        bool isEveryYear = text.Length == 5;
        if (!DateOnly.TryParseExact(isEveryYear ? $"2000-{text}" : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
            return notes.Wrong(dateNode, ConfigPath.Join(path, "date"), "a date such as 2026-12-24, or 12-25 for every year");
        return name is null ? null : new Holiday { Name = name, Date = date, EveryYear = isEveryYear, Closed = closed };
    }

    internal override ConfigNode Write(object value)
    {
        Holiday holiday = (Holiday)value;
        return ConfigNode.Named(
            ("name", ConfigNode.OfText(holiday.Name)),
            ("date", ConfigNode.OfText(holiday.Date.ToString(holiday.EveryYear ? "MM-dd" : "yyyy-MM-dd", CultureInfo.InvariantCulture))),
            ("closed", holiday.Closed is { } closed ? Hours.Write(closed) : ConfigNode.Nothing));
    }

    internal override string Words(object value)
    {
        Holiday holiday = (Holiday)value;
        string date = holiday.Date.ToString(holiday.EveryYear ? "d MMMM" : "d MMMM yyyy", CultureInfo.InvariantCulture);
        return $"{holiday.Name} on {date}{(holiday.EveryYear ? " every year" : "")}{(holiday.Closed is { } part ? $", {Hours.Words(part)} only" : "")}";
    }

    internal override JsonObject Schema(SchemaParts parts) => parts.Reference("Holiday", () => new JsonObject
    {
        ["description"] = "A day, or a part of it, on which nobody works.",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = new JsonArray("name", "date"),
        ["properties"] = new JsonObject
        {
            ["name"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["description"] = "Shown where it moves a deadline." },
            ["date"] = new JsonObject { ["type"] = "string", ["pattern"] = "^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$", ["description"] = "Of one year, such as 2026-12-24, or of every year, such as 12-25." },
            ["closed"] = new JsonObject { ["anyOf"] = new JsonArray(Hours.Schema(parts), new JsonObject { ["type"] = "null" }), ["description"] = "The part of the day that is closed; not set: all of it." },
        },
    });
}
