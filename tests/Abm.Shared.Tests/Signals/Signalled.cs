using Abm.Configuration;
using Abm.Signals;

namespace Abm.Shared.Tests.Signals;

/// <summary>Events written like a sentence.</summary>
internal static class Signalled
{
    public const string Subject = "A1";

    /// <summary>A Wednesday.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    private static int _number;

    public static AccountEvent Event(string kind, double daysAgo = 0, string? person = null, string? persona = null, string? topic = null, double? score = null, DateTimeOffset? heard = null)
    {
        DateTimeOffset at = Now.AddDays(-daysAgo);
        return new AccountEvent($"evt-{Interlocked.Increment(ref _number)}", kind, at, heard ?? at) { PersonKey = person, Persona = persona, Topic = topic, Score = score };
    }

    /// <summary>Each event is heard when it happens.</summary>
    public static (SignalState State, IReadOnlyList<TimelineEntry> Entries) Tell(params IReadOnlyList<AccountEvent> events) => Tell(SignalState.Empty, events);

    public static (SignalState State, IReadOnlyList<TimelineEntry> Entries) Tell(SignalState state, params IReadOnlyList<AccountEvent> events)
    {
        List<TimelineEntry> entries = [];
        foreach (AccountEvent e in events.OrderBy(e => e.ReceivedAt))
        {
            TimelineChange change = SignalFold.Add(state, Subject, [e], new SignalRules(), starts: true, e.ReceivedAt);
            state = change.State;
            entries.AddRange(change.Entries);
        }

        return (state, entries);
    }

    public static IReadOnlyDictionary<string, string> Facts(SignalState state, SignalRules? rules = null, DateTimeOffset? at = null) => AccountSignals.Facts(state, rules ?? new SignalRules(), at ?? Now);
}
