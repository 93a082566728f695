using Abm.Decisions;
using Abm.Replays;

namespace Abm.Ports;

/// <summary>What people corrected, kept as labelled cases.</summary>
public interface ICaseStore
{
    /// <summary>Keeps a case; one of the same lead and facet takes its place.</summary>
    Task PutAsync(LabelledCase labelled, CancellationToken cancellationToken);

    /// <summary>All of them. Streamed, in no particular order.</summary>
    IAsyncEnumerable<LabelledCase> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Removes every case of a lead.</summary>
    /// <returns>How many there were.</returns>
    Task<int> RemoveAsync(LeadId lead, CancellationToken cancellationToken);
}
