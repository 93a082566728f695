using System.Diagnostics;
using System.Text.Json.Nodes;
using Abm.Decisions;

namespace Abm.Configuration;

/// <summary><c>{ owner: account }</c>, <c>{ owner: opportunity }</c>, <c>{ rep: R001 }</c>, <c>{ pool: inbound }</c>, <c>{ queue: review }</c>, <c>{ territory: true }</c>, <c>{ pod: true }</c> or <c>{ suppress: true }</c>.</summary>
internal sealed class TargetForm : ConfigShape
{
    private static readonly string[] Keys = ["owner", "rep", "pool", "queue", "territory", "pod", "suppress"];

    internal override object? Read(ConfigNode node, string path, ConfigReadingNotes notes)
    {
        notes.AtFirst(path, node.Place);
        if (node is not ConfigNode.Mapping { Entries: [{ Value: ConfigNode.Scalar { IsNull: false } value } entry] })
            return notes.Wrong(node, path, "one target: owner, rep, pool, queue, territory, pod or suppress");
        string at = ConfigPath.Join(path, entry.Key);
        notes.At(at, entry.KeyPlace);
        switch (entry.Key, value.Text)
        {
            case ("owner", "account"):
                return new RouteTarget.AccountOwner();
            case ("owner", "opportunity"):
                return new RouteTarget.OpportunityOwner();
            case ("rep", _) when IdText.IsValid(value.Text):
                return new RouteTarget.NamedRep(RepId.Parse(value.Text));
            case ("pool", { Length: > 0 and <= 100 }):
                return new RouteTarget.Pool(value.Text);
            case ("queue", _) when IdText.IsValid(value.Text):
                return new RouteTarget.Queue(value.Text);
            case ("territory", "true"):
                return new RouteTarget.Territory();
            case ("pod", "true"):
                return new RouteTarget.Pod();
            case ("suppress", "true"):
                return new RouteTarget.Suppress();
            case ("owner", _):
                return notes.Wrong(value, at, "account or opportunity");
            case ("suppress" or "territory" or "pod", _):
                return notes.Wrong(value, at, "true");
            case ("pool", _):
                return notes.Wrong(value, at, "the name of a pool");
            case ("rep" or "queue", _):
                return notes.Wrong(value, at, "an id without / \\ # ?");
            default:
                notes.Problem("unknownKey", entry.KeyPlace, at, $"'{entry.Key}' is no target{Nearest.Hint(entry.Key, Keys)}");
                return null;
        }
    }

    internal override ConfigNode Write(object value) => value switch
    {
        RouteTarget.AccountOwner => ConfigNode.Named(("owner", ConfigNode.OfText("account"))),
        RouteTarget.OpportunityOwner => ConfigNode.Named(("owner", ConfigNode.OfText("opportunity"))),
        RouteTarget.NamedRep rep => ConfigNode.Named(("rep", ConfigNode.OfText(rep.Rep.Value))),
        RouteTarget.Pool pool => ConfigNode.Named(("pool", ConfigNode.OfText(pool.Name))),
        RouteTarget.Queue queue => ConfigNode.Named(("queue", ConfigNode.OfText(queue.Name))),
        RouteTarget.Territory => ConfigNode.Named(("territory", ConfigNode.OfTruth(true))),
        RouteTarget.Pod => ConfigNode.Named(("pod", ConfigNode.OfTruth(true))),
        RouteTarget.Suppress => ConfigNode.Named(("suppress", ConfigNode.OfTruth(true))),
        _ => throw new UnreachableException(),
    };

    internal override string Words(object value) => value switch
    {
        RouteTarget.AccountOwner => "the account's owner",
        RouteTarget.OpportunityOwner => "whoever works the open opportunity",
        RouteTarget.NamedRep rep => $"rep {rep.Rep.Value}",
        RouteTarget.Pool pool => $"pool {pool.Name}",
        RouteTarget.Queue queue => $"queue {queue.Name}",
        RouteTarget.Territory => "whoever the territory says",
        RouteTarget.Pod => "the pod of the segment",
        RouteTarget.Suppress => "nobody, on purpose",
        _ => throw new UnreachableException(),
    };

    internal override IEnumerable<ConfigReference> References(object value, string path) =>
        value is RouteTarget.Pool pool ? [new ConfigReference(path, "pools", "pool", pool.Name, NoCycles: false)] : [];

    internal override JsonObject Schema(SchemaParts parts) => parts.Reference("Target", () => new JsonObject
    {
        ["description"] = "Where a lead goes: one of owner, rep, pool, queue, territory, pod, suppress.",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["minProperties"] = 1,
        ["maxProperties"] = 1,
        ["properties"] = new JsonObject
        {
            ["owner"] = new JsonObject { ["enum"] = new JsonArray("account", "opportunity"), ["description"] = "The account's owner, or whoever works its open opportunity." },
            ["rep"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["description"] = "One person, by id." },
            ["pool"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["description"] = "The next in turn of a pool, by its name under pools." },
            ["queue"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["description"] = "A queue where people look first." },
            ["territory"] = new JsonObject { ["const"] = true, ["description"] = "Whoever the lead's territory says; without one the next rule is tried." },
            ["pod"] = new JsonObject { ["const"] = true, ["description"] = "The pod of the segment; without one the next rule is tried." },
            ["suppress"] = new JsonObject { ["const"] = true, ["description"] = "Nobody, on purpose." },
        },
    });
}
