using Abm.Accounts;
using Abm.Lists;

namespace Abm.Matching;

/// <summary>What the names of a lead's company and an account tell.</summary>
internal static class NameEvidence
{
    /// <summary>Likeness of names below which they have nothing in common.</summary>
    private const double FaintShare = 0.15;

    /// <summary>What tells less than this is a word that people add and leave out.</summary>
    private const double HardlyAnything = 2.5;

    /// <summary>Shorter names are not cut off.</summary>
    private const int ShortestCut = 24;

    /// <summary>Letters of a misspelt word from which more of them make it likelier meant.</summary>
    private const int UsualSlip = 5;

    private const int MostSlipLetters = 4;

    /// <summary>Bits by which a spelling counts as odder at most.</summary>
    private const double MostOdder = 8;

    /// <summary>More bits than this say no more.</summary>
    private const double MostBits = 24;

    /// <returns>Whether the name speaks for the account.</returns>
    public static bool Collect(LeadProfile lead, AccountKeys account, DomainAgreement domain, WordWeights words, EvidenceList evidence)
    {
        if (lead.Company is not { } company)
        {
            evidence.AddMissing(EvidenceKind.NameMissing);
            return false;
        }

        (NameComparison best, NameKey name, bool isPart, double rarity) = Best(lead, account, words);
        if (best.Kind == NameLikeness.Similar && IsCut(lead, account))
            best = new(NameLikeness.SameCore);
        if (Same(best.Kind) is { } same)
        {
            if (domain != DomainAgreement.None && lead.CompanyIsDomain)
            {
                evidence.Add(EvidenceKind.NameSameAsAgreedDomain);
                return true;
            }

            evidence.Add(same);
            evidence.AddRarity(rarity);
            evidence.AddShared(EvidenceKind.NameShared, words.Count(IndexKey.Of(IndexKey.Name, name.Squashed)));
            if (!isPart && lead.Identity.CompanyForm is { } form && account.LegalForm is { } other && form != other)
                evidence.Add(EvidenceKind.LegalFormDiffers);
            if (domain == DomainAgreement.None && IsTown(account) && !IsSamePlace(lead.Identity.Place, account))
                evidence.Add(EvidenceKind.NameOfTown);
            if (isPart)
                evidence.Add(EvidenceKind.NamePart);
            if (best.Kind is NameLikeness.Doubtful or NameLikeness.Misspelt)
                CollectSlip(best, evidence);
            if (best.Kind is NameLikeness.Misspelt or NameLikeness.Doubtful && domain == DomainAgreement.None && IsSpeltByDomain(lead, name))
                evidence.Add(EvidenceKind.NameSpeltByDomain);
            return true;
        }

        if ((company.Squashed.Length >= DomainEvidence.ShortestLabel || (domain != DomainAgreement.None && lead.CompanyIsDomain)) && (IsDomainLabel(company.Squashed, account) || (company.AsWritten is { } written && IsDomainLabel(written, account))))
        {
            if (domain != DomainAgreement.None)
            {
                // The domain has been counted already; its name says nothing more.
                evidence.Add(EvidenceKind.NameIsAgreedDomain);
                return domain == DomainAgreement.Own;
            }

            evidence.Add(EvidenceKind.NameIsDomain);
            evidence.AddShared(EvidenceKind.NameInitialsShared, words.Count(IndexKey.Of(IndexKey.Label, company.Squashed)));
            return true;
        }

        if (account.HasAcronym(company.Squashed) || SpellsInitialsOf(company, account))
        {
            evidence.Add(EvidenceKind.NameInitials);
            evidence.AddShared(EvidenceKind.NameInitialsShared, words.Count(IndexKey.Of(IndexKey.Acronym, company.Squashed)));
            return true;
        }

        // A former name often lives on in the domain.
        EvidenceKind? old = domain == DomainAgreement.None ? DomainSegments.Spelling(lead, account) : null;
        bool isSimilar = best.Kind == NameLikeness.Similar && best.Share >= FaintShare;
        if (old is { } spelt)
            evidence.Add(spelt);
        if (isSimilar)
        {
            CollectSimilar(best, isPart, domain, evidence);
            if (domain == DomainAgreement.None && best.LeadOnlyBits >= HardlyAnything && IsTown(account))
                evidence.Add(EvidenceKind.NameAfterTown);
        }
        else if (old is not null)
            return false;
        else if (IsOtherScript(company, account))
            evidence.Add(EvidenceKind.NameOtherScript);
        else if (domain is DomainAgreement.Sole or DomainAgreement.Own && IsOfSchool(lead, account))
            evidence.Add(EvidenceKind.NameDiffersUnderSchool);
        else
        {
            evidence.Add(domain switch { DomainAgreement.Own => EvidenceKind.NameDiffersUnderOwnDomain, DomainAgreement.Sole => EvidenceKind.NameDiffersUnderDomain, _ => EvidenceKind.NameDiffers });

            // Two hospitals at one domain are two members of a system, likelier than one with two names.
            if (domain is DomainAgreement.Sole or DomainAgreement.Own && AreAlikeKinds(lead, account))
                evidence.Add(EvidenceKind.NameOtherMember);
        }

        return false;
    }

