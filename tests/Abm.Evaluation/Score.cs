namespace Abm.Evaluation;

/// <summary>How well a method did on some leads.</summary>
internal sealed class Score
{
    public int Leads { get; private set; }
    public int Matchable { get; private set; }
    public int Nowhere { get; private set; }
    public int Automatic { get; private set; }
    public int AutomaticRight { get; private set; }
    public int MatchableRight { get; private set; }
    public int MatchableOffered { get; private set; }
    public int NowhereMatched { get; private set; }
    public int Review { get; private set; }

    /// <summary>Share of automatic matches that are right.</summary>
    public double Precision => Share(AutomaticRight, Automatic);

    /// <summary>Share of matchable leads that were matched automatically, and rightly.</summary>
    public double Recall => Share(MatchableRight, Matchable);

    /// <summary>Share of matchable leads matched rightly, or with the right account among the first three offered to a person.</summary>
    public double RightOrOffered => Share(MatchableOffered, Matchable);

    /// <summary>Share of leads that belong nowhere and were matched nevertheless.</summary>
    public double NowhereShare => Share(NowhereMatched, Nowhere);

    public void Add(LabelledLead lead, Answer answer)
    {
        Leads++;
        bool isRight = lead.IsRight(answer.Automatic);
        if (answer.Automatic is not null)
        {
            Automatic++;
            if (isRight)
                AutomaticRight++;
            if (lead.BelongsNowhere)
                NowhereMatched++;
        }
        else if (answer.Offered.Count > 0)
        {
            Review++;
        }

        if (lead.BelongsNowhere)
            Nowhere++;
        if (!lead.IsMatchable)
            return;
        Matchable++;
        if (isRight)
            MatchableRight++;
        if (isRight || (answer.Automatic is null && answer.Offered.Take(3).Any(lead.IsRight)))
            MatchableOffered++;
    }

    private static double Share(int part, int whole) => whole == 0 ? double.NaN : (double)part / whole;
}
