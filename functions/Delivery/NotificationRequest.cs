namespace Abm.Functions.Delivery;

/// <summary>What a receiver is sent: whom it is for, in words, and the facts behind the words.</summary>
/// <param name="DeliveryId">The same in every attempt and replay.</param>
/// <param name="Kind">The template's name, such as <c>context-card</c>, <c>reminder</c> or <c>breach</c>.</param>
/// <param name="At">When the play meant it to be sent, UTC.</param>
/// <param name="DueAt">Deadline of the first touch, UTC.</param>
public sealed record NotificationRequest(
    int Version,
    string DeliveryId,
    string Kind,
    DateTimeOffset At,
    string LeadId,
    string PlayId,
    NotifiedParty To,
    string Subject,
    string Text,
    NotifiedParty Owner,
    string Policy,
    DateTimeOffset DueAt,
    NotifiedLead Lead,
    NotifiedAccount? Account);

/// <param name="Kind"><c>rep</c> or <c>queue</c>.</param>
public sealed record NotifiedParty(string Kind, string Id, string? Name, string? Email);

/// <summary>The person to get in touch with.</summary>
public sealed record NotifiedLead(string? FirstName, string? LastName, string? Title, string? Email, string? Phone, string? Company, string Source, string Persona);

/// <summary>The account's context.</summary>
/// <param name="Why">Why the lead belongs to it, one sentence for each piece of evidence that counted.</param>
public sealed record NotifiedAccount(string AccountId, string Name, double Confidence, double FitPoints, string Level, IReadOnlyList<string> Why);
