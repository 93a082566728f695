using System.Text.Json;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Functions.Plays;
using Abm.Functions.Signals;
using Abm.Functions.Storage.Accounts;
using Abm.Journeys;
using Abm.Leads;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Retention;

/// <summary>Everything that is kept of a person.</summary>
/// <param name="IsCut">There are more leads than are given at once.</param>
public sealed record PersonExportResponse(IReadOnlyList<PersonLeadResponse> Leads, IReadOnlyList<PersonContactResponse> Contacts, IReadOnlyList<PersonEventResponse> Events, bool IsCut);

/// <summary>One lead with its decision and what happened to it.</summary>
public sealed record PersonLeadResponse(LeadResponse Lead, DecisionResponse? Decision, IReadOnlyList<HistoryResponse> History);

/// <summary>The person as a contact of an account.</summary>
public sealed record PersonContactResponse(string ContactId, string AccountId, string? Email, string? FirstName, string? LastName, string? Title, string? Phone);

/// <summary>Gives a person what is kept of them, and erases it. The address stands in the body: addresses of calls are logged in many places.</summary>
public sealed class PersonFunctions(
    IPersonStore persons, ILeadFileStore files, ICaseStore cases, IAccountCatalogue accounts, PersonEvents events, PlayEndings plays, Callers callers, TimeProvider clock, ILogger<PersonFunctions> logger)
{
    /// <summary>Leads of one person that are given at once.</summary>
    public const int MaxLeads = 500;

    private const int MaxBodyBytes = 4 * 1024;
    private const int MaxEmailLength = 320;

    /// <summary><c>POST /api/people/export</c> with <c>{email}</c>.</summary>
    [Function(nameof(ExportPerson))]
    public async Task<IActionResult> ExportPerson(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "people/export")] HttpRequest request, CancellationToken cancellationToken)
    {
        (string? email, IActionResult? refusal) = await ReadAsync(request, cancellationToken);
        if (email is null)
            return refusal!;
        IReadOnlyList<LeadId> leads = await persons.LeadsAsync(email, cancellationToken);
        List<PersonLeadResponse> found = [];
        foreach (LeadId lead in leads.Take(MaxLeads))
        {
            if (await files.ReadAsync(lead, cancellationToken) is not { } file)
                continue;
            JourneyDecision? decision = file.Lead.DecisionId is { } id ? await files.FindDecisionAsync(lead, id, cancellationToken) : null;
            found.Add(new PersonLeadResponse(
                LeadResponse.From(file),
                decision is null ? null : DecisionResponse.From(decision),
                [.. (await files.EventsAsync(lead, cancellationToken)).Select(e => new HistoryResponse(e.EventId, e.Kind, e.At, e.By, e.Details))]));
        }

        Contact[] contacts = Contacts(await accounts.CurrentAsync(cancellationToken), email);
        IReadOnlyList<PersonEventResponse> done = await events.OfAsync(email, contacts, cancellationToken);
        return new ApiResult(
            StatusCodes.Status200OK,
            new PersonExportResponse(
                found, [.. contacts.Select(c => new PersonContactResponse(c.Id.Value, c.AccountId.Value, c.Email, c.FirstName, c.LastName, c.Title, c.Phone))], done, leads.Count > MaxLeads || done.Count >= PersonEvents.MaxEvents));
    }

    /// <summary><c>POST /api/people/erase</c> with <c>{email}</c>: what is personal goes, what it came to stays. Safe to repeat; the receipt is the same, its counts add up.</summary>
    [Function(nameof(ErasePerson))]
    public async Task<IActionResult> ErasePerson(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "people/erase")] HttpRequest request, CancellationToken cancellationToken)
    {
        (string? email, IActionResult? refusal) = await ReadAsync(request, cancellationToken);
        if (email is null)
            return refusal!;
        DateTimeOffset now = clock.GetUtcNow();
        ErasureReceipt done = new("", now, now, 0, 0, 0, 0, 0, 0, 0, 0);
        foreach (LeadId lead in await persons.LeadsAsync(email, cancellationToken))
        {
            int removed = await cases.RemoveAsync(lead, cancellationToken);
            await plays.OfErasedAsync(lead, now, cancellationToken); // nobody gets in touch with whom nothing is known
            ErasedLead erased = await persons.EraseAsync(lead, email, now, cancellationToken);
            done = done with
            {
                Leads = done.Leads + 1,
                Decisions = done.Decisions + erased.Decisions,
                Events = done.Events + erased.Events,
                Notifications = done.Notifications + erased.Notifications,
                Cases = done.Cases + removed,
                Waiting = done.Waiting + (erased.IsWaiting ? 1 : 0),
            };
        }

        // By the contacts' ids, too: before they are gone.
        int accountEvents = await events.EraseAsync(email, Contacts(await accounts.CurrentAsync(cancellationToken), email), cancellationToken);
        done = done with
        {
            AccountEvents = accountEvents,
            Contacts = await EraseContactsAsync(email, cancellationToken),
            Quarantined = await persons.EraseQuarantineAsync(email, cancellationToken),
        };
        ErasureReceipt receipt = await persons.NoteAsync(email, done, cancellationToken);
        logger.PersonErased(done.Leads, done.Decisions, receipt.ReceiptId);
        return new ApiResult(StatusCodes.Status200OK, receipt);
    }

    private async Task<int> EraseContactsAsync(string email, CancellationToken cancellationToken)
    {
        int removed = 0;
        await accounts.SaveAsync(
            state =>
            {
                AccountChange[] changes = [.. Contacts(state, email).Select(c => new AccountChange.ContactRemoved(c.Id))];
                removed = changes.Length;
                return changes;
            },
            cancellationToken);

        // Removed is not gone: the feed still tells how the contact once came.
        if (removed > 0)
            await accounts.ForgetPastAsync(cancellationToken);
        return removed;
    }

    private static Contact[] Contacts(AccountsState state, string email)
    {
        string? wanted = EmailAddress.Read(email)?.Normalised;
        return wanted is null ? [] : [.. state.Contacts.Values.Where(c => EmailAddress.Read(c.Email)?.Normalised == wanted)];
    }

    private async Task<(string? Email, IActionResult? Refusal)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (callers.Of(request).Refusal(Caller.Admin) is { } forbidden)
            return (null, forbidden);
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return (null, body.Refusal);
        JsonElement root = body.Document.RootElement;
        List<Problem> problems = [];
        string? email = null;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("email", out JsonElement value) || value.ValueKind != JsonValueKind.String)
            problems.Add(new Problem("required", "email", "Send the address as {\"email\": \"…\"}."));
        else
            email = FieldText.Clean(JsonFields.TextOf(value, "email", problems), "email", MaxEmailLength, allowsLines: false, problems);

        if (email is null && problems.Count == 0)
            problems.Add(new Problem("required", "email", "It must not be empty."));
        return problems.Count > 0 ? (null, Problems.Invalid(problems)) : (email, null);
    }
}
