using Abm.Accounts;

namespace Abm.Matching;

/// <summary>Whether the name of an account's domain is made of a lead's company name: "mortongeneral.org" of "Morton General Hospital", "glmc.net" of "Grenada Lake Medical Center".</summary>
internal static class DomainSegments
{
    /// <summary>Shorter labels are made of a name's words by chance.</summary>
    private const int ShortestOfWords = 6;

    /// <summary>Shorter initials are anybody's.</summary>
    private const int ShortestInitials = 4;

    /// <summary>Words of so many bits together are not at the start of a domain by chance.</summary>
    private const double TellingBits = 9;

    /// <summary>What speaks for the account: its domain is made of the lead's words, or of their initials; null when neither.</summary>
    public static EvidenceKind? Spelling(LeadProfile lead, AccountKeys account)
    {
        LeadName name = lead.Names[0];
        foreach (CompanyDomain domain in account.Domains)
        {
            ReadOnlySpan<char> label = AccountKeys.LabelOf(domain.Registrable);
            if (label.Length >= ShortestOfWords && IsOfWords(label, name))
                return EvidenceKind.NameFillsDomain;
            if (label.Length >= ShortestInitials && (label.SequenceEqual(lead.Initials) || label.SequenceEqual(lead.TellingInitials)))
                return EvidenceKind.NameInitialsOfDomain;
        }

        return null;
    }

    // All of the label, in the order of the name's words; words of the name may be left out.
    private static bool IsOfWords(ReadOnlySpan<char> label, LeadName name)
    {
        double bits = 0;
        for (int i = 0; i < name.Words.Length && label.Length > 0; i++)
        {
            if (label[0] == '-')
                label = label[1..];
            ReadOnlySpan<char> word = name.Words[i].Text;
            if (word.Length < 2 || !label.StartsWith(word))
                continue;
            bits += name.Bits[i];
            label = label[word.Length..];
        }

        return label.IsEmpty && bits >= TellingBits;
    }
}
