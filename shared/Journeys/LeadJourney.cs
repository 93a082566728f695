using System.Globalization;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;
using Abm.Lists;
using Abm.Matching;
using Abm.Plays;
using Abm.Routing;
using Abm.Scoring;

namespace Abm.Journeys;

/// <summary>The four decisions in order: match, score, route, choose a play. Start reading here.</summary>
/// <remarks>Pure: the same lead, context and instant give the same decision, on any machine. Everything that can be argued about is a reason in it.</remarks>
public static class LeadJourney
{
    private const string IdPrefix = "dec-";

    /// <summary>Decides everything about one lead at one instant.</summary>
    /// <param name="now">The one instant that every step uses.</param>
    public static JourneyDecision Decide(Lead lead, JourneyContext context, DateTimeOffset now)
    {
        string decisionId = DecisionId(lead.Id, context.Attempt);

        // Whose lead is this? A person's choice stands; otherwise the matcher's.
        MatchDecision match = Matched(lead, context, now);
        match = Chosen(context, match) ?? match;
        Account? account = match is MatchDecision.Matched matched ? context.Accounts.Find(matched.Account) : null;

        // How well does it fit?
        ScoreDecision score = LeadScorer.Score(lead, match, account, context.Config);

        // Who takes it?
        RouteOutcome route = LeadRouter.Route(
            new RouteQuestion(decisionId, lead, match, account, score, context.Config, context.Reps, context.Pools, now)
            {
                Prior = context.PriorAssignments,
                FormerOwners = context.FormerOwners,
                Sticky = context.Sticky,
                AccountSticky = context.AccountSticky,
                OpenPlay = context.OpenPlay,
                IsDrain = context.IsDrain,
            });

        // What happens next, and by when?
        PlayDecision play = PlayChooser.Choose(lead, match, account, score, route.Decision, context.Config, context.Reps, now);

        return new JourneyDecision(
            decisionId,
            lead,
            context.Config.Version,
            Versions(context),
            context.Accounts.Version,
            now,
            match,
            score,
            route.Decision,
            play,
            route.PoolBefore,
            route.PoolAfter)
        {
            Ledger = route.Ledger,
            Watches = route.Watches,
        };
    }

    /// <summary>The id of a decision: the same for every repeat of one attempt. The lead can be read from it, so that a decision is found without an index of ids.</summary>
    public static string DecisionId(LeadId lead, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{IdPrefix}{attempt}-{lead.Value}");

    /// <summary>The attempt that a decision of this id was; null when it is no such id.</summary>
    public static int? AttemptOf(string decisionId)
    {
        int dash = decisionId.StartsWith(IdPrefix, StringComparison.Ordinal) ? decisionId.IndexOf('-', IdPrefix.Length) : -1;
        return dash > IdPrefix.Length && int.TryParse(decisionId.AsSpan(IdPrefix.Length, dash - IdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int attempt) ? attempt : null;
    }

    /// <summary>The lead that a decision of this id is about; null when it is no such id.</summary>
    public static LeadId? LeadOf(string decisionId)
    {
        int dash = decisionId.StartsWith(IdPrefix, StringComparison.Ordinal) ? decisionId.IndexOf('-', IdPrefix.Length) : -1;
        return dash > IdPrefix.Length
            && decisionId.AsSpan(IdPrefix.Length, dash - IdPrefix.Length).IndexOfAnyExceptInRange('0', '9') < 0
            && IdText.IsValid(decisionId[(dash + 1)..])
            ? LeadId.Parse(decisionId[(dash + 1)..])
            : null;
    }

    /// <summary>The lists that are part of the program, and whatever others the context names.</summary>
    private static IReadOnlyDictionary<string, string> Versions(JourneyContext context)
    {
        if (context.DataVersions.Count == 0)
            return ListVersions.Current;
        Dictionary<string, string> versions = new(ListVersions.Current, StringComparer.Ordinal);
        foreach ((string list, string version) in context.DataVersions)
            versions[list] = version;
        return versions;
    }

    private static MatchDecision Matched(Lead lead, JourneyContext context, DateTimeOffset now) => context.Config.Features.Matching
        ? LeadMatcher.Match(lead, context.Accounts, context.Config, now)
        : new MatchDecision.Unmatched(UnmatchedReason.SwitchedOff, [], [new Reason(MatchReasons.SwitchedOff, "Matching is switched off.")]);

    /// <summary>A person's choice, with what the matcher would have said beside it: its candidates stay, and one reason tells its outcome.</summary>
    private static MatchDecision? Chosen(JourneyContext context, MatchDecision otherwise)
    {
        if (context is { IsIgnored: true, PinnedAccount: null })
            return new MatchDecision.Unmatched(UnmatchedReason.Ignored, otherwise.Candidates, [new Reason(JourneyReasons.Ignored, "A person said that the lead is nobody's."), Otherwise(context, otherwise, null)]);
        if (context.PinnedAccount is not { } pinned || context.Accounts.Find(pinned) is not { } account)
            return null;
        Reason reason = new(JourneyReasons.Pinned, $"A person chose {account.Name} for this lead.");
        return new MatchDecision.Matched(
            account.Id,
            1,
            IsLowConfidence: false,
            [new MatchCandidate(account.Id, account.Name, 1, 0, [reason]), .. otherwise.Candidates.Where(c => c.Account != account.Id)],
            [reason, Otherwise(context, otherwise, account.Id)]);
    }

    private static Reason Otherwise(JourneyContext context, MatchDecision otherwise, AccountId? chosen) => new(JourneyReasons.WouldHaveBeen, otherwise switch
    {
        MatchDecision.Matched same when same.Account == chosen => "The matcher would have said the same.",
        MatchDecision.Matched other => $"The matcher would have matched it to {context.Accounts.Find(other.Account)?.Name ?? other.Account.Value}.",
        MatchDecision.Review => "The matcher would have left it to a person's review.",
        _ => "The matcher would have found no account.",
    });
}
