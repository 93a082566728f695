using Abm.Decisions;

namespace Abm.Leads;

/// <summary>A lead as the decisions see it: what was submitted, its id and when we received it.</summary>
/// <param name="ReceivedAt">When we accepted it, UTC. Time to first touch is measured from here.</param>
public sealed record Lead(LeadId Id, Submission Submitted, DateTimeOffset ReceivedAt)
{
    private Reading _read;

    /// <summary>What was submitted, normalised. Read once, however many decisions ask for it.</summary>
    internal LeadIdentity Identity => _read.Of(Submitted);

    /// <summary>What a lead was read as. No part of what a lead is: two leads are equal whether they have been read or not.</summary>
    private struct Reading : IEquatable<Reading>
    {
        private Tuple<Submission, LeadIdentity>? _last;

        public LeadIdentity Of(Submission submitted)
        {
            Tuple<Submission, LeadIdentity>? last = _last;
            if (last is null || !ReferenceEquals(last.Item1, submitted))
                _last = last = Tuple.Create(submitted, LeadIdentity.From(submitted));
            return last.Item2;
        }

        public readonly bool Equals(Reading other) => true;

        public override readonly bool Equals(object? obj) => obj is Reading;

        public override readonly int GetHashCode() => 0;
    }
}
