using Abm.Accounts;
using Abm.Ports;
using Abm.Signals;

namespace Abm.Functions.Signals;

/// <summary>An event of a person, as the person gets it.</summary>
/// <param name="AccountId">Null: its account is not known yet.</param>
public sealed record PersonEventResponse(
    string EventId, string Kind, DateTimeOffset At, DateTimeOffset ReceivedAt, string Source, string? AccountId, string? PersonId, string? Persona, string? Department, string? Topic, double? Score,
    string? OpportunityId, IReadOnlyDictionary<string, string> Custom)
{
    public static PersonEventResponse From(string? account, AccountEvent e) =>
        new(e.EventId, e.Kind, e.At, e.ReceivedAt, e.Source, account, e.PersonId, e.Persona, e.Department, e.Topic, e.Score, e.OpportunityId, e.Custom);
}

/// <summary>What a person did, wherever it is kept: found and erased by the address, by the ids of the person's contacts, and by the ids that came with the address.</summary>
public sealed class PersonEvents(IAccountTimelines timelines, IWaitingEvents waiting, IPersonKeys persons)
{
    /// <summary>Events of one person that are given at once.</summary>
    public const int MaxEvents = 5_000;

    /// <summary>Newest last.</summary>
    public async Task<IReadOnlyList<PersonEventResponse>> OfAsync(string email, IReadOnlyList<Contact> contacts, CancellationToken cancellationToken)
    {
        List<PersonEventResponse> found = [];
        foreach (string key in await KeysAsync(email, contacts, cancellationToken))
        {
            found.AddRange((await timelines.OfPersonAsync(key, MaxEvents - found.Count, cancellationToken)).Select(e => PersonEventResponse.From(e.AccountId, e.Entry.Event)));
            found.AddRange((await waiting.OfPersonAsync(key, cancellationToken)).Select(e => PersonEventResponse.From(null, e)));
            if (found.Count >= MaxEvents)
                break;
        }

        return [.. found.OrderBy(e => e.At).ThenBy(e => e.EventId, StringComparer.Ordinal).Take(MaxEvents)];
    }

    /// <returns>How many events went. Safe to repeat.</returns>
    public async Task<int> EraseAsync(string email, IReadOnlyList<Contact> contacts, CancellationToken cancellationToken)
    {
        int erased = 0;

        // The address's own key goes last: by it a repeat after a crash finds the others.
        foreach (string key in (await KeysAsync(email, contacts, cancellationToken)).Reverse())
        {
            erased += await waiting.ErasePersonAsync(key, cancellationToken);
            erased += await timelines.ErasePersonAsync(key, cancellationToken);
        }

        return erased;
    }

    private async Task<IReadOnlyList<string>> KeysAsync(string email, IReadOnlyList<Contact> contacts, CancellationToken cancellationToken)
    {
        if (await persons.OfAsync(email, cancellationToken) is not { } own)
            return [];
        List<string> keys = [own];
        IEnumerable<string> ids = contacts.Select(c => c.Id.Value)
            .Concat((await timelines.OfPersonAsync(own, MaxEvents, cancellationToken)).Select(e => e.Entry.Event.PersonId).OfType<string>())
            .Concat((await waiting.OfPersonAsync(own, cancellationToken)).Select(e => e.PersonId).OfType<string>());
        foreach (string id in ids.Distinct(StringComparer.Ordinal))
        {
            if (await EventSubjects.KeyOfIdAsync(id, persons, cancellationToken) is { } key && !keys.Contains(key))
                keys.Add(key);
        }

        return keys;
    }
}
