using Abm.Accounts;
using Abm.Decisions;
using Abm.Lists;

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

    /// <summary>The company's name folded, with its legal form; null when there is none. Names that were cut off are recognised by it.</summary>
    public string? CompanyAsWritten { get; init; }

    /// <summary>The legal form that the company's name ends in, in one spelling (<c>llc</c>); null when none that we know.</summary>
    public string? CompanyForm { get; init; }

    /// <summary>What else the company may be, where the text holds more than one name: "X dba Y", "Marketing at X". Most have none.</summary>
    public IReadOnlyList<NameReading> OtherCompanies { get; init; } = [];

    /// <summary>Normalises what was submitted.</summary>
    public static LeadIdentity From(Lead lead) => lead.Identity;

    /// <inheritdoc cref="From(Lead)"/>
    public static LeadIdentity From(Submission submitted)
    {
        string folded = string.IsNullOrWhiteSpace(submitted.Company) ? "" : TextFold.Fold(submitted.Company);
        NameKey? company = NameKey.FoldedSaysNothing(folded) ? null : NameKey.Read(submitted.Company, folded);
        Place place = Place.Read(submitted.Address, submitted.City, submitted.State, null, submitted.Country);
        return new(
            IdText.IsValid(submitted.AccountId) ? AccountId.Parse(submitted.AccountId!) : null,
            EmailAddress.Read(submitted.Email),
            company,
            CompanyDomain.ReadWebsite(submitted.Website),
            PhoneNumber.Read(submitted.Phone, place.Country),
            place)
        {
            IsSelfEmployed = NameKey.FoldedSaysSelfEmployed(folded),
            CompanyAsWritten = company is { Full.Length: >= 18 } ? Folded(ListedName.WithoutShare(submitted.Company!)) : null,
            CompanyForm = company is null ? null : LegalForm.Of(submitted.Company, folded),
            OtherCompanies = NameReadings.OfLead(submitted.Company, company, place),
        };

        string Folded(string name) => ReferenceEquals(name, submitted.Company) ? folded : TextFold.Fold(name);
    }
}