    private static EvidenceKind? Same(NameLikeness likeness) => likeness switch
    {
        NameLikeness.Same => EvidenceKind.NameSame,
        NameLikeness.SameCore or NameLikeness.SameWords => EvidenceKind.NameSameCore,
        NameLikeness.Misspelt => EvidenceKind.NameMisspelt,
        NameLikeness.Doubtful => EvidenceKind.NameDoubtful,
        _ => null,
    };

    // How likely fingers or another name made the difference.
    private static void CollectSlip(NameComparison names, EvidenceList evidence)
    {
        if (names.IsOddSlip)
            evidence.Add(EvidenceKind.NameOddSlip);
        if (names.MisspeltWords > 1)
            evidence.Add(EvidenceKind.NameMoreSlips, Math.Min(names.MisspeltWords - 1, 2));
        if (names.IsSwap)
            evidence.Add(EvidenceKind.NameSwapped);
        if (names.IsOtherWord)
            evidence.Add(EvidenceKind.NameOtherWord);
        if (names.Typed is { } typed && names.Meant is { } meant)
            evidence.Add(EvidenceKind.NameOdder, Math.Clamp(Letters.Odder(typed, meant), -MostOdder, MostOdder));
        if (names.MisspeltLetters > UsualSlip)
            evidence.Add(EvidenceKind.NameSlipLetters, Math.Min(names.MisspeltLetters - UsualSlip, MostSlipLetters));
    }

    // Registers and forms cut names off, often within a word: "Dolby Laboratories Licensing Corpo".
    private static bool IsCut(LeadProfile lead, AccountKeys account)
    {
        if (lead.Written is not { } typed)
            return false;
        string full = TextFold.Fold(account.Name);
        return typed.Length < full.Length ? IsCutOf(typed, full) : IsCutOf(full, typed);
    }

    private static bool IsCutOf(ReadOnlySpan<char> shorter, ReadOnlySpan<char> longer)
    {
        shorter = WithoutArticle(shorter);
        longer = WithoutArticle(longer);
        return shorter.Length >= ShortestCut && longer.Length > shorter.Length && longer.StartsWith(shorter) && longer[shorter.Length] != ' ';
    }

    private static ReadOnlySpan<char> WithoutArticle(ReadOnlySpan<char> folded) => folded.StartsWith("the ") ? folded[4..] : folded;

    // The lead's own domain has the word as the lead writes it: then it is no slip, but another company.
    private static bool IsSpeltByDomain(LeadProfile lead, NameKey name)
    {
        CompanyDomain? domain = lead.EmailDomain ?? lead.WebsiteDomain;
        if (domain is null)
            return false;
        ReadOnlySpan<char> label = AccountKeys.LabelOf(domain.Registrable);
        foreach (Word word in lead.Names[0].Words)
        {
            if (word.Text.Length >= 4 && label.IndexOf(word.Text) >= 0 && !name.Tokens.Contains(word.Text))
                return true;
        }

        return DomainEvidence.SameWithoutDashes(label, lead.Names[0].Key.Squashed);
    }

    private static bool AreAlikeKinds(LeadProfile lead, AccountKeys account)
    {
        int kinds = 0;
        foreach (Word word in account.Words[0])
            kinds |= word.Kinds;
        return (kinds & lead.Names[0].Kinds) != 0;
    }

    // Students and alumni have a school's address and another employer.
    private static bool IsOfSchool(LeadProfile lead, AccountKeys account)
    {
        int school = NameWords.Current.Kinds.GetValueOrDefault("university");
        return (lead.Names[0].Kinds & school) == 0 && Array.Exists(account.Words[0], word => (word.Kinds & school) != 0);
    }

    // "City of Kingman", "Kendall County": authority and place, nothing else, not "Golden Town LLC".
    private static bool IsTown(AccountKeys account)
    {
        int authority = NameWords.Current.Kinds.GetValueOrDefault("city");
        int kinds = 0;
        int others = 0;
        foreach (Word word in account.Words[0])
        {
            kinds |= word.Kinds;
            others += word.Kinds == 0 && word.Share > 0 ? 1 : 0;
        }

        return kinds == authority && others is 1 or 2 && account.LegalForm is null;
    }

