namespace Abm.Configuration;

/// <summary>Finds what is wrong or odd in a configuration: all errors that keep it from being used, and what can be used but was hardly meant.</summary>
public static class ConfigLint
{
    /// <summary>Every finding, worst first, then by path. A configuration without errors can be published.</summary>
    /// <remarks>Never claims too much: that a rule is shadowed, unreachable or never true is only said when it is proved for every lead.</remarks>
    public static IReadOnlyList<LintFinding> Findings(AbmConfig config, LintContext context) => Findings<AbmConfig>(config, context);

    internal static IReadOnlyList<LintFinding> Findings<T>(T root, LintContext context)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(context);
        LintScope scope = new(root, ConfigModel.Of<T>(), context);
        foreach (ConfigProblem problem in ConfigCheck.Of(root))
            scope.Add(problem.Code, problem.Path, problem.Message, LintSeverity.Error);
        SecretLint.Add(scope);
        SectionLint.Add(scope);
        ReferenceLint.Add(scope);
        TemplateLint.Add(scope);

        // What is broken is not looked at any further: a rule that cannot be used shadows nothing.
        if (scope.Findings.All(f => f.Severity != LintSeverity.Error || f.Code == LintCodes.Secret))
        {
            ConditionLint.Add(scope);
            if (root is AbmConfig config)
            {
                ScoreLint.Add(config, scope);
                PeopleLint.Add(config, scope);
                TerritoryLint.Add(config, scope);
                TimeLint.Add(config, scope);
                PlayLint.Add(config, scope);
                ExceptionLint.Add(config, scope);
            }
        }

        return
        [
            .. scope.Findings.Distinct()
                .OrderByDescending(f => f.Severity)
                .ThenBy(f => f.Path, StringComparer.Ordinal)
                .ThenBy(f => f.Code, StringComparer.Ordinal)
                .ThenBy(f => f.Says, StringComparer.Ordinal),
        ];
    }
}

/// <summary>What lint looks at, and where it says what it found.</summary>
internal sealed class LintScope(object root, ObjectShape shape, LintContext context)
{
    private readonly List<LintFinding> _findings = [];
    private readonly Lazy<IReadOnlyList<ConfigPart>> _parts = new(() => [.. ConfigReferences.All(root, shape)]);

    public LintContext Context { get; } = context;

    /// <summary>The configuration; null when it is another root than the product's.</summary>
    public AbmConfig? Config => root as AbmConfig;

    /// <summary>Every part of the configuration, from the outside in.</summary>
    public IReadOnlyList<ConfigPart> Parts => _parts.Value;

    /// <summary>The sections.</summary>
    public IEnumerable<ConfigPart> Sections => shape.Parts(root, "");

    public IReadOnlyList<LintFinding> Findings => _findings;

    public void Add(string code, string path, string says, LintSeverity? severity = null, ConfigPlace? place = null)
    {
        LintCode known = LintCodes.Find(code);
        _findings.Add(new LintFinding(severity ?? known.Severity, code, path, says, known.Mend) { Place = place });
    }

    /// <summary>What is known about a field, with the values that this configuration gives it.</summary>
    public FactField Field(string name)
    {
        FactField field = FactFields.Find(name);
        return (name, Config) switch
        {
            ("score.level", { } config) => field with { Values = [.. config.Scoring.Levels.Select(l => l.Name)] },
            ("lead.persona", { } config) => field with { Values = [.. config.Personas.Select(p => p.Persona).Append(Scoring.Personas.Other).Distinct(StringComparer.OrdinalIgnoreCase)] },
            _ => field,
        };
    }
}
