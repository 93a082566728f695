using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Messages;
using Abm.Functions.Storage.Accounts;
using Abm.People;
using Abm.Plays;
using Abm.Ports;
using Abm.Signals;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Signals;

/// <summary>Asks plays whether they start because of an occasion, and starts them. Safe to repeat.</summary>
public interface IPlayOccasions
{
    /// <param name="properties">Of what happened, by field such as <c>event.topic</c>.</param>
    Task<IReadOnlyList<EnrolmentDecision>> HappenedAsync(PlayOccasion occasion, IReadOnlyDictionary<string, string> properties, IPlayStarter starter, CancellationToken cancellationToken);
}

/// <summary>Looks at accounts at which something happened: compares them with how they were last seen, asks plays about every entry that waits, and notes what they said.</summary>
/// <remarks>An entry waits in its account's state from the transaction that added it until plays were asked: whatever dies in between, the next look finds it, and the ids of plays derive from it.</remarks>
public sealed class SignalRun(
    IAccountCatalogue accounts,
    IAccountTimelines timelines,
    IWaitingEvents waiting,
    EventIntake intake,
    IPlayOccasions plays,
    RunningPlays running,
    IRepDirectory reps,
    SignalNotices notices,
    IConfigSource config,
    TimeProvider clock,
    ILogger<SignalRun> logger)
{
    /// <summary>Entries of one account that are answered in one go; the rest goes with another message.</summary>
    private const int MostEntries = 50;
    private const int MaxTries = 5;
    private const int MostSubjects = 5_000;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    public async Task RunAsync(SignalsMessage message, IPlayStarter starter, CancellationToken cancellationToken)
    {
        AccountsState state = await accounts.CurrentAsync(cancellationToken);
        if (message.AccountsBefore is { } version && state.Index.Version <= version && message.Tries < MaxTries)
        {
            // The change that this is about is not committed yet; if it never is, nothing will be found different.
            await notices.SendAsync(message with { Tries = message.Tries + 1 }, Soon, cancellationToken);
            return;
        }

        List<string> more = [];
        foreach (ChangedAccount changed in message.Accounts)
        {
            if (await LookAsync(changed, state, starter, cancellationToken))
                more.Add(changed.AccountId);
        }

        if (message.Adopts)
            more.AddRange(await AdoptAsync(state, cancellationToken));
        await notices.HappenedAsync(more, cancellationToken);
    }

    /// <summary>Events that waited for accounts which are known now are told.</summary>
    /// <returns>The accounts.</returns>
    internal async Task<IReadOnlyList<string>> AdoptAsync(AccountsState state, CancellationToken cancellationToken)
    {
        AbmConfig current = await config.CurrentAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        List<string> adopting = [];
        string? after = null;
        int seen = 0;
        do
        {
            ListPage<WaitingSubject> page = await waiting.SubjectsAsync(500, after, cancellationToken);
            foreach (WaitingSubject subject in page.Items)
            {
                if (EventSubjects.Of(subject, state, current, now) is not { } account)
                    continue;
                IReadOnlyList<AccountEvent> events = await waiting.OfAsync(subject, cancellationToken);
                await intake.KeepAsync(account, events, current, now, cancellationToken);
                await waiting.RemoveAsync(subject, [.. events.Select(e => e.EventId)], cancellationToken);
                adopting.Add(account);
                logger.EventsAdopted(account, events.Count);
            }

            seen += page.Items.Count;
            after = page.Next;
        }
        while (after is not null && seen < MostSubjects);
        return adopting;
    }

    /// <returns>Whether there is more to be asked about it.</returns>
    private async Task<bool> LookAsync(ChangedAccount changed, AccountsState accountsState, IPlayStarter starter, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (accountsState.Index.Find(AccountId.Parse(changed.AccountId)) is not { } account)
            return false; // it is gone: its timeline waits for it, or for the retention
        string id = account.Id.Value;
        if (id != changed.AccountId)
            await timelines.MoveAsync(changed.AccountId, id, isBack: false, now, cancellationToken);
        else if (changed.TakenBackFrom is { } other)
            await timelines.MoveAsync(other, id, isBack: true, now, cancellationToken);

        AbmConfig current = await config.CurrentAsync(cancellationToken);
        bool starts = EventIntake.StartsPlays(current);
        AccountSnapshot snapshot = AccountSnapshot.Of(account, current);
        AccountSnapshot? before = id == changed.AccountId ? changed.Before : null;
        TimelineSaved saved = await timelines.ChangeAsync(
            id,
            [],
            (state, _) =>
            {
                if (ReferenceEquals(state, SignalState.Empty) && before is null)
                    return null; // nothing was ever known of it: nothing to compare with
                TimelineChange look = AccountWatch.Look(state, id, before, snapshot, starts, now);
                return look.Entries.Count == 0 && ReferenceEquals(look.State, state) ? null : EventIntake.Heard(look, current);
            },
            cancellationToken);
        if (saved.State.Pending.Count == 0)
            return false;
        await AnswerAsync(account, saved.State, current, starter, cancellationToken);
        return saved.State.Pending.Count > MostEntries;
    }

    private async Task AnswerAsync(Account account, SignalState state, AbmConfig current, IPlayStarter starter, CancellationToken cancellationToken)
    {
        string id = account.Id.Value;
        string[] keys = [.. state.Pending.Take(MostEntries)];
        Dictionary<string, IReadOnlyList<EntryAnswer>> answers = keys.ToDictionary(k => k, IReadOnlyList<EntryAnswer> (_) => [], StringComparer.Ordinal);
        string? owner = account.OwnerId is null ? await FormerOwnerAsync(state, cancellationToken) : null;
        IReadOnlyList<StoredEntry> entries = await timelines.FindAsync(id, keys, cancellationToken);
        foreach (StoredEntry entry in entries.OrderBy(e => e.Entry.Event.At).ThenBy(e => e.Entry.Event.EventId, StringComparer.Ordinal))
        {
            AccountEvent happened = entry.Entry.Event;
            IReadOnlyList<RecentEvent> recent = SignalOccasions.LooksBack(happened.Kind, current) is { } back
                ? [.. (await timelines.BetweenAsync(id, happened.At - back, happened.At, cancellationToken)).Select(r => new RecentEvent(r.Entry.Event.Kind, r.Entry.Event.At))]
                : [];
            IReadOnlyDictionary<string, string> properties = SignalOccasions.Properties(entry.Entry, current);
            List<EntryAnswer> said = [.. await running.TellAsync(id, happened, starter, cancellationToken)];
            foreach (PlayOccasion occasion in SignalOccasions.Of(entry.Entry, id, recent, owner))
                said.AddRange((await plays.HappenedAsync(occasion, properties, starter, cancellationToken)).Select(Answer));
            answers[entry.Key] = said;
        }

        await timelines.AnsweredAsync(id, answers, cancellationToken);
        logger.EntriesAnswered(id, entries.Count, answers.Values.Sum(a => a.Count(x => x.Became == "started")));
    }

    private async Task<string?> FormerOwnerAsync(SignalState state, CancellationToken cancellationToken) =>
        state.LastOwnerId is { } last && (await reps.CurrentAsync(cancellationToken)).TryGetValue(RepId.Parse(last), out Rep? rep) && rep.IsActive ? last : null;

    private static EntryAnswer Answer(EnrolmentDecision decision) => decision switch
    {
        EnrolmentDecision.Start start => new EntryAnswer(start.Play, "started", start.Because.Code, start.Because.Says, start.Input.PlayId),
        EnrolmentDecision.Join join => new EntryAnswer(join.Play, "joined", join.Because.Code, join.Because.Says, join.RunningPlayId),
        _ => new EntryAnswer(decision.Play, "none", decision.Because.Code, decision.Because.Says, null),
    };
}
