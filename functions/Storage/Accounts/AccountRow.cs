using System.Diagnostics;
using Abm.Accounts;
using Abm.Decisions;

namespace Abm.Functions.Storage.Accounts;

/// <summary>An account as it is stored. Names are kept short of nothing: the contents are compressed.</summary>
internal sealed record AccountRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public IReadOnlyList<string>? Domains { get; init; }
    public string? Website { get; init; }
    public string? Phone { get; init; }
    public string? Street { get; init; }
    public string? City { get; init; }
    public string? State { get; init; }
    public string? Zip { get; init; }
    public string? Country { get; init; }
    public string? Industry { get; init; }
    public int? EmployeeCount { get; init; }
    public IReadOnlyList<string>? Aliases { get; init; }
    public string? ParentId { get; init; }
    public string? OwnerId { get; init; }
    public string? Tier { get; init; }
    public string? Status { get; init; }
    public bool HasOpenOpportunity { get; init; }
    public string? OpportunityOwnerId { get; init; }
    public int ContactCount { get; init; }
    public int LeadCount { get; init; }
    public int OpportunityCount { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public IReadOnlyDictionary<string, string>? Custom { get; init; }

    public static AccountRow From(Account account) => new()
    {
        Id = account.Id.Value,
        Name = account.Name,
        Domains = account.Domains.Count == 0 ? null : account.Domains,
        Website = account.Website,
        Phone = account.Phone,
        Street = account.Street,
        City = account.City,
        State = account.State,
        Zip = account.Zip,
        Country = account.Country,
        Industry = account.Industry,
        EmployeeCount = account.EmployeeCount,
        Aliases = account.Aliases.Count == 0 ? null : account.Aliases,
        ParentId = account.ParentId?.Value,
        OwnerId = account.OwnerId?.Value,
        Tier = account.Tier == AccountTier.None ? null : account.Tier.ToString(),
        Status = account.Status == AccountStatus.Prospect ? null : account.Status.ToString(),
        HasOpenOpportunity = account.HasOpenOpportunity,
        OpportunityOwnerId = account.OpportunityOwnerId?.Value,
        ContactCount = account.ContactCount,
        LeadCount = account.LeadCount,
        OpportunityCount = account.OpportunityCount,
        CreatedAt = account.CreatedAt,
        Custom = account.Custom.Count == 0 ? null : new SortedDictionary<string, string>(account.Custom.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
    };

    public Account ToAccount() => new()
    {
        Id = AccountId.Parse(Id),
        Name = Name,
        Domains = Domains ?? [],
        Website = Website,
        Phone = Phone,
        Street = Street,
        City = City,
        State = State,
        Zip = Zip,
        Country = Country,
        Industry = Industry,
        EmployeeCount = EmployeeCount,
        Aliases = Aliases ?? [],
        ParentId = ParentId is null ? null : AccountId.Parse(ParentId),
        OwnerId = OwnerId is null ? null : RepId.Parse(OwnerId),
        Tier = Tier is null ? AccountTier.None : Enum.Parse<AccountTier>(Tier),
        Status = Status is null ? AccountStatus.Prospect : Enum.Parse<AccountStatus>(Status),
        HasOpenOpportunity = HasOpenOpportunity,
        OpportunityOwnerId = OpportunityOwnerId is null ? null : RepId.Parse(OpportunityOwnerId),
        ContactCount = ContactCount,
        LeadCount = LeadCount,
        OpportunityCount = OpportunityCount,
        CreatedAt = CreatedAt,
        Custom = Custom ?? NoCustom,
    };

    private static readonly IReadOnlyDictionary<string, string> NoCustom = new Dictionary<string, string>();
}

/// <summary>A contact as it is stored.</summary>
internal sealed record ContactRow(string Id, string AccountId, string? Email, string? FirstName, string? LastName, string? Title, string? Phone)
{
    public static ContactRow From(Contact contact) =>
        new(contact.Id.Value, contact.AccountId.Value, contact.Email, contact.FirstName, contact.LastName, contact.Title, contact.Phone);

    public Contact ToContact() => new()
    {
        Id = ContactId.Parse(Id),
        AccountId = Abm.Decisions.AccountId.Parse(AccountId),
        Email = Email,
        FirstName = FirstName,
        LastName = LastName,
        Title = Title,
        Phone = Phone,
    };
}

/// <summary>Which changes an account's fields come from, as it is stored.</summary>
internal sealed record OrderRow(string Id, StampRow? LastSeen, StampRow? Removed, IReadOnlyList<StampedFieldsRow>? Fields)
{
    public static OrderRow From(AccountId id, AccountOrder order) => new(
        id.Value,
        StampRow.From(order.LastSeen),
        StampRow.From(order.Removed),
        order.Fields.Count == 0 ? null : [.. order.Fields.Select(fields => new StampedFieldsRow(StampRow.From(fields.Stamp)!, fields.Names))]);

    // Interned: the same few names stand in the order of every account.
    public AccountOrder ToOrder() => new(
        LastSeen?.ToStamp(), Removed?.ToStamp(), [.. (Fields ?? []).Select(fields => new StampedFields(fields.Stamp.ToStamp(), [.. fields.Names.Select(string.Intern)]))]);
}

/// <summary>A change's place as it is stored.</summary>
internal sealed record StampRow(DateTimeOffset At, string Id)
{
    public static StampRow? From(ChangeStamp? stamp) => stamp is null ? null : new(stamp.At, stamp.Id);

    public ChangeStamp ToStamp() => new(At, Id);
}

/// <summary>Fields that one change set last, as they are stored.</summary>
internal sealed record StampedFieldsRow(StampRow Stamp, IReadOnlyList<string> Names);

/// <summary>A merge as it is stored.</summary>
internal sealed record MergeRow(
    AccountRow Account, string Into, IReadOnlyList<string> Contacts, IReadOnlyList<string> Children, IReadOnlyList<string> AddedDomains, IReadOnlyList<string> AddedAliases, DateTimeOffset At, string By, string Reason)
{
    public static MergeRow From(MergedAccount m) => new(
        AccountRow.From(m.Account), m.Into.Value, [.. m.Contacts.Select(c => c.Value)], [.. m.Children.Select(c => c.Value)], m.AddedDomains, m.AddedAliases, m.At, m.By, m.Reason);

    public MergedAccount ToMerge() => new(
        Account.ToAccount(), AccountId.Parse(Into), [.. Contacts.Select(ContactId.Parse)], [.. Children.Select(AccountId.Parse)], AddedDomains, AddedAliases, At, By, Reason);
}

/// <summary>One account change as it is stored: exactly one of these is set.</summary>
internal sealed record AccountChangeRow(
    AccountRow? Account = null, ContactRow? Contact = null, string? RemovedAccount = null, string? RemovedContact = null, OrderRow? Order = null, MergeRow? Merge = null, string? Unmerged = null)
{
    public static AccountChangeRow From(AccountChange change) => change switch
    {
        AccountChange.Saved(var account) => new(AccountRow.From(account)),
        AccountChange.ContactSaved(var contact) => new(Contact: ContactRow.From(contact)),
        AccountChange.Removed(var id) => new(RemovedAccount: id.Value),
        AccountChange.ContactRemoved(var id) => new(RemovedContact: id.Value),
        AccountChange.Merged(var merge) => new(Merge: MergeRow.From(merge)),
        AccountChange.Unmerged(var id) => new(Unmerged: id.Value),
        AccountChange.Ordered(var id, var order) => new(Order: OrderRow.From(id, order)),
        _ => throw new UnreachableException(),
    };

    public AccountChange ToChange() => this switch
    {
        { Account: { } account } => new AccountChange.Saved(account.ToAccount()),
        { Contact: { } contact } => new AccountChange.ContactSaved(contact.ToContact()),
        { RemovedAccount: { } id } => new AccountChange.Removed(AccountId.Parse(id)),
        { RemovedContact: { } id } => new AccountChange.ContactRemoved(ContactId.Parse(id)),
        { Merge: { } merge } => new AccountChange.Merged(merge.ToMerge()),
        { Unmerged: { } id } => new AccountChange.Unmerged(AccountId.Parse(id)),
        { Order: { } order } => new AccountChange.Ordered(AccountId.Parse(order.Id), order.ToOrder()),
        _ => throw new InvalidDataException("A stored account change says nothing."),
    };
}
