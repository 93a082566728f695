using System.Text;

namespace Abm.Clocks;

/// <summary>One property of an iCalendar file (RFC 5545, section 3.1).</summary>
/// <param name="Name">In capitals.</param>
/// <param name="Parameters">By name in capitals, without quotes.</param>
internal sealed record ICalendarProperty(string Name, IReadOnlyDictionary<string, string> Parameters, string Value)
{
    /// <summary>The value as a text: escapes undone.</summary>
    public string Text()
    {
        StringBuilder text = new(Value.Length);
        for (int i = 0; i < Value.Length; i++)
        {
            if (Value[i] != '\\' || i + 1 == Value.Length)
            {
                text.Append(Value[i]);
                continue;
            }

            i++;
            text.Append(Value[i] is 'n' or 'N' ? ' ' : Value[i]);
        }

        return text.ToString();
    }
}

/// <summary>Cuts an iCalendar file into events. Whatever is none of them is left alone.</summary>
internal static class ICalendarText
{
    /// <summary>The properties of each event, those of alarms within left out; and those of the calendar itself.</summary>
    /// <param name="maxEvents">More are not read.</param>
    /// <returns>Null events: it is no iCalendar file.</returns>
    public static (IReadOnlyList<IReadOnlyList<ICalendarProperty>>? Events, IReadOnlyList<ICalendarProperty> Calendar, bool IsCut) Read(string text, int maxEvents)
    {
        List<IReadOnlyList<ICalendarProperty>> events = [];
        List<ICalendarProperty> calendar = [];
        List<ICalendarProperty>? current = null;
        Stack<string> open = new();
        bool hasCalendar = false;
        foreach (string line in Unfolded(text))
        {
            if (Property(line) is not { } property)
                continue;
            string component = property.Value.Trim().ToUpperInvariant();
            switch (property.Name)
            {
                case "BEGIN":
                    hasCalendar |= component == "VCALENDAR";
                    open.Push(component);
                    if (component == "VEVENT")
                    {
                        if (events.Count >= maxEvents)
                            return (events, calendar, true);
                        current = [];
                    }

                    break;
                case "END":
                    if (component == "VEVENT" && current is not null)
                    {
                        events.Add(current);
                        current = null;
                    }

                    while (open.TryPop(out string? closed) && closed != component)
                    {
                        // a component that was not ended ends with what holds it
                    }

                    break;
                default:
                    if (open.TryPeek(out string? inside) && inside == "VEVENT")
                        current?.Add(property);
                    else if (inside == "VCALENDAR")
                        calendar.Add(property);
                    break;
            }
        }

        return (hasCalendar ? events : null, calendar, false);
    }

    /// <summary>Lines that begin with a space or a tab go on from the one before.</summary>
    private static IEnumerable<string> Unfolded(string text)
    {
        StringBuilder line = new();
        using StringReader lines = new(text.TrimStart('\uFEFF'));
        while (lines.ReadLine() is { } raw)
        {
            if (raw.StartsWith(' ') || raw.StartsWith('\t'))
            {
                line.Append(raw, 1, raw.Length - 1);
                continue;
            }

            if (line.Length > 0)
                yield return line.ToString();
            line.Clear().Append(raw);
        }

        if (line.Length > 0)
            yield return line.ToString();
    }

    private static ICalendarProperty? Property(string line)
    {
        int end = End(line, 0);
        if (end <= 0 || end == line.Length)
            return null;
        string name = line[..end].ToUpperInvariant();
        Dictionary<string, string> parameters = new(StringComparer.Ordinal);
        while (end < line.Length && line[end] == ';')
        {
            int from = end + 1;
            end = End(line, from);
            string parameter = line[from..end];
            int equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                parameters[parameter[..equals].ToUpperInvariant()] = parameter[(equals + 1)..].Trim('"');
        }

        return end < line.Length ? new ICalendarProperty(name, parameters, line[(end + 1)..]) : null;
    }

    /// <summary>The next semicolon or colon that is not quoted.</summary>
    private static int End(string line, int from)
    {
        bool isQuoted = false;
        for (int i = from; i < line.Length; i++)
        {
            if (line[i] == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && (line[i] is ';' or ':'))
                return i;
        }

        return line.Length;
    }
}
