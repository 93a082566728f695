using Abm.Accounts;
using Abm.Decisions;
using Abm.People;

namespace Abm.Configuration;

/// <summary>How much a finding matters.</summary>
public enum LintSeverity
{
    /// <summary>Worth a look.</summary>
    Hint,

    /// <summary>Probably not what was meant. It can be published.</summary>
    Warning,

    /// <summary>It cannot be used, or must not be kept: it is not published.</summary>
    Error,
}

/// <summary>Something that is wrong or odd in a configuration.</summary>
/// <param name="Code">Stable code, see <see cref="LintCodes"/>.</param>
/// <param name="Path">Where it stands, such as <c>routing[2].when</c>; empty for the whole.</param>
/// <param name="Says">What is wrong.</param>
/// <param name="Mend">What to do about it.</param>
public sealed record LintFinding(LintSeverity Severity, string Code, string Path, string Says, string Mend)
{
    /// <summary>Line and column in the files; null when the configuration did not come from files.</summary>
    public ConfigPlace? Place { get; init; }
}

/// <summary>Where something stands in the files, counted from 1; 0 for a whole file.</summary>
public sealed record ConfigPlace(string File, long Line, long Column)
{
    /// <summary>Of what was not read from anywhere.</summary>
    public static ConfigPlace Nowhere { get; } = new("", 0, 0);
}

/// <summary>A text that a configuration was read from.</summary>
public sealed record ConfigText(string File, string Text);

/// <summary>What lint goes by beside the configuration itself. What is null is not known, and what needs it is not looked for.</summary>
/// <param name="Now">What is past and what is this week is seen from here.</param>
public sealed record LintContext(DateTimeOffset Now)
{
    /// <summary>Everybody who can own leads.</summary>
    public IReadOnlyCollection<Rep>? Reps { get; init; }

    /// <summary>How many accounts each tier has.</summary>
    public IReadOnlyDictionary<AccountTier, int>? AccountsPerTier { get; init; }

    /// <summary>Whether there is an account of that id.</summary>
    public Func<AccountId, bool>? HasAccount { get; init; }

    /// <summary>The files, to look for secrets in comments as well.</summary>
    public IReadOnlyList<ConfigText> Texts { get; init; } = [];
}
