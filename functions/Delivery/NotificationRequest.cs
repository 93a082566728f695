namespace Abm.Functions.Delivery;

/// <summary>What a receiver is sent: whom it is for, in words, and the facts behind the words.</summary>
/// <param name="DeliveryId">The same in every attempt and replay.</param>
/// <param name="Kind">The template's name, such as <c>context-card</c>, <c>reminder</c> or <c>breach</c>; of requests <c>task</c>, <c>sequence</c>, <c>enrich</c> or <c>webhook</c>.</param>
/// <param name="At">When the play meant it to be sent, UTC.</param>
/// <param name="LeadId">Null: it is about an account or an opportunity.</param>
/// <param name="Policy">The deadline that runs; null: none does.</param>
/// <param name="DueAt">When that is missed, UTC.</param>
/// <param name="Lead">Null: it is about an account or an opportunity.</param>
public sealed record NotificationRequest(
    int Version,
    string DeliveryId,
    string Kind,
    DateTimeOffset At,
    string? LeadId,
    string PlayId,
    NotifiedParty To,
    string Subject,
    string Text,
    NotifiedParty? Owner,
    string? Policy,
    DateTimeOffset? DueAt,
    NotifiedLead? Lead,
    NotifiedAccount? Account)
{
    /// <summary>Name of the play.</summary>
    public string Play { get; init; } = "";

    /// <summary>What the play is about, such as <c>account</c> and its id.</summary>
    public NotifiedSubject? About { get; init; }

    /// <summary>Of the sequence, the provider or the webhook; null: it is for people.</summary>
    public string? Name { get; init; }

    /// <summary>Properties of what started the play; empty for a lead's.</summary>
    public IReadOnlyDictionary<string, string> Event { get; init; } = new Dictionary<string, string>();

    /// <summary>What is read from the account's events, by field; empty when the play asks nothing about them.</summary>
    public IReadOnlyDictionary<string, string> Signals { get; init; } = new Dictionary<string, string>();

    /// <summary>What the play has done and heard so far, oldest first: whoever takes over knows it all.</summary>
    public IReadOnlyList<NotifiedHistory> History { get; init; } = [];
}

/// <param name="Kind"><c>lead</c>, <c>account</c> or <c>opportunity</c>.</param>
public sealed record NotifiedSubject(string Kind, string Id);

/// <summary>One thing that the play did or heard.</summary>
/// <param name="Code">Such as <c>done</c>, <c>given</c>, <c>answered</c>; of an event its name.</param>
/// <param name="By">Who told it; null: the play itself did it.</param>
public sealed record NotifiedHistory(DateTimeOffset At, string What, string Code, string? Says, string? By);

/// <param name="Kind"><c>rep</c> or <c>queue</c>.</param>
public sealed record NotifiedParty(string Kind, string Id, string? Name, string? Email);

/// <summary>The person to get in touch with.</summary>
public sealed record NotifiedLead(string? FirstName, string? LastName, string? Title, string? Email, string? Phone, string? Company, string Source, string Persona);

/// <summary>The account's context.</summary>
/// <param name="Why">Why the lead belongs to it, one sentence for each piece of evidence that counted.</param>
/// <param name="Confidence">Of the match; null: nothing was matched.</param>
/// <param name="FitPoints">Null: not scored for this.</param>
public sealed record NotifiedAccount(string AccountId, string Name, double? Confidence, double? FitPoints, string? Level, IReadOnlyList<string> Why);
