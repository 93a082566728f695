using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Journeys;
using Abm.Functions.Messages;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.Ports;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Rematch;

/// <summary>Looks at the leads of a message and decides those anew whose match really changes: another account, or none, or one at last. Bounded; safe to repeat and beside another process.</summary>
/// <remarks>
/// What a person chose is never touched; a lead that somebody works on or ended stays where it is. Both are in the report when the matcher says something else now. What is going to be moved is written
/// into the report first, so that a crash leaves no move without its line.
/// </remarks>
public sealed class RematchRun(
    ILeadFileStore files,
    ILeadKeys keys,
    ILeadList list,
    IRematchReports reports,
    Redeciding redeciding,
    LeadProcessing processing,
    RematchNotices notices,
    TimeProvider clock,
    ILogger<RematchRun> logger)
{
    /// <summary>Leads looked at in one delivery; the rest goes on in another.</summary>
    public const int MaxLeads = 200;

    /// <summary>How often it waits for a change that is not there yet, and for a lead whose play is just being started.</summary>
    private const int MaxTries = 6;

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WhileOff = TimeSpan.FromMinutes(10);

    internal async Task RunAsync(RematchMessage message, IPlayStarter plays, CancellationToken cancellationToken)
    {
        DecisionFacts facts = await processing.GatherAsync(cancellationToken);
        if (!facts.Config.Features.Abm || !facts.Config.Features.Matching)
        {
            await notices.SendAsync(message, WhileOff, cancellationToken); // with matching off every lead would lose its account
            return;
        }

        if (message.Cause == RematchMessage.OfAccounts && facts.Accounts.Version <= message.AccountsBefore && message.Tries < MaxTries)
        {
            await notices.SendAsync(message with { Tries = message.Tries + 1 }, Moment, cancellationToken);
            return;
        }

        if (message is { Cause: RematchMessage.OfPerson, Examined: 0, Leads: null })
            await reports.PutAsync(Report(message, 0, null, null), cancellationToken);
        Batch batch = new(message, facts, plays);
        RematchMessage? rest = message.Leads is { } leads ? await OfLeadsAsync(batch, leads, cancellationToken)
            : message.Since is { } since ? await SinceAsync(batch, since, cancellationToken)
            : await OfKeysAsync(batch, cancellationToken);
        if (batch.Busy.Count > 0 && message.Tries < MaxTries)
            await notices.SendAsync(message with { Leads = batch.Busy, Examined = batch.Examined, Tries = message.Tries + 1 }, Moment, cancellationToken);
        if (rest is not null)
            await notices.SendAsync(rest with { Examined = batch.Examined }, TimeSpan.Zero, cancellationToken);
        else
            await FinishAsync(batch, cancellationToken);
    }

    private async Task<RematchMessage?> OfLeadsAsync(Batch batch, IReadOnlyList<string> leads, CancellationToken cancellationToken)
    {
        foreach (string lead in leads.Where(IdText.IsValid))
            await ExamineAsync(batch, LeadId.Parse(lead), cancellationToken);
        return null;
    }

    private async Task<RematchMessage?> OfKeysAsync(Batch batch, CancellationToken cancellationToken)
    {
        RematchMessage message = batch.Message;
        string? after = message.After;
        int most = batch.Examined + MaxLeads;
        for (int part = message.Part; part < keys.Parts; part++)
        {
            await foreach (KeyedLead found in keys.FindAsync(part, message.Keys ?? [], after, cancellationToken))
            {
                if (!batch.Seen.Add(found.Lead))
                    continue;
                await ExamineAsync(batch, found.Lead, cancellationToken);
                if (batch.Examined >= most)
                    return message with { Part = part, After = found.Place, Tries = 0 };
            }

            after = null;
        }

        return null;
    }

    private async Task<RematchMessage?> SinceAsync(Batch batch, DateTimeOffset since, CancellationToken cancellationToken)
    {
        ListPage<LeadListItem> page = await list.ListAsync(new LeadListFilter(), MaxLeads, batch.Message.After, cancellationToken);
        foreach (LeadListItem item in page.Items)
        {
            if (item.ReceivedAt < since)
                return null;
            await ExamineAsync(batch, item.LeadId, cancellationToken);
        }

        return page.Next is null ? null : batch.Message with { After = page.Next, Tries = 0 };
    }

    private async Task ExamineAsync(Batch batch, LeadId lead, CancellationToken cancellationToken)
    {
        batch.Examined++;
        if (await files.ReadAsync(lead, cancellationToken) is not { Lead: { DecisionId: { } decisionId, Outcome: { } outcome } record } file || IsErased(record.Lead.Submitted))
            return;
        DateTimeOffset now = clock.GetUtcNow();
        MatchDecision match = LeadMatcher.Match(record.Lead, batch.Facts.Accounts, batch.Facts.Config, now);
        AccountId? to = (match as MatchDecision.Matched)?.Account;
        AccountId? from = record.AccountId is { } known ? batch.Facts.Accounts.Find(known)?.Id ?? known : null;
        string becomes = match is MatchDecision.Matched ? "matched" : match is MatchDecision.Review ? "review" : "unmatched";
        if (becomes == outcome && to == from)
        {
            await MendAsync(batch, file, decisionId, cancellationToken);
            return;
        }

        string became = record.PinnedAccountId is not null || record.IsIgnored ? "manual" : file.Stop is not null ? "worked" : batch.Message.DryRun ? "wouldMove" : "moved";
        Reason why = match.Reasons.Count > 0 ? match.Reasons[^1] : new Reason(MatchReasons.NoCandidate, "");
        RematchItem item = new(lead, became, outcome, record.AccountId, becomes, to, why.Code, Says(became, outcome, record.AccountId, becomes, to), now);
        await reports.PutItemAsync(batch.Message.ReportId, item, cancellationToken);
        if (became != "moved")
            return;

        RedecisionOrder order = new(
            "rematched", $"{batch.Message.ReportId}|{decisionId}", batch.Message.By, Pin: null, IsIgnored: false, new Dictionary<string, string>(StringComparer.Ordinal) { ["reportId"] = batch.Message.ReportId });
        Redecided result = await redeciding.DecideAsync(
            lead, batch.Facts, order, f => f.Lead.DecisionId == decisionId && f.Lead.PinnedAccountId is null && !f.Lead.IsIgnored && f.Stop is null, batch.Plays, cancellationToken);
        switch (result)
        {
            case Redecided.Done:
                logger.LeadMoved(lead.Value, outcome, becomes, batch.Message.ReportId);
                break;
            case Redecided.Busy:
                batch.Busy.Add(lead.Value);
                await reports.PutItemAsync(batch.Message.ReportId, item with { Became = "busy" }, cancellationToken);
                break;
            case Redecided.Unwanted changed when changed.File.Lead.DecisionId == decisionId:
                await reports.PutItemAsync(batch.Message.ReportId, item with { Became = changed.File.Stop is null ? "manual" : "worked" }, cancellationToken);
                break;
            default:
                break; // another process decided it anew in this moment
        }
    }

    /// <summary>The first attempt may have died between deciding and what follows.</summary>
    private async Task MendAsync(Batch batch, LeadFile file, string decisionId, CancellationToken cancellationToken)
    {
        LeadId lead = file.Lead.Lead.Id;
        if (LeadJourney.AttemptOf(decisionId) > 1
            && await reports.FindItemAsync(batch.Message.ReportId, lead, cancellationToken) is { Became: "moved" or "busy" } item
            && await files.FindDecisionAsync(lead, decisionId, cancellationToken) is { } decision)
        {
            await redeciding.FinishAsync(file, decision, null, batch.Plays, cancellationToken);
            if (item.Became == "busy")
                await reports.PutItemAsync(batch.Message.ReportId, item with { Became = "moved" }, cancellationToken);
        }
    }

    private async Task FinishAsync(Batch batch, CancellationToken cancellationToken)
    {
        SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
        string? after = null;
        do
        {
            ListPage<RematchItem> page = await reports.ItemsAsync(batch.Message.ReportId, 500, after, cancellationToken);
            foreach (RematchItem item in page.Items)
                counts[item.Became] = counts.GetValueOrDefault(item.Became) + 1;
            after = page.Next;
        }
        while (after is not null);

        // A change of accounts that moves nobody needs no report.
        if (counts.Count > 0 || batch.Message.Cause == RematchMessage.OfPerson)
            await reports.PutAsync(Report(batch.Message, batch.Examined, counts, clock.GetUtcNow()), cancellationToken);
    }

    private static RematchReport Report(RematchMessage message, int examined, IReadOnlyDictionary<string, int>? counts, DateTimeOffset? finishedAt) =>
        new(message.ReportId, message.Cause, message.By, message.DryRun, message.StartedAt, examined, counts ?? new Dictionary<string, int>(), finishedAt);

    /// <summary>Nothing is left by which it could be recognised.</summary>
    private static bool IsErased(Submission s) => s is { Email: null, Company: null, Website: null, Phone: null, FirstName: null, LastName: null };

    private static string Says(string became, string outcome, AccountId? from, string becomes, AccountId? to)
    {
        string change = $"{outcome}{(from is null ? "" : $" {from}")} to {becomes}{(to is null ? "" : $" {to}")}";
        return became switch
        {
            "moved" => $"From {change}.",
            "wouldMove" => $"It would go from {change}.",
            "manual" => $"A person chose; the matcher would go from {change}.",
            _ => $"Somebody works on it or ended it; the matcher would go from {change}.",
        };
    }

    /// <summary>One delivery of a message.</summary>
    private sealed class Batch(RematchMessage message, DecisionFacts facts, IPlayStarter plays)
    {
        public RematchMessage Message { get; } = message;
        public DecisionFacts Facts { get; } = facts;
        public IPlayStarter Plays { get; } = plays;
        public int Examined { get; set; } = message.Examined;
        public HashSet<LeadId> Seen { get; } = [];
        public List<string> Busy { get; } = [];
    }
}

/// <summary>What re-matching logs: ids and codes. Event ids 1900–1949.</summary>
internal static partial class RematchLog
{
    [LoggerMessage(1900, LogLevel.Information, "Lead {LeadId} was matched anew: {From} became {To}, report {ReportId}")]
    public static partial void LeadMoved(this ILogger logger, string leadId, string from, string to, string reportId);
}
