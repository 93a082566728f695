using System.Text.Json;
using Abm.Configuration;

namespace Abm.Plays;

/// <summary>A play that is written down outside a configuration, to be tried before it is part of one.</summary>
public static class PlayDefinition
{
    private const string File = "definition";

    /// <summary>Reads one play as it would stand under <c>plays</c>, and checks it beside everything else that the configuration has.</summary>
    /// <returns>The play and the configuration with it; null with every problem when it could not be used.</returns>
    public static (PlayRules? Play, AbmConfig Config, IReadOnlyList<ConfigProblem> Problems) Read(JsonElement definition, AbmConfig config)
    {
        List<ConfigFileProblem> read = [];
        ConfigReadingNotes notes = new(read);
        PlayRules? play = ConfigModel.Of<PlayRules>().Read(NodeOf(definition), "", notes) as PlayRules;
        if (play is null || read.Count > 0)
            return (null, config, [.. read.Select(p => new ConfigProblem(p.Code, p.Path, p.Message))]);
        PlayRules[] others = [.. config.Plays.Where(p => p.Name != play.Name)];
        AbmConfig tried = config with { Plays = [.. others, play] };
        string own = $"plays[{others.Length}]";
        ConfigProblem[] problems =
        [
            .. ConfigCheck.Problems(tried).Where(p => p.Path.StartsWith(own, StringComparison.Ordinal)).Select(p => p with { Path = p.Path[own.Length..].TrimStart('.') }),
        ];
        return problems.Length > 0 ? (null, config, problems) : (play, tried, []);
    }

    private static ConfigNode NodeOf(JsonElement element)
    {
        ConfigPlace place = new(File, 0, 0);
        return element.ValueKind switch
        {
            JsonValueKind.Object => new ConfigNode.Mapping([.. element.EnumerateObject().DistinctBy(p => p.Name, StringComparer.Ordinal).Select(p => new ConfigEntry(p.Name, place, NodeOf(p.Value)))], place),
            JsonValueKind.Array => new ConfigNode.Sequence([.. element.EnumerateArray().Select(NodeOf)], place),
            JsonValueKind.String => new ConfigNode.Scalar(element.GetString()!, IsNull: false, place),
            JsonValueKind.Number => new ConfigNode.Scalar(element.GetRawText(), IsNull: false, place, ScalarKind.Number),
            JsonValueKind.True or JsonValueKind.False => new ConfigNode.Scalar(element.GetRawText(), IsNull: false, place, ScalarKind.Truth),
            _ => new ConfigNode.Scalar("", IsNull: true, place),
        };
    }
}
