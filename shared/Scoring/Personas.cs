namespace Abm.Scoring;

/// <summary>What a person does, from the title.</summary>
public static class Personas
{
    /// <summary>The persona when no rule fits.</summary>
    public const string Other = "Other";
}
