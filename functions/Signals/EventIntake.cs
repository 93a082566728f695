using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Storage.Accounts;
using Abm.Ports;
using Abm.Signals;

namespace Abm.Functions.Signals;

/// <summary>What became of one event.</summary>
/// <param name="Result"><c>kept</c>, <c>duplicate</c>, <c>waiting</c> (for its account), <c>counted</c> (not kept, since the account had too many that day) or <c>rejected</c>.</param>
/// <param name="AheadSeconds">How far the sender's clock was ahead of ours; null: it was not.</param>
public sealed record EventResult(int Index, string? EventId, string Result, string? AccountId, IReadOnlyList<Problem> Problems, int? AheadSeconds);

/// <summary>Takes events in: each is kept in its account's timeline with what it means, then the queue says that there is something to look at.</summary>
public sealed class EventIntake(
    IAccountCatalogue accounts, IAccountTimelines timelines, IWaitingEvents waiting, SignalNotices notices, IConfigSource config, IPersonKeys persons, TimeProvider clock)
{
    private const int AtOnce = 8;

    /// <summary>What became of each, in order. Safe to repeat.</summary>
    internal async Task<IReadOnlyList<EventResult>> TakeAsync(IReadOnlyList<(SentEvent? Sent, IReadOnlyList<Problem> Problems)> events, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        AbmConfig current = await config.CurrentAsync(cancellationToken);
        AccountsState state = await accounts.CurrentAsync(cancellationToken);
        EventResult[] results = new EventResult[events.Count];
        Dictionary<string, List<(int Index, AccountEvent Event)>> byAccount = new(StringComparer.Ordinal);
        for (int i = 0; i < events.Count; i++)
        {
            (SentEvent? sent, IReadOnlyList<Problem> problems) = events[i];
            if (sent is null)
            {
                results[i] = new EventResult(i, null, "rejected", null, problems, null);
                continue;
            }

            EventSubject subject = EventSubjects.Of(sent, state, current, now);
            AccountEvent happened = await EventSubjects.WithPersonAsync(
                new AccountEvent(sent.EventId, sent.Kind, sent.At > now ? now : sent.At, now) { Topic = sent.Topic, Score = sent.Score, OpportunityId = sent.OpportunityId, Source = sent.Source, Custom = sent.Custom },
                sent, state, current, persons, cancellationToken);
            int? ahead = sent.At > now ? (int)Math.Ceiling((sent.At - now).TotalSeconds) : null;
            results[i] = new EventResult(i, sent.EventId, "kept", subject.Account, [], ahead);
            if (subject.Account is { } account)
            {
                if (!byAccount.TryGetValue(account, out List<(int, AccountEvent)>? some))
                    byAccount[account] = some = [];
                some.Add((i, happened));
            }
            else
            {
                results[i] = subject.Waits is { } waits
                    ? await waiting.KeepAsync(waits, happened, cancellationToken)
                        ? results[i] with { Result = "waiting" }
                        : results[i] with { Result = "rejected", Problems = [new Problem("tooManyWaiting", "", $"{IWaitingEvents.MostOfOne} events wait for this account already, and it is not known yet.")] }
                    : results[i] with { Result = "rejected", Problems = [subject.Problem!] };
            }
        }

        await Parallel.ForEachAsync(byAccount, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (account, token) =>
        {
            IReadOnlyDictionary<string, string> became = await KeepAsync(account.Key, [.. account.Value.Select(e => e.Event)], current, now, token);
            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach ((int index, AccountEvent e) in account.Value)
                results[index] = results[index] with { Result = seen.Add(e.EventId) ? became[e.EventId] : "duplicate" };
        });
        await notices.HappenedAsync(byAccount.Keys.Where(a => current.Plays.Count > 0 && a.Length > 0).Order(StringComparer.Ordinal), cancellationToken);
        return results;
    }

    /// <summary>Keeps events of an account; what became of each, by id.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> KeepAsync(string account, IReadOnlyList<AccountEvent> events, AbmConfig current, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Dictionary<string, string> became = new(StringComparer.Ordinal);
        foreach (AccountEvent[] some in events.DistinctBy(e => e.EventId).OrderBy(e => e.At).ThenBy(e => e.EventId, StringComparer.Ordinal).Chunk(IAccountTimelines.MostAtOnce))
        {
            TimelineSaved saved = await timelines.ChangeAsync(
                account,
                [.. some.Select(e => e.EventId)],
                (state, fresh) => some.Any(e => fresh.Contains(e.EventId)) ? Heard(SignalFold.Add(state, account, [.. some.Where(e => fresh.Contains(e.EventId))], current.Signals, StartsPlays(current), now), current) : null,
                cancellationToken);
            foreach (AccountEvent e in some)
                became[e.EventId] = saved.Known.Contains(e.EventId) ? "duplicate" : saved.Dropped.Contains(e.EventId) ? "counted" : "kept";
        }

        return became;
    }

    /// <summary>Only what some play listens to waits for plays to be asked or told.</summary>
    internal static TimelineChange Heard(TimelineChange change, AbmConfig config) =>
        change with { Entries = [.. change.Entries.Select(e => e.Starts && !SignalOccasions.IsHeard(e, config) ? e with { Starts = false } : e)] };

    internal static bool StartsPlays(AbmConfig config) => config.Features is { Abm: true, Plays: true };
}
