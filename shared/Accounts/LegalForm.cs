using System.Collections.Frozen;
using Abm.Lists;

namespace Abm.Accounts;

/// <summary>The legal form that a name ends in, one word for all its spellings: an LLC and a corporation of one name are two companies.</summary>
internal static class LegalForm
{
    private const int MostWords = 4;

    private static readonly FrozenDictionary<string, string> Forms = Read(
        "inc incorporated incorporation", "corp corporation", "llc l_l_c limited_liability_company limited_liability_co limited_liability", "ltd limited", "plc public_limited_company public_company_limited public_co_ltd pcl",
        "llp limited_liability_partnership", "lp limited_partnership", "gmbh gesellschaft_mit_beschrankter_haftung ges_mbh gesmbh", "ag aktiengesellschaft", "kg", "kgaa", "se", "ug", "sa s_a societe_anonyme sociedad_anonima sociedade_anonima",
        "srl s_r_l", "sas s_a_s", "sarl s_a_r_l", "spa s_p_a societa_per_azioni", "bv b_v", "nv n_v", "ab aktiebolag", "as a_s", "asa", "aps", "oy", "oyj", "kk kabushiki_kaisha", "bhd berhad", "tbk", "jsc joint_stock_company", "ooo", "pao",
        "doo d_o_o", "kft", "zrt", "nyrt", "sro s_r_o", "saoc saog", "pjsc");

    /// <summary>The form at the end of a company name; null when there is none that we know, or nothing before it.</summary>
    /// <param name="known">The whole name folded, where that is known.</param>
    public static string? Of(string? name, string? known = null)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > TextFold.MaxLength)
            return null;
        string plain = NameKey.WithoutRemarks(name);
        ReadOnlySpan<char> folded = known is not null && ReferenceEquals(plain, name) ? known : TextFold.Fold(plain);
        var forms = Forms.GetAlternateLookup<ReadOnlySpan<char>>();
        string? found = null;
        int start = folded.Length;
        for (int count = 0; count < MostWords; count++)
        {
            start = folded[..start].LastIndexOf(' ');
            if (start <= 0)
                break;
            if (forms.TryGetValue(folded[(start + 1)..], out string? form))
                found = form;
        }

        return found;
    }

    private static FrozenDictionary<string, string> Read(params ReadOnlySpan<string> lines)
    {
        var forms = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            string[] written = line.Split(' ');
            foreach (string form in written)
                forms[form.Replace('_', ' ')] = written[0];
        }

        return forms.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
