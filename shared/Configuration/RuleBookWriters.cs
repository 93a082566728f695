using System.Globalization;
using System.Net;
using System.Text;

namespace Abm.Configuration;

/// <summary>A rule book as Markdown.</summary>
internal static class MarkdownBook
{
    public static string Write(IReadOnlyList<BookPart> book)
    {
        StringBuilder text = new();
        foreach (BookPart part in book)
        {
            switch (part)
            {
                case BookPart.Heading heading:
                    text.Append('#', heading.Level).Append(' ').Append(Escape(heading.Text)).Append("\n\n");
                    break;
                case BookPart.Note note:
                    text.Append(note.IsWarning ? "**" : "").Append(Escape(note.Text)).Append(note.IsWarning ? "**" : "").Append("\n\n");
                    break;
                case BookPart.Table table:
                    text.Append("| | |\n|---|---|\n");
                    foreach ((string label, string value) in table.Rows)
                        text.Append("| ").Append(Escape(label)).Append(" | ").Append(Escape(value)).Append(" |\n");
                    text.Append('\n');
                    break;
                case BookPart.Items items:
                    Items(items, text);
                    break;
            }
        }

        return text.ToString();
    }

    private static void Items(BookPart.Items items, StringBuilder text)
    {
        for (int i = 0; i < items.Entries.Count; i++)
        {
            BookPart.Item item = items.Entries[i];
            string mark = items.IsNumbered ? string.Create(CultureInfo.InvariantCulture, $"{i + 1}. ") : "- ";
            string title = item.Title.Length == 0 ? "" : $"**{Escape(item.Title)}**{(item.Text.Length > 0 ? " " : "")}";
            text.Append(mark).Append(title).Append(Escape(item.Text)).Append('\n');
            foreach ((string label, string value) in item.Detail)
                text.Append(' ', mark.Length).Append("- ").Append(Escape(label)).Append(": ").Append(Escape(value)).Append('\n');
        }

        text.Append('\n');
    }

    /// <summary>Every character that can mean something in Markdown is written so that it means itself; line ends become spaces.</summary>
    internal static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length + 8);
        foreach (char c in text)
        {
            if (c is '\n' or '\r' or '\t' || char.IsControl(c))
                escaped.Append(' ');
            else if (c == '<')
                escaped.Append("&lt;");
            else if (c == '>')
                escaped.Append("&gt;");
            else if (c == '&')
                escaped.Append("&amp;");
            else if ("\\`*_{}[]()#!|~+".Contains(c, StringComparison.Ordinal))
                escaped.Append('\\').Append(c);
            else
                escaped.Append(c);
        }

        // At the start of a line these begin lists and headings; an address links itself.
        if (escaped.Length > 0 && escaped[0] is '-' or '=')
            escaped.Insert(0, '\\');
        return escaped.ToString().Replace("://", ":\u200B//", StringComparison.Ordinal);
    }
}

/// <summary>A rule book as a page.</summary>
internal static class HtmlBook
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2430;background:#fff}" +
        "h1{margin-bottom:.5rem}h2{margin-top:2.5rem;border-bottom:1px solid #d5dae1;padding-bottom:.25rem}" +
        "table{border-collapse:collapse;margin:.75rem 0}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #e8ebef}th{font-weight:600}" +
        "li{margin:.4rem 0}ul ul,ol ul{margin:.2rem 0}.overdue{color:#a11212;font-weight:600}nav li{margin:0}" +
        "@media(prefers-color-scheme:dark){body{color:#e6e9ee;background:#14181e}h2,th,td{border-color:#39414d}.overdue{color:#ff9b9b}a{color:#9cc4ff}}@media print{nav{display:none}}";

    public static string Write(IReadOnlyList<BookPart> book)
    {
        StringBuilder text = new();
        text.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Rule book</title>\n<style>")
            .Append(Style).Append("</style>\n</head>\n<body>\n<main>\n");
        int chapter = 0;
        bool hasContents = false;
        foreach (BookPart part in book)
        {
            if (part is BookPart.Heading { Level: 2 } && !hasContents)
            {
                hasContents = true;
                Contents(book, text);
            }

            chapter += part is BookPart.Heading { Level: 2 } ? 1 : 0;
            Part(part, chapter, text);
        }

        return text.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Contents(IReadOnlyList<BookPart> book, StringBuilder text)
    {
        text.Append("<nav aria-label=\"Contents\">\n<ul>\n");
        int chapter = 0;
        foreach (BookPart.Heading heading in book.OfType<BookPart.Heading>().Where(h => h.Level == 2))
            text.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#s{++chapter}\">{Escape(heading.Text)}</a></li>\n");
        text.Append("</ul>\n</nav>\n");
    }

    private static void Part(BookPart part, int chapter, StringBuilder text)
    {
        switch (part)
        {
            case BookPart.Heading heading:
                string id = heading.Level == 2 ? string.Create(CultureInfo.InvariantCulture, $" id=\"s{chapter}\"") : "";
                int level = Math.Min(heading.Level, 6);
                text.Append(CultureInfo.InvariantCulture, $"<h{level}{id}>{Escape(heading.Text)}</h{level}>\n");
                break;
            case BookPart.Note note:
                text.Append(note.IsWarning ? "<p class=\"overdue\">" : "<p>").Append(Escape(note.Text)).Append("</p>\n");
                break;
            case BookPart.Table table:
                text.Append("<table>\n");
                foreach ((string label, string value) in table.Rows)
                    text.Append("<tr><th scope=\"row\">").Append(Escape(label)).Append("</th><td>").Append(Escape(value)).Append("</td></tr>\n");
                text.Append("</table>\n");
                break;
            case BookPart.Items items:
                string list = items.IsNumbered ? "ol" : "ul";
                text.Append('<').Append(list).Append(">\n");
                foreach (BookPart.Item item in items.Entries)
                    Item(item, text);
                text.Append("</").Append(list).Append(">\n");
                break;
        }
    }

    private static void Item(BookPart.Item item, StringBuilder text)
    {
        text.Append("<li>");
        if (item.Title.Length > 0)
            text.Append("<strong>").Append(Escape(item.Title)).Append("</strong> ");
        text.Append(Escape(item.Text));
        if (item.Detail.Count > 0)
        {
            text.Append("\n<ul>\n");
            foreach ((string label, string value) in item.Detail)
                text.Append("<li>").Append(Escape(label)).Append(": ").Append(Escape(value)).Append("</li>\n");
            text.Append("</ul>\n");
        }

        text.Append("</li>\n");
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
