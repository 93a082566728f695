using Abm.Accounts;
using Abm.Decisions;

namespace Abm.Leads;

/// <summary>A lead as the matcher sees it: every field normalised, once.</summary>
/// <param name="ClaimedAccount">The account that the sender names; null when none or no possible id.</param>
/// <param name="Company">Null when none is given, or what is given says nothing (<c>n/a</c>, <c>self-employed</c>, <c>asdf</c>).</param>
/// <param name="Website">The website's domain; null when none, or a mail provider's.</param>
public sealed record LeadIdentity(
    AccountId? ClaimedAccount,
    EmailAddress? Email,
    NameKey? Company,
    CompanyDomain? Website,
    PhoneNumber? Phone,
    Place Place)
{
    /// <summary>The lead says that it has no employer; its domain is then more likely a provider's than a company's.</summary>
    public bool IsSelfEmployed { get; init; }

    /// <summary>Normalises what was submitted.</summary>
    public static LeadIdentity From(Lead lead) => From(lead.Submitted);

    /// <inheritdoc cref="From(Lead)"/>
    public static LeadIdentity From(Submission submitted)
    {
        Place place = Place.Read(submitted.Address, submitted.City, submitted.State, null, submitted.Country);
        return new(
            IdText.IsValid(submitted.AccountId) ? AccountId.Parse(submitted.AccountId!) : null,
            EmailAddress.Read(submitted.Email),
            NameKey.SaysNothing(submitted.Company) ? null : NameKey.Read(submitted.Company),
            CompanyDomain.Read(submitted.Website),
            PhoneNumber.Read(submitted.Phone, place.Country),
            place)
        { IsSelfEmployed = NameKey.SaysSelfEmployed(submitted.Company) };
    }
}
