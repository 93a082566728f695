using System.Globalization;
using System.Text.Json;
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
using Abm.Routing;

namespace Abm.Functions.Delivery;

/// <summary>Writes the notifications of plays and puts them into the outbox. The words are filled in here, from the store: durable history holds ids only.</summary>
public sealed class PlayNotifications(IOutbox outbox, IMessageSender queues, ILeadFileStore files, PlayFacts facts)
{
    /// <summary>Keeps the notification of a step and has it delivered. Safe to repeat: it has a derived id, and one that was delivered stays delivered.</summary>
    public async Task SendAsync(PlayPlan plan, PlannedStep step, LeadFile file, CancellationToken cancellationToken)
    {
        if (step.To is null || step.Template is null)
            return;
        string deliveryId = PlayDecider.DeliveryId(plan, step);
        OutboxItem item = await outbox.FindAsync(deliveryId, cancellationToken)
            ?? await outbox.AddAsync(await WriteAsync(deliveryId, plan, step, file, cancellationToken), cancellationToken);

        // Also when it was there already: the first attempt may have died between keeping and queueing.
        if (item.State == OutboxState.Pending)
            await queues.SendAsync(DeliverMessage.Queue, JsonSerializer.Serialize(new DeliverMessage(1, deliveryId)), TimeSpan.Zero, cancellationToken);
    }

    private async Task<OutboxItem> WriteAsync(string deliveryId, PlayPlan plan, PlannedStep step, LeadFile file, CancellationToken cancellationToken)
    {
        LeadId leadId = file.Lead.Lead.Id;
        AbmConfig config = await facts.ConfigAsync(plan.Start.ConfigVersion, cancellationToken);
        IReadOnlyDictionary<RepId, Rep> reps = await facts.RepsAsync(cancellationToken);
        JourneyDecision decision = await files.FindDecisionAsync(leadId, plan.Start.DecisionId!, cancellationToken) ?? throw new LeadMissingException(leadId);
        Submission sent = decision.Lead.Submitted;
        NotifiedAccount? account = AccountOf(decision);
        NotifiedParty owner = Party(plan.OwnerId!, reps, isQueue: false);

        Dictionary<string, string> values = new(StringComparer.Ordinal)
        {
            ["leadId"] = leadId.Value,
            ["accountId"] = account?.AccountId ?? "",
            ["accountName"] = account?.Name ?? sent.Company ?? "an unknown company",
            ["ownerId"] = plan.OwnerId!,
            ["ownerName"] = owner.Name ?? plan.OwnerId!,
            ["play"] = plan.Start.Play,
            ["level"] = decision.Score.Level,
            ["persona"] = decision.Score.Persona,
            ["dueAt"] = plan.OwnerClock.DueAt.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
            ["policy"] = plan.OwnerClock.Policy,
            ["formerOwnerId"] = plan.FormerOwnerIds.Count > 0 ? plan.FormerOwnerIds[^1] : "",
        };
        NotificationTemplate template = config.Templates.TryGetValue(step.Template!, out NotificationTemplate? found)
            ? found
            : throw new InvalidOperationException($"Configuration {config.Version} has no template '{step.Template}'.");

        NotificationRequest request = new(
            1,
            deliveryId,
            step.Template!,
            step.DoAt,
            leadId.Value,
            plan.Start.PlayId,
            Party(step.To!, reps, isQueue: step.Action == PlayAction.HandToRevOps),
            PlayDecider.Fill(template.Subject, values),
            PlayDecider.Fill(template.Text, values),
            owner,
            plan.OwnerClock.Policy,
            plan.OwnerClock.DueAt,
            new NotifiedLead(sent.FirstName, sent.LastName, sent.Title, sent.Email, sent.Phone, sent.Company, sent.Source, decision.Score.Persona),
            account);
        return new OutboxItem(
            deliveryId, leadId, step.Template!, JsonSerializer.Serialize(request, ApiJson.Options), OutboxState.Pending, Attempts: 0, step.DoAt, NextAttemptAt: null, LastFailure: null);
    }

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
}
