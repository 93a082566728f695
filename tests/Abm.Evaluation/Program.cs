using Abm.Evaluation;

if (Options.Read(args) is { } options)
    return Evaluation.Run(options, Console.Out);

Console.Error.WriteLine(Options.Usage);
return 2;
