using Abm.Configuration;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Abm.Functions.Configuration;

/// <summary>Reads one YAML text into nodes. Takes plain data only: no aliases, anchors, tags, merge keys or second documents; bounded in size, depth and number.</summary>
internal sealed class YamlNodes
{
    /// <summary>Longest file, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int MaxDepth = 40;
    private const int MaxNodes = 100_000;

    private readonly string _file;
    private readonly Parser _parser;
    private readonly List<ConfigFileProblem> _problems;
    private int _nodes;

    private YamlNodes(string file, string text, List<ConfigFileProblem> problems)
    {
        _file = file;
        _parser = new Parser(new StringReader(text));
        _problems = problems;
    }

    /// <summary>The document's named values; null when there are none or it cannot be read, in which case the problems say why.</summary>
    public static ConfigNode.Mapping? Read(string file, string text, List<ConfigFileProblem> problems)
    {
        try
        {
            return new YamlNodes(file, text, problems).Document();
        }
        catch (YamlException e)
        {
            // The reader names the start of the file for a tab, of all things the one that cannot be seen.
            problems.Add(FirstTab(text) is { } tab
                ? new ConfigFileProblem("tab", file, tab.Line, tab.Column, "", "Lines are indented with spaces, not with tabs.")
                : new ConfigFileProblem("syntax", file, e.End.Line, e.End.Column, "", e.Message));
            return null;
        }
        catch (TooMuchException)
        {
            return null;
        }
    }

    private static (int Line, int Column)? FirstTab(string text)
    {
        string[] lines = text.Split('\n');
        for (int line = 0; line < lines.Length; line++)
        {
            int indent = lines[line].Length - lines[line].TrimStart().Length;
            int tab = lines[line].IndexOf('\t', 0, indent);
            if (tab >= 0)
                return (line + 1, tab + 1);
        }

        return null;
    }

    private ConfigNode.Mapping? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
            return null;
        _parser.Consume<DocumentStart>();
        ConfigNode root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out DocumentStart? second))
            Problem("secondDocument", second, "A file holds one document.");
        switch (root)
        {
            case ConfigNode.Mapping mapping:
                return mapping;
            case ConfigNode.Scalar { IsNull: true }:
                return null;
            default:
                _problems.Add(new ConfigFileProblem("wrongType", _file, root.Place.Line, root.Place.Column, "", $"A file holds named sections, not {root.KindName}."));
                return null;
        }
    }

    private ConfigNode Node(int depth)
    {
        ParsingEvent start = _parser.Current!;
        if (depth > MaxDepth)
            throw TooMuch(start, $"Values may be nested {MaxDepth} deep.");
        if (++_nodes > MaxNodes)
            throw TooMuch(start, $"A file may hold {MaxNodes} values.");
        ConfigPlace place = Place(start);
        if (start is AnchorAlias alias)
        {
            _parser.MoveNext();
            Problem("alias", alias, "Aliases are not taken: write the value where it is used.");
            return new ConfigNode.Scalar("", IsNull: true, place);
        }

        if (start is NodeEvent { Anchor.IsEmpty: false })
            Problem("anchor", start, "Anchors are not taken: write the value where it is used.");
        if (start is NodeEvent { Tag.IsEmpty: false } tagged && tagged.Tag.Value != "!")
            Problem("tag", start, "Tags are not taken: plain values only.");
        if (start is Scalar scalar)
        {
            _parser.MoveNext();
            return new ConfigNode.Scalar(scalar.Value, scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null", place);
        }

        return _parser.TryConsume<SequenceStart>(out _) ? Sequence(place, depth) : Mapping(place, depth);
    }

    private ConfigNode.Sequence Sequence(ConfigPlace place, int depth)
    {
        List<ConfigNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(depth + 1));
        return new ConfigNode.Sequence(items, place);
    }

    private ConfigNode.Mapping Mapping(ConfigPlace place, int depth)
    {
        _parser.Consume<MappingStart>();
        Dictionary<string, ConfigEntry> entries = new(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            ParsingEvent at = _parser.Current!;
            ConfigNode key = Node(depth + 1);
            ConfigNode value = Node(depth + 1);
            if (key is not ConfigNode.Scalar { IsNull: false } name)
                Problem("badKey", at, "A key is a text.");
            else if (!entries.TryAdd(name.Text, new ConfigEntry(name.Text, key.Place, value)))
                Problem("duplicateKey", at, $"'{name.Text}' stands here twice, first in line {entries[name.Text].KeyPlace.Line}.");
        }

        return new ConfigNode.Mapping([.. entries.Values], place);
    }

    private ConfigPlace Place(ParsingEvent at) => new(_file, at.Start.Line, at.Start.Column);

    private void Problem(string code, ParsingEvent at, string message) =>
        _problems.Add(new ConfigFileProblem(code, _file, at.Start.Line, at.Start.Column, "", message));

    private TooMuchException TooMuch(ParsingEvent at, string message)
    {
        Problem("tooLarge", at, message);
        return new TooMuchException();
    }

    private sealed class TooMuchException : Exception;
}
