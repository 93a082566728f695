using Abm.Evaluation;

if (CaseRun.Run(args, Console.Out) is { } done)
    return done;
if (Options.Read(args) is { } options)
    return Evaluation.Run(options, Console.Out);

Console.Error.WriteLine(Options.Usage);
return 2;
