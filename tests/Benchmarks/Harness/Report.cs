using System.Text;

namespace Abm.Benchmarks.Harness;

/// <summary>The output as Markdown; every line is shown as soon as it is known.</summary>
internal sealed class Report(TextWriter screen)
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    public void Section(string title)
    {
        Line("");
        Line($"## {title}");
        Line("");
    }

    public void Table(params string[] columns)
    {
        Line("");
        Row(columns);
        Line("|" + string.Concat(columns.Select(_ => "---|")));
    }

    public void Row(params string[] cells) => Line("| " + string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))) + " |");

    public void Line(string text)
    {
        _text.Append(text).Append('\n');
        screen.WriteLine(text);
    }

    /// <summary>What goes on, for who watches; not part of the report.</summary>
    public static void Note(string text) => Console.Error.WriteLine($"… {text}");
}
