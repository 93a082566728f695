using Abm.Ports;

namespace Abm.Functions.Configuration.Versions;

/// <summary>Who acts, and in which call.</summary>
/// <param name="Name">As <see cref="Http.Caller.Name"/>.</param>
/// <param name="RequestId">Null when it was no call.</param>
public sealed record Actor(string Name, string? RequestId);

/// <summary>What becomes of activations that wait for their instant.</summary>
public enum PendingChoice
{
    /// <summary>They come into force as scheduled, after what is published now.</summary>
    Keep,

    /// <summary>They are taken back together with what is published now.</summary>
    Cancel,
}

/// <summary>What somebody asks for.</summary>
/// <param name="Author">Who wrote the rules: the signed-in person, or whom the holder of a key names.</param>
/// <param name="ActivateAt">Null: at once.</param>
/// <param name="Accept">Whether the gate may be passed.</param>
/// <param name="Pending">Null: nothing was said, so that they must not be in the way.</param>
public sealed record PublishOrder(Actor Who, string Author, string Reason, string? Approver, DateTimeOffset? ActivateAt, bool Accept, PendingChoice? Pending);

/// <summary>What is in force, as one look found it.</summary>
/// <param name="Activation">Null: nothing was published yet.</param>
/// <param name="At">When it was looked.</param>
public sealed record InForce(ActivationHead Head, Activation? Activation, IReadOnlyList<Activation> Pending, DateTimeOffset At)
{
    /// <summary>Names the state of the log and the version in force: it changes with each entry, and when a scheduled version comes into force.</summary>
    public string ETag => FormattableString.Invariant($"\"{Head.LastSequence}.{Activation?.Version}\"");

    /// <summary>The version in such a tag; null when it is none of ours.</summary>
    public static string? VersionIn(string tag)
    {
        string inner = tag.Trim('"');
        int dot = inner.IndexOf('.', StringComparison.Ordinal);
        return dot >= 0 && dot + 1 < inner.Length ? inner[(dot + 1)..] : null;
    }
}

/// <summary>A draft that was kept.</summary>
/// <param name="IsNew">False: it was known; its first author stays.</param>
public sealed record KeptDraft(ConfigVersion Version, bool IsNew, IReadOnlyList<Finding> Findings);

/// <summary>What became of an order.</summary>
public abstract record PublishOutcome
{
    private PublishOutcome()
    {
    }

    /// <param name="IsNew">False: it had been done before, and nothing was changed.</param>
    public sealed record Done(Activation Entry, bool IsNew, InForce Now) : PublishOutcome;

    /// <summary>Somebody was faster: what is in force is not what the caller knows.</summary>
    public sealed record ChangedMeanwhile(InForce Now) : PublishOutcome;

    /// <summary>Lint found errors.</summary>
    public sealed record Refused(IReadOnlyList<Finding> Findings) : PublishOutcome;

    /// <summary>The rules in force ask for a second person.</summary>
    public sealed record NeedsApproval : PublishOutcome;

    /// <summary>Too many leads would go another way, or nobody knows how many.</summary>
    /// <param name="Run">Null: no dry run of this draft against what is in force.</param>
    public sealed record Blocked(string Draft, string Base, DryRunSummary? Run, double MaxFlipsPercent) : PublishOutcome;

    /// <summary>Something is scheduled, and nobody said what is to become of it; or too much is.</summary>
    public sealed record PendingUndecided(IReadOnlyList<Activation> Pending) : PublishOutcome;

    /// <summary>No such version was ever in force.</summary>
    public sealed record Unknown : PublishOutcome;

    /// <summary>There is nothing to take back: no such activation waits.</summary>
    public sealed record NotPending : PublishOutcome;

    /// <summary>Others published again and again.</summary>
    public sealed record TooBusy : PublishOutcome;
}
