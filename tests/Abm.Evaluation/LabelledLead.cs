using Abm.Leads;

namespace Abm.Evaluation;

/// <summary>A lead with what is known to be right.</summary>
/// <param name="Lead">Made of the form's fields only; the label never reaches the matcher.</param>
/// <param name="Expected">The right account's id; null when it belongs to none.</param>
/// <param name="AlsoAcceptable">Other ids that are not wrong.</param>
/// <param name="Fold">Which part the company is in, 0 to 9; all leads of a company are in one.</param>
/// <param name="CanBeKnown">Whether the account row holds enough to find it.</param>
internal sealed record LabelledLead(string Id, Lead Lead, string? Expected, IReadOnlySet<string> AlsoAcceptable, string CaseType, string Variation, bool CanBeKnown, int Fold)
{
    /// <summary>Where the lead or its label was collected: several lists may have the same organisation. Never given to a matcher.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Companies are in this many parts.</summary>
    public const int Folds = 10;

    /// <summary>Half of the companies: where weights are learned on the other half only.</summary>
    public bool IsTest => Fold % 2 == 0;

    /// <summary>Whether anything is known to be right.</summary>
    public bool IsLabelled { get; init; } = true;

    public bool BelongsNowhere => IsLabelled && Expected is null;

    public bool IsMatchable => Expected is not null && CanBeKnown;

    public bool IsRight(string? account) => account is not null && (account == Expected || AlsoAcceptable.Contains(account));
}
