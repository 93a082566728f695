using Abm.Decisions;
using Abm.Functions.Corrections;
using Abm.Functions.Journeys;
using Abm.Ports;
using Abm.Journeys;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Routing;

/// <summary>Passes leads on that were declined, or not accepted in time. A no gives the turn back; silence does not.</summary>
public sealed class OfferPassing(IRoutingDesk desk, ILeadFileStore files, PoolHandOver handOver, PoolCredits credits, DecisionLists lists, PoolAlerts alerts, TimeProvider clock, ILogger<OfferPassing> logger)
{
    private const int MaxAtOnce = 500;

    /// <summary>Passes on everything that is due. What fails is tried again the next time.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (LeadOffer offer in await desk.OffersToPassAsync(clock.GetUtcNow(), MaxAtOnce, cancellationToken))
        {
            try
            {
                await PassAsync(offer, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                logger.WorkFailed(offer.Lead.Value, nameof(OfferPassing), failure.GetType().Name);
            }
        }
    }

    /// <summary>Passes one on. The state of the offer is the word that counts: who accepts after it was moved is told that it is too late.</summary>
    public async Task PassAsync(LeadOffer offer, CancellationToken cancellationToken)
    {
        if (offer.State == OfferState.Accepted)
            return;
        LeadFile? file = await files.ReadAsync(offer.Lead, cancellationToken);
        if (file is null || file.Stop is not null || file.Lead.OwnerId != offer.Owner)
        {
            // Touched, ended or given away meanwhile: nobody has to accept it any more.
            if (offer.State == OfferState.Declined)
                await credits.RefundAsync(offer.AssignmentId, "the lead was declined", cancellationToken);
            await desk.RemoveOfferAsync(offer.Lead, cancellationToken);
            return;
        }

        if (offer.State == OfferState.Open && !await desk.MoveOfferAsync(offer, OfferState.Passed, cancellationToken))
            return; // answered in this moment
        bool isDeclined = offer.State == OfferState.Declined;
        string why = isDeclined ? "declined" : "not accepted in time";
        if (isDeclined)
            await credits.RefundAsync(offer.AssignmentId, "the lead was declined", cancellationToken);
        PoolGiven given = await handOver.NextAsync(
            offer.Lead, offer.Pool, await handOver.OwnersAsync(file, cancellationToken), why, offer.AssignmentId,
            owner => new LeadGift(owner, By: null, why, offer.AssignmentId) { IsWanted = f => f.Lead.OwnerId == offer.Owner && f.Stop is null, Details = new Dictionary<string, string> { ["pool"] = offer.Pool } },
            cancellationToken);
        switch (given)
        {
            case PoolGiven.To to:
                logger.OfferPassed(offer.Lead.Value, offer.Owner.Value, why, to.Turn.Owner.Value);
                if (await desk.FindOfferAsync(offer.Lead, cancellationToken) is { } left && left.AssignmentId == offer.AssignmentId)
                    await desk.RemoveOfferAsync(offer.Lead, cancellationToken);
                break;
            case PoolGiven.Nobody:
                await StuckAsync(offer, file, why, cancellationToken);
                break;
            default:
                break; // its play is just being started, or it changed: the next run sees
        }
    }

    /// <summary>Nobody else takes it: it stays where it is, people are told, and its clocks go on.</summary>
    private async Task StuckAsync(LeadOffer offer, LeadFile file, string why, CancellationToken cancellationToken)
    {
        if (file.Lead.DecisionId is { } id && await files.FindDecisionAsync(offer.Lead, id, cancellationToken) is { } decision)
        {
            await lists.PutWaitingAsync(decision, $"notAccepted:{offer.Pool}", cancellationToken);
            await alerts.SendAsync(decision, offer.Pool, $"notAccepted:{offer.Pool}", cancellationToken);
        }

        await desk.RemoveOfferAsync(offer.Lead, cancellationToken);
        logger.OfferStuck(offer.Lead.Value, offer.Owner.Value, why, offer.Pool);
    }
}
