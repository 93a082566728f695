namespace Abm.Leads;

/// <summary>A lead exactly as a sender gave it, trimmed but not interpreted. Kept as it came; every decision is made from it anew.</summary>
/// <remarks>All texts are optional; at least one of e-mail, company, phone, website and account id is present (the reader at the edge sees to it).</remarks>
public sealed record Submission
{
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Title { get; init; }
    public string? Email { get; init; }
    public string? Company { get; init; }
    public string? Website { get; init; }
    public string? Phone { get; init; }
    public string? Address { get; init; }
    public string? City { get; init; }
    public string? State { get; init; }
    public string? Country { get; init; }

    /// <summary>Who sent it: <c>web</c> when the sender does not say. Lower case.</summary>
    public string Source { get; init; } = "web";

    /// <summary>The sender's own id of it; the same source and external id are the same lead.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The account that the sender says it belongs to: beats every inferred match.</summary>
    public string? AccountId { get; init; }

    /// <summary>Test leads go the whole way, without side effects.</summary>
    public bool IsTest { get; init; }

    public IReadOnlyDictionary<string, bool> Consent { get; init; } = new Dictionary<string, bool>();
    public IReadOnlyDictionary<string, string> Utm { get; init; } = new Dictionary<string, string>();

    /// <summary>Every property or column that we do not know, kept as text.</summary>
    public IReadOnlyDictionary<string, string> Custom { get; init; } = new Dictionary<string, string>();
}
