using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Journeys;
using Abm.People;
using Abm.Ports;
using Abm.Replays;

namespace Abm.Functions.Replays;

/// <summary>Finds a decision with everything that it takes to ask about it or to make it again.</summary>
public sealed class DecisionQuestions(
    IDecisionLog log, ILeadFileStore files, IRepSnapshots snapshots, IRepDirectory reps, IAccountDirectory accounts, IConfigSource config)
{
    /// <summary>Word for the configuration in force, where a version is asked for.</summary>
    public const string Active = "active";

    /// <param name="decisionId">Null: the decision that stands for the lead.</param>
    /// <param name="lead">Null: it is read from the decision's id.</param>
    /// <returns>The decision, or the answer that says why it cannot be asked about.</returns>
    public async Task<(AskedDecision? Asked, ApiResult? Refusal)> FindAsync(string? decisionId, string? lead, CancellationToken cancellationToken)
    {
        LeadId? about = lead is null ? decisionId is null ? null : LeadJourney.LeadOf(decisionId) : IdText.IsValid(lead) ? LeadId.Parse(lead) : null;
        if (about is null || (decisionId is not null && !IdText.IsValid(decisionId)))
            return (null, Problems.NotFound("There is no decision of this id."));
        if (decisionId is null)
        {
            LeadFile? file = await files.ReadAsync(about, cancellationToken);
            if (file?.Lead.DecisionId is null)
                return (null, Problems.NotFound(file is null ? "There is no lead of this id." : "The lead is not decided yet."));
            decisionId = file.Lead.DecisionId;
        }

        if (await log.FindAsync(about, decisionId, cancellationToken) is not { } decision)
            return (null, Problems.NotFound("There is no decision of this id. Decisions are kept as long as the configuration says."));
        if (decision.Inputs is not { } inputs)
            return (null, NotRecorded("Nothing was noted of what it was made from, or it was erased with the person."));
        if (await config.FindAsync(decision.ConfigVersion, cancellationToken) is not { } own)
            return (null, NotRecorded("The configuration that it was made by is not kept here any more."));

        IReadOnlyDictionary<RepId, Rep>? then = inputs.RepsVersion is { } name ? await snapshots.FindAsync(name, cancellationToken) : null;
        return (new AskedDecision(decision, inputs, own, then ?? await reps.CurrentAsync(cancellationToken), then is not null, await accounts.CurrentAsync(cancellationToken)), null);
    }

    /// <summary>That version; the one in force for <see cref="Active"/>; null when there is none.</summary>
    public async ValueTask<AbmConfig?> ConfigAsync(string version, CancellationToken cancellationToken) =>
        version == Active ? await config.CurrentAsync(cancellationToken)
        : IdText.IsValid(version) ? await config.FindAsync(version, cancellationToken)
        : null;

    private static ApiResult NotRecorded(string detail) => Problems.Of(409, "not-recorded", "The decision cannot be made again.", detail, []);
}

/// <summary>A decision with everything that it takes to ask about it.</summary>
/// <param name="Config">The rules that it was made by.</param>
/// <param name="Reps">The people of that time, or today's where those are not kept.</param>
/// <param name="Today">Answers what was not noted.</param>
public sealed record AskedDecision(JourneyDecision Decision, DecisionInputs Inputs, AbmConfig Config, IReadOnlyDictionary<RepId, Rep> Reps, bool HasRepsOfThen, IAccountIndex Today)
{
    /// <summary>What was asked and not noted, the people included.</summary>
    public IReadOnlyList<string> NotRecorded(IReadOnlyList<string> questions) => HasRepsOfThen ? questions : [.. questions, "reps"];
}
