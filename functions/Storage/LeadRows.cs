using Abm.Clocks;
using Abm.Decisions;
using Abm.Functions.Storage.Decisions;
using Abm.Journeys;
using Abm.Leads;
using Abm.Plays;
using Abm.Ports;
using Abm.Replays;
using Abm.Routing;
using Azure.Data.Tables;

namespace Abm.Functions.Storage;

/// <summary>A lead as a row, and back. Columns that may be emptied later hold the empty text instead: a merge cannot remove a column.</summary>
internal static class LeadRows
{
    private const string Inputs = "In";
    private const string Doc = "Doc";

    public static TableEntity NewLead(Lead lead, string fingerprint)
    {
        TableEntity row = new(LeadsKeys.PartitionOf(lead.Id), LeadsKeys.Lead(lead.Id))
        {
            ["State"] = nameof(LeadState.Received),
            ["Fingerprint"] = fingerprint,
            ["ReceivedAt"] = lead.ReceivedAt,
            ["Source"] = lead.Submitted.Source,
        };
        row.SetText(Doc, StoredJson.Write(LeadDocument.From(lead)));
        return row;
    }

    /// <summary>By which a lead is found when its person asks.</summary>
    public static TableEntity Person(LeadId id, string person) => new(LeadsKeys.PartitionOf(id), LeadsKeys.Person(person, id)) { ["LeadId"] = id.Value };

    public static TableEntity Undecided(Lead lead) => new(LeadsKeys.PartitionOf(lead.Id), LeadsKeys.Undecided(lead.Id, lead.ReceivedAt))
    {
        ["LeadId"] = lead.Id.Value,
        ["Source"] = lead.Submitted.Source,
        ["ReceivedAt"] = lead.ReceivedAt,
        ["QueuedAt"] = lead.ReceivedAt,
        ["Requeued"] = 0,
        ["Parked"] = false,
    };

    public static UndecidedLead ToUndecided(TableEntity row) => new(
        LeadId.Parse(row.GetString("LeadId")!),
        row.GetDateTimeOffset("ReceivedAt")!.Value,
        row.GetString("Source")!,
        row.GetDateTimeOffset("QueuedAt")!.Value,
        row.GetInt32("Requeued") ?? 0);

    /// <summary>The columns that a first decision sets.</summary>
    public static TableEntity Decided(JourneyDecision decision)
    {
        PlayStartInput? play = PlayStart.From(decision);
        return new TableEntity(LeadsKeys.PartitionOf(decision.Lead.Id), LeadsKeys.Lead(decision.Lead.Id))
        {
            ["State"] = nameof(LeadState.Decided),
            ["DecisionId"] = decision.DecisionId,
            ["Outcome"] = decision.Outcome,
            ["AccountId"] = (decision.Match as Matching.MatchDecision.Matched)?.Account.Value ?? "",
            ["OwnerId"] = (decision.Route as RouteDecision.Assigned)?.Owner.Value ?? "",
            ["ConfigVersion"] = decision.ConfigVersion,
            ["Plays"] = StoredJson.Write<PlayDocumentRef[]>(play is null ? [] : [new PlayDocumentRef(play.PlayId, play.Play, PlayStatus.Pending)]),
        };
    }

    public static TableEntity Decision(JourneyDecision decision)
    {
        TableEntity row = new(LeadsKeys.PartitionOf(decision.Lead.Id), LeadsKeys.Decision(decision.Lead.Id, decision.DecisionId))
        {
            ["DecidedAt"] = decision.DecidedAt,
            ["Outcome"] = decision.Outcome,
            ["ConfigVersion"] = decision.ConfigVersion,
            ["DocVersion"] = DecisionDocument.CurrentVersion,
        };
        row.SetText(Doc, DecisionDocument.Write(decision));
        return row;
    }

    /// <summary>The decision in the log, with everything it was made from.</summary>
    public static TableEntity Log(JourneyDecision decision)
    {
        TableEntity row = new(LeadsKeys.PartitionOf(decision.Lead.Id), LeadsKeys.Log(decision.DecidedAt, decision.DecisionId))
        {
            ["LeadId"] = decision.Lead.Id.Value,
            ["DecisionId"] = decision.DecisionId,
            ["DecidedAt"] = decision.DecidedAt,
            ["ConfigVersion"] = decision.ConfigVersion,
            ["Outcome"] = decision.Outcome,
            ["Source"] = decision.Lead.Submitted.Source,
            ["IsTest"] = decision.Lead.Submitted.IsTest,
            ["Level"] = decision.Score.Level,
            ["Route"] = decision.Route.GetType().Name,
            ["Play"] = (decision.Play as PlayDecision.Start)?.Play ?? "",
        };
        if (decision.Inputs is not { } inputs)
            return row;
        if ((decision.Match as Matching.MatchDecision.Matched)?.Account is { } account && inputs.Accounts.Accounts.FirstOrDefault(a => a.Id == account) is { } matched)
            row["Tier"] = matched.Tier.ToString();
        byte[] packed = InputsPacking.Pack(inputs);
        if (packed.Length <= StoredBytes.Max)
            row.SetBytes(Inputs, packed);
        return row;
    }

