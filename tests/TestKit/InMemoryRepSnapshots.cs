using System.Collections.Concurrent;
using Abm.Decisions;
using Abm.People;
using Abm.Ports;

namespace Abm.TestKit;

/// <summary>States of the rep directory in memory, named by who is in them.</summary>
public sealed class InMemoryRepSnapshots : IRepSnapshots
{
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<RepId, Rep>> _kept = new(StringComparer.Ordinal);

    public ValueTask<string> KeepAsync(IReadOnlyDictionary<RepId, Rep> reps, CancellationToken cancellationToken)
    {
        string name = DerivedId.From("reps", [.. reps.Values.OrderBy(r => r.Id).Select(r => System.Text.Json.JsonSerializer.Serialize(r))]);
        _kept.TryAdd(name, reps);
        return ValueTask.FromResult(name);
    }

    public ValueTask<IReadOnlyDictionary<RepId, Rep>?> FindAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult(_kept.GetValueOrDefault(name));
}
