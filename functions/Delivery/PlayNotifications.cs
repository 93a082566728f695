using System.Globalization;
using System.Text.Json;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Journeys;
using Abm.Functions.Messages;
using Abm.Functions.Plays;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.People;
using Abm.Plays;
using Abm.Ports;

namespace Abm.Functions.Delivery;

/// <summary>Writes the notifications and requests of plays and puts them into the outbox. The words are filled in here, from the store: durable history holds ids only.</summary>
public sealed class PlayNotifications(IOutbox outbox, IMessageSender queues, ILeadFileStore files, IAccountDirectory accounts, PlayFacts facts)
{
    private const int MostHistory = 100;

    /// <summary>Keeps the notification of a step of a lead's ladder and has it delivered. Safe to repeat: it has a derived id, and one that was delivered stays delivered.</summary>
    public async Task SendAsync(PlayPlan plan, PlannedStep step, LeadFile file, CancellationToken cancellationToken)
    {
        AbmConfig config = await facts.ConfigAsync(plan.Start.ConfigVersion, cancellationToken);
        IReadOnlyDictionary<RepId, Rep> reps = await facts.RepsAsync(cancellationToken);
        await SendAsync(new Message(plan.Start, step, config, reps, plan.OwnerId, plan.FormerOwnerIds, plan.OwnerClock.Policy, plan.OwnerClock.DueAt), file, null, cancellationToken);
    }

    /// <summary>Keeps what a step of a play sends and has it delivered. Safe to repeat.</summary>
    public Task SendAsync(PlaySituation situation, PlannedStep step, PlayFile file, LeadFile? lead, CancellationToken cancellationToken)
    {
        // A step of the play's own course is told with the first touch's deadline, if there is one; a step of a ladder with that of its wait.
        PlayPlan? ladder = step.Stage is { } stage ? PlayDecider.LadderOf(situation, stage) : situation.Start.LeadId is not null ? PlayDecider.LadderOf(situation, "") : null;
        Message message = new(situation.Start, step, situation.Config, situation.Reps, situation.OwnerId, situation.FormerOwnerIds, ladder?.OwnerClock.Policy, ladder?.OwnerClock.DueAt)
        {
            Signals = (situation.Facts?.More ?? new Dictionary<string, string>()).Where(f => f.Key.StartsWith("signal.", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal),
        };
        return SendAsync(message, lead, file, cancellationToken);
    }

    private async Task SendAsync(Message message, LeadFile? lead, PlayFile? play, CancellationToken cancellationToken)
    {
        if (message.Step.To is null)
            return;
        string deliveryId = PlayDecider.DeliveryId(message.Start.PlayId, message.Step);
        OutboxItem item = await outbox.FindAsync(deliveryId, cancellationToken)
            ?? await outbox.AddAsync(await WriteAsync(deliveryId, message, lead, play, cancellationToken), cancellationToken);

        // Also when it was there already: the first attempt may have died between keeping and queueing.
        if (item.State == OutboxState.Pending)
            await queues.SendAsync(QueueOf(message), JsonSerializer.Serialize(new DeliverMessage(1, deliveryId)), TimeSpan.Zero, cancellationToken);
    }

    /// <summary>What the play of an imported lead tells its first owner when it begins is told in its turn; what a deadline or a change of hands asks for is not kept waiting by it.</summary>
    private static string QueueOf(Message message) =>
        message is { Start.IsBulk: true, Step.Stage: null, FormerOwnerIds.Count: 0 } ? DeliverMessage.BulkQueue : DeliverMessage.Queue;

    private async Task<OutboxItem> WriteAsync(string deliveryId, Message message, LeadFile? lead, PlayFile? play, CancellationToken cancellationToken)
    {
        PlayStartInput start = message.Start;
        PlannedStep step = message.Step;
        NotifiedParty? owner = message.OwnerId is { } id ? Party(id, message.Reps, isQueue: false) : null;
        (NotifiedLead? person, NotifiedAccount? account, Dictionary<string, string> values) = lead is null
            ? await OfAccountAsync(start, cancellationToken)
            : await OfLeadAsync(start, lead, cancellationToken);
        values["ownerId"] = message.OwnerId ?? "";
        values["ownerName"] = owner?.Name ?? message.OwnerId ?? "nobody";
        values["play"] = start.Play;
        values["dueAt"] = message.DueAt?.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "no deadline";
        values["policy"] = message.Policy ?? "";
        values["formerOwnerId"] = message.FormerOwnerIds.Count > 0 ? message.FormerOwnerIds[^1] : "";
        foreach ((string field, string value) in message.Signals.Concat(play?.Occasion ?? new Dictionary<string, string>()))
            values[field] = value;

        NotificationTemplate? template = step.Template is null ? null
            : message.Config.Templates.GetValueOrDefault(step.Template) ?? throw new InvalidOperationException($"Configuration {message.Config.Version} has no template '{step.Template}'.");
        string? request = step.Action switch
        {
            PlayAction.Task => "task",
            PlayAction.Enrol => "sequence",
            PlayAction.Enrich => "enrich",
            PlayAction.CallWebhook => "webhook",
            _ => null,
        };
        bool isForPeople = request is null or "task";
        string kind = request ?? step.Template!;
        bool isQueue = step.Action == PlayAction.HandToRevOps || (isForPeople && !message.Reps.ContainsKey(RepId.Parse(step.To!)) && step.To == PlayDecider.PlayOf(start, message.Config).RevOpsQueue);
        NotificationRequest body = new(
            1,
            deliveryId,
            kind,
            step.DoAt,
            start.LeadId,
            start.PlayId,
            isForPeople ? Party(step.To!, message.Reps, isQueue) : new NotifiedParty(request!, step.To!, null, null),
            template is null ? $"{kind} {step.To}" : PlayDecider.Fill(template.Subject, values),
            template is null ? $"Play {start.Play} asks for it about {start.Subject}." : PlayDecider.Fill(template.Text, values),
            owner,
            message.Policy,
            message.DueAt,
            person,
            account)
        {
            Play = start.Play,
            About = new NotifiedSubject(start.Subject.ToString().Split(':')[0], start.Subject.Id),
            Name = isForPeople ? null : step.To,
            Event = play?.Occasion ?? new Dictionary<string, string>(),
            Signals = message.Signals,
            History = play is null ? [] : HistoryOf(play.Progress),
        };
        return new OutboxItem(
            deliveryId, lead?.Lead.Lead.Id, kind, JsonSerializer.Serialize(body, ApiJson.Options), OutboxState.Pending, Attempts: 0, step.DoAt, NextAttemptAt: null, LastFailure: null);
    }

    private async Task<(NotifiedLead? Lead, NotifiedAccount? Account, Dictionary<string, string> Values)> OfLeadAsync(PlayStartInput start, LeadFile file, CancellationToken cancellationToken)
    {
        LeadId leadId = file.Lead.Lead.Id;
        JourneyDecision decision = await files.FindDecisionAsync(leadId, start.DecisionId!, cancellationToken) ?? throw new LeadMissingException(leadId);
        Submission sent = decision.Lead.Submitted;
        NotifiedAccount? account = AccountOf(decision);
        return (
            new NotifiedLead(sent.FirstName, sent.LastName, sent.Title, sent.Email, sent.Phone, sent.Company, sent.Source, decision.Score.Persona),
            account,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["leadId"] = leadId.Value,
                ["accountId"] = account?.AccountId ?? "",
                ["accountName"] = account?.Name ?? sent.Company ?? "an unknown company",
                ["level"] = decision.Score.Level,
                ["persona"] = decision.Score.Persona,
            });
    }