    /// <param name="accounts">Shared by whoever reads many.</param>
    public static DecisionEntry ToEntry(TableEntity row, InputsPacking.AccountTexts? accounts = null)
    {
        DecisionInputs? inputs;
        try
        {
            inputs = row.GetBytes(Inputs) is { } packed ? InputsPacking.Unpack(packed, accounts) : null;
        }
        catch (System.Text.Json.JsonException)
        {
            inputs = null; // of a later build
        }

        return new DecisionEntry(
            LeadId.Parse(row.GetString("LeadId")!), row.GetString("DecisionId")!, row.GetDateTimeOffset("DecidedAt")!.Value, row.GetString("ConfigVersion")!, inputs);
    }

    public static JourneyDecision ToDecision(TableEntity row) => DecisionDocument.Read(row.GetText(Doc)!);

    public static LeadRecord ToRecord(TableEntity row)
    {
        // A decision that was on its way while a person chose must not hide the choice.
        AccountId? pinned = row.GetOptional("PinnedAccountId") is { } chosen ? AccountId.Parse(chosen) : null;
        return new LeadRecord(
            StoredJson.Read<LeadDocument>(row.GetText(Doc)!).ToLead(),
            Enum.Parse<LeadState>(row.GetString("State")!),
            row.GetOptional("DecisionId"),
            pinned is not null && row.GetOptional("Outcome") is not null ? "matched" : row.GetOptional("Outcome"),
            pinned ?? (row.GetOptional("AccountId") is { } account ? AccountId.Parse(account) : null),
            row.GetOptional("OwnerId") is { } owner ? RepId.Parse(owner) : null,
            row.GetOptional("ConfigVersion"))
        {
            PinnedAccountId = pinned,
            IsIgnored = pinned is null && row.GetBoolean("Ignored") == true,
        };
    }

    public static LeadFile ToFile(TableEntity row)
    {
        LeadRecord lead = ToRecord(row);
        return new LeadFile(
            lead,
            row.GetOptional("Plays") is { } plays ? [.. StoredJson.Read<PlayDocumentRef[]>(plays).Select(p => new PlayRecord(p.PlayId, p.Name, p.Status))] : [],
            row.GetOptional("Clocks") is { } clocks ? [.. StoredJson.Read<ClockDocument[]>(clocks).Select(c => c.ToClock())] : [],
            row.GetDateTimeOffset("FirstTouchAt"),
            row.GetOptional("Disposition") is { } kind ? new LeadDisposition(Enum.Parse<PlayStopKind>(kind), row.GetDateTimeOffset("DisposedAt")!.Value) : null,
            row.ETag.ToString());
    }

    /// <summary>The columns of a file that change after the decision.</summary>
    public static TableEntity Changed(LeadFile file)
    {
        LeadId id = file.Lead.Lead.Id;
        TableEntity row = new(LeadsKeys.PartitionOf(id), LeadsKeys.Lead(id))
        {
            ["OwnerId"] = file.Lead.OwnerId?.Value ?? "",
            ["Plays"] = StoredJson.Write(file.Plays.Select(p => new PlayDocumentRef(p.PlayId, p.Name, p.Status)).ToArray()),
            ["Clocks"] = StoredJson.Write(file.Clocks.Select(ClockDocument.From).ToArray()),
        };
        if (file.Disposition is { } disposition)
        {
            row["Disposition"] = disposition.Kind.ToString();
            row["DisposedAt"] = disposition.At;
        }

        if (file.FirstTouchAt is { } touched)
            row["FirstTouchAt"] = touched; // once set it stays
        if (file.Lead.PinnedAccountId is { } pinned)
            row["PinnedAccountId"] = pinned.Value;
        if (file.Lead.IsIgnored)
            row["Ignored"] = true;
        return row;
    }

    public static TableEntity Event(LeadId id, LeadEvent happened)
    {
        TableEntity row = new(LeadsKeys.PartitionOf(id), LeadsKeys.Event(id, happened.EventId))
        {
            ["EventId"] = happened.EventId,
            ["Kind"] = happened.Kind,
            ["At"] = happened.At,
            ["By"] = happened.By ?? "",
        };
        row.SetText("Details", StoredJson.Write(happened.Details));
        return row;
    }

    public static LeadEvent ToEvent(TableEntity row) => new(
        row.GetString("EventId")!,
        row.GetString("Kind")!,
        row.GetDateTimeOffset("At")!.Value,
        row.GetOptional("By"),
        StoredJson.Read<Dictionary<string, string>>(row.GetText("Details")!));

    private sealed record PlayDocumentRef(string PlayId, string Name, PlayStatus Status);
}
