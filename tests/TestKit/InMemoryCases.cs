using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Abm.Decisions;
using Abm.Ports;
using Abm.Replays;

namespace Abm.TestKit;

/// <summary>Labelled cases in memory; keeps the contract of the table.</summary>
public sealed class InMemoryCases : ICaseStore
{
    private readonly ConcurrentDictionary<string, LabelledCase> _cases = new(StringComparer.Ordinal);

    public IReadOnlyList<LabelledCase> Cases => [.. _cases.Values];

    public Task PutAsync(LabelledCase labelled, CancellationToken cancellationToken)
    {
        _cases[labelled.CaseId] = labelled;
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<LabelledCase> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (LabelledCase labelled in Cases)
        {
            await Task.Yield();
            yield return labelled;
        }
    }

    public Task<int> RemoveAsync(LeadId lead, CancellationToken cancellationToken) =>
        Task.FromResult(Cases.Count(c => c.Lead == lead && _cases.TryRemove(c.CaseId, out _)));
}