    private static bool IsSamePlace(Place lead, AccountKeys account) =>
        (lead.Country is null || account.Country is null || lead.Country == account.Country)
        && ((lead.Region is not null && lead.Region == account.Region) || (lead.City is not null && lead.City == account.City && (lead.Region is null || account.Region is null)));

    private static void CollectSimilar(NameComparison names, bool isPart, DomainAgreement domain, EvidenceList evidence)
    {
        evidence.Add(EvidenceKind.NameSimilar);
        evidence.Add(EvidenceKind.NameSimilarShare, names.Share);
        evidence.Add(EvidenceKind.NameSimilarBits, Math.Min(names.SharedBits, MostBits));
        if (names.PlaceBits > 0)
            evidence.Add(EvidenceKind.NameSimilarPlace, Math.Min(names.PlaceBits, MostBits));
        if (names.LeadOnlyBits < HardlyAnything)
            evidence.Add(EvidenceKind.NameContained);
        if (names.AccountOnlyBits < HardlyAnything)
            evidence.Add(EvidenceKind.NameContains);
        evidence.Add(EvidenceKind.NameLeadOnly, Math.Min(names.LeadOnlyBits, MostBits));
        evidence.Add(EvidenceKind.NameAccountOnly, Math.Min(names.AccountOnlyBits, MostBits));
        if (names.IsOtherKind)
            evidence.Add(EvidenceKind.NameOtherKind);
        else if (names.IsOtherPart && domain is (DomainAgreement.None or DomainAgreement.Any))
            evidence.Add(EvidenceKind.NameOtherPart);
        if (names.HasLeadMarker)
            evidence.Add(EvidenceKind.NameOtherMarker);
        if (names.HasAccountMarker)
            evidence.Add(EvidenceKind.NameAccountMarker);
        if (names.Begins)
            evidence.Add(EvidenceKind.NameBegins);
        if (isPart)
            evidence.Add(EvidenceKind.NamePart);
    }

    private static (NameComparison Best, NameKey Name, bool IsPart, double Rarity) Best(LeadProfile lead, AccountKeys account, WordWeights words)
    {
        NameComparison best = default;
        NameKey bestName = lead.Names[0].Key;
        bool isPart = false;
        double rarity = 0;
        bool isFirst = true;
        Span<double> buffer = stackalloc double[LeadName.MostWords];
        for (int n = 0; n < account.Names.Length; n++)
        {
            Word[] own = account.Words[n];
            Span<double> bits = buffer[..Math.Min(own.Length, buffer.Length)];
            for (int i = 0; i < bits.Length; i++)
                bits[i] = words.Of(own[i]);
            foreach (LeadName name in lead.Names)
            {
                NameComparison comparison = NameComparison.Of(name, account.Names[n], own, bits);

                // Without its country, or a part of it, a name is not the same to the letter.
                if (comparison.Kind == NameLikeness.Same && !ReferenceEquals(name, lead.Names[0]))
                    comparison = comparison with { Kind = NameLikeness.SameCore };
                if (!isFirst && (comparison.Kind < best.Kind || (comparison.Kind == best.Kind && comparison.Share <= best.Share)))
                    continue;
                (best, bestName, isPart, rarity, isFirst) = (comparison, account.Names[n], name.IsPart, NameComparison.Rarity(bits), false);
            }
        }

        return (best, bestName, isPart, rarity);
    }

    private static bool IsDomainLabel(string squashed, AccountKeys account)
    {
        foreach (CompanyDomain own in account.Domains)
        {
            if (DomainEvidence.SameWithoutDashes(AccountKeys.LabelOf(own.Registrable), squashed))
                return true;
        }

        return false;
    }

    // The account is known by its initials, the lead writes them out.
    private static bool SpellsInitialsOf(NameKey company, AccountKeys account)
    {
        if (company.Tokens.Count is < 3 or > 10)
            return false;
        foreach (NameKey name in account.Names)
        {
            if (name.Squashed.Length != company.Tokens.Count)
                continue;
            bool same = true;
            for (int i = 0; i < company.Tokens.Count && same; i++)
                same = company.Tokens[i][0] == name.Squashed[i];
            if (same)
                return true;
        }

        return false;
    }

    // Names in two scripts cannot be compared by their letters: that they differ says nothing.
    private static bool IsOtherScript(NameKey company, AccountKeys account) => !HasLatin(company.Full) == HasLatin(account.Names.Length > 0 ? account.Names[0].Full : "");

    private static bool HasLatin(string folded) => folded.AsSpan().IndexOfAnyInRange('a', 'z') >= 0;
}
