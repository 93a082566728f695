namespace Abm.Configuration;

/// <summary>Checks conditions: known fields, the right number and kind of values, patterns that end in linear time.</summary>
internal static class PredicateCheck
{
    private const int MaxDepth = 20;

    /// <param name="afterScoring">Whether the score may be asked about: in routing and plays, not in scoring itself.</param>
    public static void Add(Predicate predicate, string path, bool afterScoring, List<ConfigProblem> problems, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            problems.Add(new ConfigProblem(ConfigProblemCodes.OutOfRange, path, $"Conditions may be nested {MaxDepth} deep."));
            return;
        }

        switch (predicate)
        {
            case Predicate.All all:
                Parts(all.Parts, $"{path}.all", afterScoring, problems, depth);
                break;
            case Predicate.Any any:
                Parts(any.Parts, $"{path}.any", afterScoring, problems, depth);
                break;
            case Predicate.Not not:
                Add(not.Part, $"{path}.not", afterScoring, problems, depth + 1);
                break;
            case Predicate.Test test:
                Test(test, path, afterScoring, problems);
                break;
        }
    }

    /// <summary>What only plays know, asked elsewhere.</summary>
    public static void AddPlayFields(Predicate predicate, string path, List<ConfigProblem> problems)
    {
        IEnumerable<Predicate> parts = predicate switch
        {
            Predicate.All all => all.Parts,
            Predicate.Any any => any.Parts,
            Predicate.Not not => [not.Part],
            _ => [],
        };
        if (predicate is Predicate.Test test && FactFields.IsOfPlays(test.Field))
            problems.Add(new ConfigProblem(ConfigProblemCodes.UnknownField, path, $"Only plays can ask about '{test.Field}'."));
        foreach (Predicate part in parts)
            AddPlayFields(part, path, problems);
    }

    private static void Parts(IReadOnlyList<Predicate> parts, string path, bool afterScoring, List<ConfigProblem> problems, int depth)
    {
        if (parts.Count == 0)
            problems.Add(new ConfigProblem(ConfigProblemCodes.Empty, path, "At least one condition is needed."));
        for (int i = 0; i < parts.Count; i++)
            Add(parts[i], $"{path}[{i}]", afterScoring, problems, depth + 1);
    }

    private static void Test(Predicate.Test test, string path, bool afterScoring, List<ConfigProblem> problems)
    {
        if (!FactFields.IsKnown(test.Field, afterScoring))
        {
            IReadOnlyList<string> known = afterScoring ? FactFields.AfterScoring : FactFields.BeforeScoring;
            string tooEarly = FactFields.IsKnown(test.Field, afterScoring: true) ? "The score is not known yet while it is computed" : $"There is no field '{test.Field}'";
            problems.Add(new ConfigProblem(ConfigProblemCodes.UnknownField, $"{path}.field", $"{tooEarly}{Nearest.Hint(test.Field, known)}"));
        }

        (int least, int most) = test.Op switch
        {
            PredicateOp.Exists => (0, 1),
            PredicateOp.Between => (2, 2),
            PredicateOp.In or PredicateOp.NotIn or PredicateOp.Contains => (1, 1000),
            _ => (1, 1),
        };
        if (test.Values.Count < least || test.Values.Count > most)
        {
            string wanted = least == most ? $"{least}" : $"{least} to {most}";
            problems.Add(new ConfigProblem(ConfigProblemCodes.BadValues, $"{path}.value", $"'{test.Op.ToString().ToLowerInvariant()}' takes {wanted} value(s), not {test.Values.Count}."));
            return;
        }

        bool isNumeric = test.Op is PredicateOp.Gt or PredicateOp.Gte or PredicateOp.Lt or PredicateOp.Lte or PredicateOp.Between;
        if (isNumeric && test.Values.FirstOrDefault(v => PredicateEvaluator.Number(v) is null) is { } text)
            problems.Add(new ConfigProblem(ConfigProblemCodes.BadValues, $"{path}.value", $"'{text}' is not a number."));
        else if (test.Op == PredicateOp.Between && PredicateEvaluator.Number(test.Values[0]) > PredicateEvaluator.Number(test.Values[1]))
            problems.Add(new ConfigProblem(ConfigProblemCodes.Order, $"{path}.value", "The first value of 'between' is the smaller one."));
        if (test.Op == PredicateOp.Exists && test.Values.Count == 1 && !bool.TryParse(test.Values[0], out _))
            problems.Add(new ConfigProblem(ConfigProblemCodes.BadValues, $"{path}.value", "'exists' takes true or false."));
        if (test.Op == PredicateOp.Regex && WhyBad(test.Values[0]) is { } why)
            problems.Add(new ConfigProblem(ConfigProblemCodes.BadPattern, $"{path}.value", why));
    }

    private static string? WhyBad(string pattern)
    {
        if (pattern.Length > PredicateEvaluator.MaxPatternLength)
            return $"A pattern has at most {PredicateEvaluator.MaxPatternLength} characters.";
        try
        {
            _ = PredicateEvaluator.Pattern(pattern);
            return null;
        }
        catch (ArgumentException e)
        {
            return $"Not a regular expression: {e.Message}";
        }
        catch (NotSupportedException)
        {
            return "Patterns that need backtracking (lookarounds, back references) are refused: they can take for ever.";
        }
    }
}
