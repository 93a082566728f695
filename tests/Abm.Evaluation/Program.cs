using Abm.Evaluation;

try
{
    if (CaseRun.Run(args, Console.Out) is { } done)
        return done;
    if (Options.Read(args, out string? wrong) is { } options)
        return Evaluation.Run(options, Console.Out);
    if (wrong is not null)
        Console.Error.WriteLine(wrong);
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
catch (InputException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
