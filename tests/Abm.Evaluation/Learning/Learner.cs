using Abm.Matching;

namespace Abm.Evaluation.Learning;

/// <summary>Learns the weights: those under which the right answers of the examples are likeliest, held near where they start from.</summary>
/// <remarks>
/// Each lead is one choice among its candidates and "none of them"; the odds of a candidate against none are 2 to the power of its points above <see cref="Even"/>. So weights are log-odds in bits, learned jointly: what two
/// pieces of evidence have in common is counted once. A normal prior around the start keeps what the examples say little about; signs and orders that make sense are kept whatever the examples say.
/// </remarks>
/// <param name="start">Weights set by hand.</param>
internal sealed class Learner(IReadOnlyList<Example> examples, double[] start)
{
    /// <summary>Points at which a lone candidate is as likely right as not among the examples, in which accounts that are missing are more frequent than in life.</summary>
    public const double Even = 6.5;

    /// <summary>What a weight may move, in points of its usual amount, before the prior pulls.</summary>
    private const double Freedom = 1.5;

    private const int Steps = 400;
    private const double Pace = 0.05;

    // Evidence that may speak either way.
    private static readonly string[] EitherWay = [nameof(MatchWeights.NameSimilar), nameof(MatchWeights.NameContained), nameof(MatchWeights.NameContains)];

    // Stronger evidence of one kind is never worth less than weaker.
    private static readonly (string More, string Less)[] Orders =
    [
        (nameof(MatchWeights.DomainPrimary), nameof(MatchWeights.DomainSecondary)), (nameof(MatchWeights.DomainSecondary), nameof(MatchWeights.DomainRelated)),
        (nameof(MatchWeights.DomainSpellsName), nameof(MatchWeights.DomainSpellsInitials)),
        (nameof(MatchWeights.NameSame), nameof(MatchWeights.NameSameCore)), (nameof(MatchWeights.NameSameCore), nameof(MatchWeights.NameMisspelt)), (nameof(MatchWeights.NameMisspelt), nameof(MatchWeights.NameDoubtful)),
        (nameof(MatchWeights.NameSameAsAgreedDomain), nameof(MatchWeights.NameIsAgreedDomain)),
        (nameof(MatchWeights.NameDiffersUnderOwnDomain), nameof(MatchWeights.NameDiffersUnderDomain)), (nameof(MatchWeights.NameDiffersUnderDomain), nameof(MatchWeights.NameDiffers)),
        (nameof(MatchWeights.NameAccountMarker), nameof(MatchWeights.NameOtherMarker)),
        (nameof(MatchWeights.RegionSame), nameof(MatchWeights.CountrySame)),
        (nameof(MatchWeights.CityDiffers), nameof(MatchWeights.RegionDiffers)), (nameof(MatchWeights.RegionDiffers), nameof(MatchWeights.CountryDiffers)),
        (nameof(MatchWeights.CityDiffersAtDomain), nameof(MatchWeights.RegionDiffersAtDomain)), (nameof(MatchWeights.RegionDiffersAtDomain), nameof(MatchWeights.CountryDiffersAtDomain)),
    ];

    // The labelled leads give the very place of their account. People outside of a test sit in other offices and at home: places may not weigh as much as they earn here.
    private static readonly (string Name, double Least, double Most)[] Bounds =
    [
        (nameof(MatchWeights.CitySamePerBit), 0, 0.6), (nameof(MatchWeights.RegionSame), 0, 1.4), (nameof(MatchWeights.CountrySame), 0, 1), (nameof(MatchWeights.CityDiffers), -3.75, 0), (nameof(MatchWeights.RegionDiffers), -4.5, 0), (nameof(MatchWeights.CountryDiffers), -4.75, 0),
        (nameof(MatchWeights.CityDiffersAtDomain), -4, 0), (nameof(MatchWeights.RegionDiffersAtDomain), -4.5, 0), (nameof(MatchWeights.CountryDiffersAtDomain), -4.75, 0),

        // What the ending of a domain tells is less than what a person says. An account that is named for its country is not for leads of others, however much its domain and name agree.
        (nameof(MatchWeights.MailCountrySame), 0, 1), (nameof(MatchWeights.MailCountryDiffers), -3, 0), (nameof(MatchWeights.OtherCountrysBranch), -9, -7),

        // A second slip is another chance that it is another name, of which a small directory has few.
        (nameof(MatchWeights.NameMoreSlipsPerWord), -3, -1),

        // Brands look odd on purpose, and those of a small directory are few.
        (nameof(MatchWeights.NameOdderPerBit), 0, 0.25),

        // What has been counted as a domain tells next to nothing once more as a name.
        (nameof(MatchWeights.NameIsAgreedDomain), 0, 0.25), (nameof(MatchWeights.NameSameAsAgreedDomain), 0, 0.25),

        // For the same reason they cannot teach that people of a company sit in all its offices.
        (nameof(MatchWeights.ElsewhereAtOwnDomain), -2.5, -1.5),

        // Of accounts that share a domain the one that is named like it is meant where nothing names a branch; one street has many tenants; towns share their names.
        (nameof(MatchWeights.DomainSharedButNamed), 1.6, 4), (nameof(MatchWeights.OtherTenant), -6, -1.5), (nameof(MatchWeights.NameOfTown), -6, -1.5), (nameof(MatchWeights.NameOtherMarker), -6, -3.5), (nameof(MatchWeights.NameAccountMarker), -6, -2), (nameof(MatchWeights.NameAfterTown), -6, -2), (nameof(MatchWeights.StreetDiffers), -3, -0.5),

        // Providers' domains are in few of the labelled leads, but many directories have providers as accounts.
        (nameof(MatchWeights.DomainOfSelfEmployed), -6, -3.75),

        // Nor are there many leads of a system's hospital, or a school's alumni, whose own account is missing.
        (nameof(MatchWeights.NameDiffersUnderDomain), -6, -0.5), (nameof(MatchWeights.NameOtherMember), -6, -3.25), (nameof(MatchWeights.NameDiffersUnderSchool), -6, -3.75),

        // The larger the directory, the more names are common; the labelled leads come with a small one.
        (nameof(MatchWeights.NameRarePerBit), 0.12, 1), (nameof(MatchWeights.NameCommonPerBit), -1.5, -0.5),
    ];

