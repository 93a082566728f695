using Abm.Clocks;
using Abm.Decisions;

namespace Abm.Plays;

/// <summary>Which play follows the lead up.</summary>
public abstract record PlayDecision
{
    private PlayDecision(IReadOnlyList<Reason> reasons) => Reasons = reasons;
    public IReadOnlyList<Reason> Reasons { get; }

    /// <summary>Start this play, with this first-touch deadline.</summary>
    public sealed record Start(string Play, SlaDeadline FirstTouch, IReadOnlyList<Reason> Reasons) : PlayDecision(Reasons);

    /// <summary>No play: nobody owns it, it is suppressed, or it is a test without plays.</summary>
    public sealed record None(IReadOnlyList<Reason> Reasons) : PlayDecision(Reasons);
}
