using Abm.Accounts;
using Abm.Decisions;

namespace Abm.Matching;

/// <summary>A candidate with what speaks for and against it.</summary>
internal sealed class ScoredCandidate
{
    private AccountKeys? _keys;

    public AccountKeys Keys => _keys!;
    public Account Account => Keys.Account;
    public List<Evidence> Evidence { get; } = new(14);

    /// <summary>The sum of the evidence.</summary>
    public double Points { get; private set; }

    /// <summary>Probability that it is the right one, 0 to 1; set when all candidates are known.</summary>
    public double Confidence { get; set; }

    /// <summary>What exceptions did to it; they count nothing.</summary>
    public IReadOnlyList<Reason> Exceptions { get; set; } = [];

    /// <summary>The lead as it was compared with this one; null: as with all.</summary>
    public LeadProfile? Profile { get; set; }

    /// <summary>Begins anew, with this account and without evidence.</summary>
    public void Begin(AccountKeys account)
    {
        Clear();
        _keys = account;
    }

    /// <summary>All evidence is there: adds it up.</summary>
    public void Add() => Points = Math.Round(Sum(Evidence), 2);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _keys = null;
        Evidence.Clear();
        Points = 0;
        Confidence = 0;
        Exceptions = [];
        Profile = null;
    }

    public bool Has(EvidenceKind kind)
    {
        foreach (Evidence piece in Evidence)
        {
            if (piece.Kind == kind)
                return true;
        }

        return false;
    }

    /// <summary>Only a domain speaks for it; places do not count, they speak for all that are there.</summary>
    public bool IsDomainOnly => (Has(EvidenceKind.DomainPrimary) || Has(EvidenceKind.DomainSecondary) || Has(EvidenceKind.DomainRelated)) && !HasOther();

    /// <summary>Only the name speaks for it.</summary>
    public bool IsNameOnly
    {
        get
        {
            foreach (Evidence piece in Evidence)
            {
                if (piece.Points > 0 && piece.Kind is < EvidenceKind.NameSame or > EvidenceKind.NameMissing)
                    return false;
            }

            return true;
        }
    }

    private bool HasOther()
    {
        foreach (Evidence piece in Evidence)
        {
            if (piece.Points > 0 && piece.Kind is EvidenceKind.KnownContact or EvidenceKind.NameSame or EvidenceKind.NameSameCore or EvidenceKind.NameMisspelt or EvidenceKind.NameDoubtful or EvidenceKind.NameSimilarShare or EvidenceKind.NameInitials
                or EvidenceKind.NameIsDomain or EvidenceKind.NameIsAgreedDomain or EvidenceKind.NameSameAsAgreedDomain or EvidenceKind.PhoneSame or EvidenceKind.StreetSame)
                return true;
        }

        return false;
    }

    /// <summary>Something other than the domain connects it with the lead, by which it would have been found: the name or a part of it, the telephone, the street, a contact.</summary>
    public bool IsConnectedWithoutDomain
    {
        get
        {
            foreach (Evidence piece in Evidence)
            {
                if (piece.Kind is EvidenceKind.KnownContact or EvidenceKind.PhoneSame or EvidenceKind.StreetSame or (>= EvidenceKind.NameSame and <= EvidenceKind.NameSameAsAgreedDomain))
                    return true;
            }

            return false;
        }
    }

    private static double Sum(List<Evidence> evidence)
    {
        double sum = 0;
        foreach (Evidence piece in evidence)
            sum += piece.Points;
        return sum;
    }
}
