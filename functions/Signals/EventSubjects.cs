using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Storage.Accounts;
using Abm.Leads;
using Abm.Matching;
using Abm.Ports;
using Abm.Scoring;
using Abm.Signals;

namespace Abm.Functions.Signals;

/// <summary>Whose event it is.</summary>
/// <param name="Account">Null: nobody's that is known.</param>
/// <param name="Waits">What the account will be recognised by, when it is not known yet.</param>
/// <param name="Problem">Why it is nobody's and never will be.</param>
internal sealed record EventSubject(string? Account, WaitingSubject? Waits, Problem? Problem);

/// <summary>Says whose an event is, as the matcher does: by the account's id, the person's address or id, the company's domain.</summary>
internal static class EventSubjects
{
    private static readonly LeadId Question = LeadId.From("event", "question");

    public static EventSubject Of(SentEvent e, AccountsState accounts, AbmConfig config, DateTimeOffset now)
    {
        if (e.AccountId is { } id)
        {
            return accounts.Index.Find(AccountId.Parse(id)) is { } named
                ? new EventSubject(named.Id.Value, null, null)
                : new EventSubject(null, new WaitingSubject(id, null), null);
        }

        if (e.PersonId is { } person && accounts.Contacts.GetValueOrDefault(person) is { } contact && accounts.Index.Find(contact.AccountId) is { } theirs)
            return new EventSubject(theirs.Id.Value, null, null);
        if (e.Email is null && e.Domain is null)
            return new EventSubject(null, null, new Problem("unknownPerson", "personId", "Nobody is known by this id: send accountId, domain or email as well."));
        return ByAddress(e.Email, e.Domain, accounts.Index, config, now);
    }

    /// <summary>Whether an account is known by now by what events wait for.</summary>
    public static string? Of(WaitingSubject subject, AccountsState accounts, AbmConfig config, DateTimeOffset now) => subject.AccountId is { } id
        ? accounts.Index.Find(AccountId.Parse(id))?.Id.Value
        : ByAddress(null, subject.Domain, accounts.Index, config, now).Account;

    /// <summary>The person's key and persona, as far as they are known.</summary>
    public static async ValueTask<AccountEvent> WithPersonAsync(AccountEvent happened, SentEvent e, AccountsState accounts, AbmConfig config, IPersonKeys persons, CancellationToken cancellationToken)
    {
        Contact? contact = e.PersonId is { } id && accounts.Contacts.TryGetValue(id, out Contact? byId) ? byId
            : e.Email is { } address && EmailAddress.Read(address)?.Normalised is { } normalised ? accounts.Index.FindContact(normalised)
            : null;
        string? email = e.Email ?? contact?.Email;
        string? key = email is not null ? await persons.OfAsync(email, cancellationToken) : e.PersonId is { } own ? await KeyOfIdAsync(own, persons, cancellationToken) : null;
        string? persona = e.Persona ?? (Personas.Of(e.Title ?? contact?.Title, config.Personas) is var read and not Personas.Other ? read : null);
        return happened with { PersonKey = key, PersonId = e.PersonId ?? contact?.Id.Value, Persona = key is null && e.Persona is null ? null : persona, Department = e.Department };
    }

    /// <summary>The key of somebody who is known by an id only.</summary>
    public static ValueTask<string?> KeyOfIdAsync(string personId, IPersonKeys persons, CancellationToken cancellationToken) => persons.OfAsync($"id {personId}", cancellationToken);

    private static EventSubject ByAddress(string? email, string? domain, IAccountIndex index, AbmConfig config, DateTimeOffset now)
    {
        Lead question = new(Question, new Submission { Email = email, Website = domain }, now);
        if (LeadMatcher.Match(question, index, config, now) is MatchDecision.Matched { IsLowConfidence: false } matched)
            return new EventSubject(matched.Account.Value, null, null);
        CompanyDomain? company = domain is not null ? CompanyDomain.ReadWebsite(domain) ?? CompanyDomain.Read(domain) : LeadIdentity.From(question).Email?.Domain;
        if (company is null)
        {
            return new EventSubject(null, null, domain is not null
                ? new Problem("invalidValue", "domain", "It is no domain of a company.")
                : new Problem("noAccount", "email", "The address is of nobody known, and not at a company's domain: send accountId or domain as well."));
        }

        return LeadMatcher.Match(question, index, config, now) is MatchDecision.Review or MatchDecision.Matched
            ? new EventSubject(null, null, new Problem("ambiguous", domain is not null ? "domain" : "email", "Several accounts may be meant: send accountId."))
            : new EventSubject(null, new WaitingSubject(null, company.Registrable), null);
    }
}