    private async Task<(NotifiedLead? Lead, NotifiedAccount? Account, Dictionary<string, string> Values)> OfAccountAsync(PlayStartInput start, CancellationToken cancellationToken)
    {
        Account? account = start.AccountId is { } id ? (await accounts.CurrentAsync(cancellationToken)).Find(AccountId.Parse(id)) : null;
        return (
            null,
            account is null ? null : new NotifiedAccount(account.Id.Value, account.Name, null, null, null, []),
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["leadId"] = "",
                ["accountId"] = start.AccountId ?? "",
                ["accountName"] = account?.Name ?? start.AccountId ?? "an unknown company",
                ["level"] = "",
                ["persona"] = "",
            });
    }

    private static NotifiedHistory[] HistoryOf(PlayProgress progress) =>
    [
        .. progress.DoneSteps.Select(d => new NotifiedHistory(d.At, d.Id, d.Code, d.Says, null))
            .Concat(progress.Events.Select(e => new NotifiedHistory(e.At, e.Name, "heard", e.Reason, e.By)))
            .OrderBy(h => h.At).TakeLast(MostHistory),
    ];

    private static NotifiedAccount? AccountOf(JourneyDecision decision)
    {
        if (decision.Match is not MatchDecision.Matched matched)
            return null;
        MatchCandidate? candidate = matched.Candidates.FirstOrDefault(c => c.Account == matched.Account);
        IEnumerable<Reason> evidence = candidate is null ? matched.Reasons : candidate.Evidence.Where(e => e.Points > 0);
        return new NotifiedAccount(
            matched.Account.Value, candidate?.Name ?? matched.Account.Value, matched.Confidence, decision.Score.FitPoints, decision.Score.Level, [.. evidence.Select(e => e.Says)]);
    }

    private static NotifiedParty Party(string id, IReadOnlyDictionary<RepId, Rep> reps, bool isQueue)
    {
        Rep? rep = isQueue ? null : reps.GetValueOrDefault(RepId.Parse(id));
        return new NotifiedParty(isQueue ? "queue" : "rep", id, rep?.Name, rep?.Email);
    }

    private sealed record Message(
        PlayStartInput Start,
        PlannedStep Step,
        AbmConfig Config,
        IReadOnlyDictionary<RepId, Rep> Reps,
        string? OwnerId,
        IReadOnlyList<string> FormerOwnerIds,
        string? Policy,
        DateTimeOffset? DueAt)
    {
        /// <summary>What was looked up of the account's signals, by field.</summary>
        public IReadOnlyDictionary<string, string> Signals { get; init; } = new Dictionary<string, string>();
    }
}
