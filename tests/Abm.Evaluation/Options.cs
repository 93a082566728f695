namespace Abm.Evaluation;

/// <summary>What the command line asks for.</summary>
/// <param name="Errors">Where false and missed matches are written.</param>
/// <param name="Evidence">Where the evidence of every candidate is written; null: nowhere.</param>
/// <param name="LeftOut">Where matches are written that were made with the right account taken away.</param>
/// <param name="Enlarge">Accounts that the enlarged directory has; 0: it is not measured.</param>
/// <param name="Seed">Of the invented accounts.</param>
/// <param name="More">More accounts, none of which is ever right: the same is measured with them beside the others; null: it is not.</param>
/// <param name="EnlargedErrors">Where the errors on the enlarged directory are written.</param>
/// <param name="MoreErrors">Where the errors among more accounts are written.</param>
/// <param name="MoreLeftOut">Where matches among more accounts are written that were made with the right account taken away.</param>
/// <param name="IsLearning">Weights are learned, and each lead is decided by weights learned without its company.</param>
/// <param name="Learn">Where the weights learned from all leads are written.</param>
/// <param name="LearnAmong">More accounts beside which weights are learned, too; none of them is ever right.</param>
/// <param name="IsPlain">Weights are learned on the directory as it is, without invented namesakes.</param>
/// <param name="IsBySource">Also tell how leads of each source fare under weights that were learned without it.</param>
/// <param name="IsSweep">Also tell what other bars would give.</param>
/// <param name="IsFuzzy">Whether the slow baseline runs.</param>
/// <param name="FuzzyLeads">Leads that it is measured on, evenly spread; 0: all; null: all, or as many as end in about a minute.</param>
internal sealed record Options(
    string Accounts, string Leads, string Errors, string? Evidence, string? LeftOut, int Enlarge, int Seed, string? EnlargedErrors, string? More, string? MoreErrors, string? MoreLeftOut, bool IsLearning, string? Learn, string? LearnAmong, bool IsPlain, bool IsBySource, bool IsSweep, bool IsFuzzy, int? FuzzyLeads)
{
    public const string Usage = "Usage: --accounts A.csv --leads L.csv [--errors errors.csv] [--evidence evidence.csv] [--left-out left-out.csv] [--enlarge 50000 [--seed 1] [--enlarged-errors E.csv]] [--more M.csv [--more-errors E.csv] [--more-left-out O.csv]] [--cross-validate] [--by-source] [--learn weights.csv] [--learn-among M.csv] [--plain] [--sweep] [--no-fuzzy | --fuzzy-leads 0]";

    private static readonly string[] Switches = ["--cross-validate", "--by-source", "--plain", "--sweep", "--no-fuzzy"];
    private static readonly string[] Values =
        ["--accounts", "--leads", "--errors", "--evidence", "--left-out", "--enlarge", "--seed", "--enlarged-errors", "--more", "--more-errors", "--more-left-out", "--learn", "--learn-among", "--fuzzy-leads"];

    private static readonly string[] Numbers = ["--enlarge", "--seed", "--fuzzy-leads"];

    /// <summary>Null when something needed is missing.</summary>
    /// <param name="wrong">What is wrong; null when it is only that nothing was asked for.</param>
    public static Options? Read(string[] args, out string? wrong)
    {
        wrong = null;
        for (int i = 0; i < args.Length && wrong is null; i++)
        {
            bool isValue = Array.IndexOf(Values, args[i]) >= 0;
            if (!isValue && Array.IndexOf(Switches, args[i]) < 0)
                wrong = $"{args[i]}: no such option.";
            else if (isValue && (++i >= args.Length || args[i].StartsWith("--", StringComparison.Ordinal)))
                wrong = $"{args[i - 1]}: the value is missing.";
            else if (isValue && Array.IndexOf(Numbers, args[i - 1]) >= 0 && (!int.TryParse(args[i], out int number) || number < 0))
                wrong = $"{args[i - 1]}: {args[i]} is no number from 0 up.";
        }

        if (wrong is not null)
            return null;
        if (Value("--accounts") is not { } accounts || Value("--leads") is not { } leads)
            return null;
        return new(
            accounts, leads, Value("--errors") ?? "errors.csv", Value("--evidence"), Value("--left-out"), Number("--enlarge", 0), Number("--seed", 1), Value("--enlarged-errors"), Value("--more"), Value("--more-errors"), Value("--more-left-out"),
            Has("--cross-validate") || Has("--by-source") || Value("--learn") is not null, Value("--learn"), Value("--learn-among"), Has("--plain"), Has("--by-source"), Has("--sweep"), !Has("--no-fuzzy"), Value("--fuzzy-leads") is null ? null : Number("--fuzzy-leads", 0));

        bool Has(string name) => Array.IndexOf(args, name) >= 0;

        int Number(string name, int otherwise) => int.TryParse(Value(name), out int number) ? number : otherwise;

        string? Value(string name)
        {
            int at = Array.IndexOf(args, name);
            return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
        }
    }
}
