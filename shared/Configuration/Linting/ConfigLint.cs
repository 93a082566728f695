namespace Abm.Configuration;

/// <summary>Finds what is wrong or odd in a configuration: all errors that keep it from being used, and what can be used but was hardly meant.</summary>
public static class ConfigLint
{
    /// <summary>Every finding, by path and code. A configuration without errors can be published.</summary>
    public static IReadOnlyList<LintFinding> Findings(AbmConfig config, LintContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return [.. ConfigCheck.Problems(config).Select(p => new LintFinding(LintSeverity.Error, p.Code, p.Path, p.Message, "Mend it: it cannot be used."))];
    }
}
