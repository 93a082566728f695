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
internal sealed record Options(
    string Accounts, string Leads, string Errors, string? Evidence, string? LeftOut, int Enlarge, int Seed, string? EnlargedErrors, string? More, string? MoreErrors, string? MoreLeftOut, bool IsLearning, string? Learn, string? LearnAmong, bool IsPlain, bool IsBySource, bool IsSweep, bool IsFuzzy)
{
    public const string Usage = "Usage: --accounts A.csv --leads L.csv [--errors errors.csv] [--evidence evidence.csv] [--left-out left-out.csv] [--enlarge 50000 [--seed 1] [--enlarged-errors E.csv]] [--more M.csv [--more-errors E.csv] [--more-left-out O.csv]] [--cross-validate] [--by-source] [--learn weights.csv] [--learn-among M.csv] [--plain] [--sweep] [--no-fuzzy]";

    /// <summary>Null when something needed is missing.</summary>
    public static Options? Read(string[] args)
    {
        if (Value("--accounts") is not { } accounts || Value("--leads") is not { } leads)
            return null;
        return new(
            accounts, leads, Value("--errors") ?? "errors.csv", Value("--evidence"), Value("--left-out"), Number("--enlarge", 0), Number("--seed", 1), Value("--enlarged-errors"), Value("--more"), Value("--more-errors"), Value("--more-left-out"),
            Has("--cross-validate") || Has("--by-source") || Value("--learn") is not null, Value("--learn"), Value("--learn-among"), Has("--plain"), Has("--by-source"), Has("--sweep"), !Has("--no-fuzzy"));

        bool Has(string name) => Array.IndexOf(args, name) >= 0;

        int Number(string name, int otherwise) => int.TryParse(Value(name), out int number) ? number : otherwise;

        string? Value(string name)
        {
            int at = Array.IndexOf(args, name);
            return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
        }
    }
}
