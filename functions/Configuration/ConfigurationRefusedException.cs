namespace Abm.Functions.Configuration;

/// <summary>The configuration cannot be used; the app does not start. The message lists every problem with its place.</summary>
public sealed class ConfigurationRefusedException : Exception
{
    public ConfigurationRefusedException(string message)
        : base(message)
    {
    }

    public ConfigurationRefusedException(string folder, IReadOnlyList<ConfigFileProblem> problems)
        : base($"The configuration in {folder} cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, problems.Select(p => $"  {p}"))}") =>
        Problems = problems;

    public IReadOnlyList<ConfigFileProblem> Problems { get; } = [];
}
