namespace Abm.Decisions;

/// <summary>What every id of ours obeys: 1–100 characters without <c>/ \ # ?</c> and control characters, so that it can be a table key and a URL segment.</summary>
public static class IdText
{
    /// <summary>Longest id, in characters.</summary>
    public const int MaxLength = 100;

    /// <summary>Whether the text can be an id as it is.</summary>
    public static bool IsValid(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxLength || text != text.Trim())
            return false;
        foreach (char c in text)
        {
            if (c is '/' or '\\' or '#' or '?' || char.IsControl(c) || char.IsSurrogate(c))
                return false;
        }

        return true;
    }

    internal static string Require(string text, string what) => IsValid(text)
        ? text
        : throw new ArgumentException($"Not a {what} id: it must have 1 to {MaxLength} characters without / \\ # ? and control characters.", nameof(text));
}

/// <summary>A lead. Derived from its source and the source's own id of it.</summary>
public sealed record LeadId
{
    private LeadId(string value) => Value = value;

    public string Value { get; }

    /// <summary>The id of what a source sent under its own id, or under its idempotency key.</summary>
    public static LeadId From(string source, string sourceEventId) => new(DerivedId.From("lead", source, sourceEventId));

    /// <exception cref="ArgumentException">The text cannot be an id.</exception>
    public static LeadId Parse(string text) => new(IdText.Require(text, "lead"));

    public override string ToString() => Value;
}

/// <summary>An account, as the customer's own system names it.</summary>
public sealed record AccountId : IComparable<AccountId>
{
    private AccountId(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="ArgumentException">The text cannot be an id.</exception>
    public static AccountId Parse(string text) => new(IdText.Require(text, "account"));

    /// <summary>Ordinal order: the last, total step of the tie-break.</summary>
    public int CompareTo(AccountId? other) => string.CompareOrdinal(Value, other?.Value);

    public override string ToString() => Value;
}

/// <summary>A person known at an account.</summary>
public sealed record ContactId
{
    private ContactId(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="ArgumentException">The text cannot be an id.</exception>
    public static ContactId Parse(string text) => new(IdText.Require(text, "contact"));

    public override string ToString() => Value;
}

/// <summary>Someone who can own a lead: a representative or a manager.</summary>
public sealed record RepId : IComparable<RepId>
{
    private RepId(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="ArgumentException">The text cannot be an id.</exception>
    public static RepId Parse(string text) => new(IdText.Require(text, "rep"));

    /// <summary>Ordinal order: the last, total step of the pool's tie-break.</summary>
    public int CompareTo(RepId? other) => string.CompareOrdinal(Value, other?.Value);

    public override string ToString() => Value;
}
