using Abm.Configuration;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Configuration;

/// <summary>The configuration cannot be used; the app does not start. The message lists every problem with its place.</summary>
/// <remarks>A failed validation of settings like any other, so that whoever hosts the app can show it without a stack trace.</remarks>
public sealed class ConfigurationRefusedException : OptionsValidationException
{
    public ConfigurationRefusedException(string message)
        : base(nameof(AbmConfig), typeof(AbmConfig), [message])
    {
    }

    public ConfigurationRefusedException(string folder, IReadOnlyList<ConfigFileProblem> problems)
        : this($"The configuration in {folder} cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, problems.Select(p => $"  {p}"))}") =>
        Problems = problems;

    public IReadOnlyList<ConfigFileProblem> Problems { get; } = [];
}
