using Abm.Evaluation;

// dotnet run -c Release --project tests/Abm.Evaluation -- --accounts A.csv --leads L.csv [--errors E.csv] [--evidence V.csv] [--left-out O.csv]
string? accountsPath = Option("--accounts");
string? leadsPath = Option("--leads");
if (accountsPath is null || leadsPath is null)
{
    Console.Error.WriteLine("Usage: --accounts A.csv --leads L.csv [--errors errors.csv] [--evidence evidence.csv] [--left-out left-out.csv]");
    return 2;
}

return Evaluation.Run(accountsPath, leadsPath, Option("--errors") ?? "errors.csv", Option("--evidence"), Option("--left-out"), Console.Out);

string? Option(string name)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
