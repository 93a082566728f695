namespace Abm.Matching;

/// <summary>What speaks for and against one candidate, as it is being collected.</summary>
internal readonly struct EvidenceList(MatchWeights weights, List<Evidence> pieces)
{
    /// <summary>Notes that there is this much of a kind of evidence.</summary>
    public void Add(EvidenceKind kind, double amount = 1) => pieces.Add(new(kind, amount, Math.Round(weights.Of(kind) * amount, 2)));

    /// <summary>Whether there is any of a kind of evidence.</summary>
    public bool Has(EvidenceKind kind)
    {
        foreach (Evidence piece in pieces)
        {
            if (piece.Kind == kind)
                return true;
        }

        return false;
    }

    /// <summary>Notes what is missing: it weighs nothing.</summary>
    public void AddMissing(EvidenceKind kind, double amount = 0) => pieces.Add(new(kind, amount, 0));

    /// <summary>Notes how rare a name is, counted from a common one and bounded, as the weights say.</summary>
    public void AddRarity(double bits)
    {
        double beyond = Math.Clamp(bits - weights.CommonNameBits, -weights.RareNameBits, weights.RareNameBits);
        if (beyond >= 0)
            Add(EvidenceKind.NameRare, beyond);
        else
            Add(EvidenceKind.NameCommon, -beyond);
    }

    /// <summary>What several accounts have tells less, for each doubling of their number.</summary>
    public void AddShared(EvidenceKind kind, int sharing)
    {
        if (sharing > 1)
            Add(kind, Math.Log2(sharing));
    }
}
