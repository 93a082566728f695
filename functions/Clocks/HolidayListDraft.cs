using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Abm.Configuration;
using Abm.Functions.Http;
using Abm.Ports;

namespace Abm.Functions.Clocks;

/// <summary>Puts a list of holidays into the files in force, leaving every byte outside that list as it is. Pure.</summary>
internal static class HolidayListDraft
{
    private const string Section = "holidays";
    private const string NewFile = "holidays.yaml";

    /// <param name="files">Of the version in force.</param>
    /// <param name="all">Every list as it is to be: written anew when the section cannot be changed line by line.</param>
    /// <returns>Null: a file stands where the new one would.</returns>
    public static IReadOnlyList<ConfigSourceFile>? Put(IReadOnlyList<ConfigSourceFile> files, string list, IReadOnlyDictionary<string, IReadOnlyList<Holiday>> all)
    {
        foreach (ConfigSourceFile file in files)
        {
            string[] lines = TextEncodings.StrictUtf8.GetString(file.Bytes.Span).Split('\n');
            int head = Array.FindIndex(lines, l => l.StartsWith(Section + ":", StringComparison.Ordinal));
            if (head < 0)
                continue;
            int end = End(lines, head + 1, 0);
            string ending = lines[0].EndsWith('\r') ? "\r" : "";
            (int from, int until, IEnumerable<string> written) = Place(lines, head, end, list, all);
            string text = string.Join('\n', [.. lines[..from], .. written.Select(l => l + ending), .. lines[until..]]);
            return [.. files.Select(f => ReferenceEquals(f, file) ? new ConfigSourceFile(f.Name, Encoding.UTF8.GetBytes(text)) : f)];
        }

        return files.Any(f => string.Equals(f.Name, NewFile, StringComparison.OrdinalIgnoreCase))
            ? null
            : [.. files, new ConfigSourceFile(NewFile, Encoding.UTF8.GetBytes(string.Join('\n', Whole(all)) + "\n"))];
    }

    /// <summary>Which lines are replaced, and by what: the list alone where it stands in lines of its own, else the whole section.</summary>
    private static (int From, int Until, IEnumerable<string> Lines) Place(string[] lines, int head, int end, string list, IReadOnlyDictionary<string, IReadOnlyList<Holiday>> all)
    {
        string rest = WithoutComment(lines[head][(Section.Length + 1)..]);
        string? first = lines[(head + 1)..end].FirstOrDefault(l => !string.IsNullOrWhiteSpace(l) && l.TrimStart()[0] != '#');
        int indent = first is null ? 0 : first.Length - first.TrimStart().Length;
        if (rest.Length > 0 || indent == 0)
            return (head, end, Whole(all));
        string pad = new(' ', indent);
        int at = Array.FindIndex(lines, head + 1, end - head - 1, l => Names(l, pad, list));
        if (at < 0)
            return (end, end, Block(list, all[list], pad));
        return WithoutComment(lines[at][(lines[at].IndexOf(':', StringComparison.Ordinal) + 1)..]).Length > 0
            ? (head, end, Whole(all)) // it stands in one line, which may go on in the next
            : (at, End(lines, at + 1, indent), Block(list, all[list], pad));
    }

    private static bool Names(string line, string pad, string list) =>
        line.StartsWith(pad, StringComparison.Ordinal) && line[pad.Length..] is var own
        && (own.StartsWith(list + ":", StringComparison.Ordinal) || own.StartsWith($"\"{list}\":", StringComparison.Ordinal) || own.StartsWith($"'{list}':", StringComparison.Ordinal));

    /// <summary>The first line after the block: one that is indented no more than its head. Blank lines and comments before it belong to what follows.</summary>
    private static int End(string[] lines, int from, int indent)
    {
        int end = Array.FindIndex(lines, from, l => !string.IsNullOrWhiteSpace(l) && l.TrimStart()[0] != '#' && l.Length - l.TrimStart().Length <= indent && !(l.TrimStart()[0] == '-' && l.Length - l.TrimStart().Length == indent));
        if (end < 0)
            end = lines.Length;
        while (end > from && (string.IsNullOrWhiteSpace(lines[end - 1]) || lines[end - 1].TrimStart().StartsWith('#')))
            end--;
        return end;
    }

    private static IEnumerable<string> Whole(IReadOnlyDictionary<string, IReadOnlyList<Holiday>> all) =>
        all.OrderBy(l => l.Key, StringComparer.Ordinal).SelectMany(l => Block(l.Key, l.Value, "  ")).Prepend(Section + ":");

    private static IEnumerable<string> Block(string list, IReadOnlyList<Holiday> holidays, string pad)
    {
        string name = JsonValue.Create(list).ToJsonString(ApiJson.Options);
        return holidays.Count == 0 ? [$"{pad}{name}: []"] : holidays.Select(h => $"{pad}  - {Entry(h)}").Prepend($"{pad}{name}:");
    }

    /// <summary>JSON is YAML: one line, every text quoted.</summary>
    private static string Entry(Holiday holiday)
    {
        JsonObject entry = new()
        {
            ["name"] = holiday.Name,
            ["date"] = holiday.Date.ToString(holiday.EveryYear ? "MM-dd" : "yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        if (holiday.Closed is { } closed)
            entry["closed"] = $"{Time(closed.From)}-{Time(closed.Until)}";
        return entry.ToJsonString(ApiJson.Options);
    }

    private static string Time(TimeSpan time)
    {
        TimeSpan ofDay = time > TimeSpan.FromDays(1) ? time - TimeSpan.FromDays(1) : time;
        return string.Create(CultureInfo.InvariantCulture, $"{(int)ofDay.TotalHours:00}:{ofDay.Minutes:00}");
    }

    private static string WithoutComment(string text) => text.TrimStart() is var rest && rest.StartsWith('#') ? "" : rest.Trim();
}