    private readonly double[] _usual = Usual(examples);

    /// <summary>The learned weights.</summary>
    public double[] Learn()
    {
        double[] weights = [.. start];
        var mean = new double[weights.Length];
        var square = new double[weights.Length];
        for (int step = 1; step <= Steps; step++)
        {
            double[] slope = Slope(weights);
            for (int i = 0; i < weights.Length; i++)
            {
                // Adam, in units of the usual amount, so that all weights move alike.
                double own = slope[i] / _usual[i];
                mean[i] = (0.9 * mean[i]) + (0.1 * own);
                square[i] = (0.999 * square[i]) + (0.001 * own * own);
                weights[i] -= Pace / _usual[i] * (mean[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(square[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }

            Constrain(weights);
        }

        return weights;
    }

    // Of minus the log likelihood, less the prior.
    private double[] Slope(double[] weights)
    {
        var slope = new double[weights.Length];
        foreach (Example example in examples)
        {
            var odds = new double[example.Candidates.Length];
            double all = 1;
            double right = 0;
            for (int c = 0; c < odds.Length; c++)
            {
                double points = 0;
                foreach ((int weight, double amount) in example.Candidates[c])
                    points += weights[weight] * amount;
                odds[c] = Math.Pow(2, Math.Clamp(points - Even, -40, 40));
                all += odds[c];
                right += example.IsRight[c] ? odds[c] : 0;
            }

            for (int c = 0; c < odds.Length; c++)
            {
                double wanted = example.IsRight[c] ? odds[c] / right : 0;
                double error = example.Counts * ((odds[c] / all) - wanted);
                foreach ((int weight, double amount) in example.Candidates[c])
                    slope[weight] += error * amount;
            }
        }

        for (int i = 0; i < weights.Length; i++)
        {
            double freedom = Freedom / _usual[i];
            slope[i] += (weights[i] - start[i]) / (freedom * freedom);
        }

        return slope;
    }

    /// <summary>How unlikely a choice's right answer is under these weights, in bits, when a lone candidate is even at so many points.</summary>
    public static double Surprise(Example example, double[] weights, double even)
    {
        double all = 1;
        double right = example.IsRight.Contains(true) ? 0 : 1;
        for (int c = 0; c < example.Candidates.Length; c++)
        {
            double odds = Math.Pow(2, Math.Clamp(example.Candidates[c].Sum(piece => weights[piece.Weight] * piece.Amount) - even, -40, 40));
            all += odds;
            right += example.IsRight[c] ? odds : 0;
        }

        return Math.Log2(all / right);
    }

    private void Constrain(double[] weights)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            if (!EitherWay.Contains(Parameters.Name(i)))
                weights[i] = start[i] > 0 ? Math.Max(0, weights[i]) : Math.Min(0, weights[i]);
        }

        foreach ((string name, double least, double most) in Bounds)
        {
            int bounded = Parameters.Index(name);
            weights[bounded] = Math.Clamp(weights[bounded], least, most);
        }

        foreach ((string more, string less) in Orders)
        {
            int high = Parameters.Index(more);
            int low = Parameters.Index(less);
            if (weights[high] < weights[low])
                weights[high] = weights[low] = (weights[high] + weights[low]) / 2;
        }
    }

    private static double[] Usual(IReadOnlyList<Example> examples)
    {
        var sum = new double[Parameters.Count];
        var count = new int[Parameters.Count];
        foreach (var piece in examples.SelectMany(example => example.Candidates).SelectMany(candidate => candidate))
        {
            sum[piece.Weight] += Math.Abs(piece.Amount);
            count[piece.Weight]++;
        }

        return [.. sum.Select((all, i) => count[i] == 0 ? 1 : Math.Max(0.05, all / count[i]))];
    }
}
