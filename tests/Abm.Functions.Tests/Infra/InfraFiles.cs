using Abm.TestKit;

namespace Abm.Functions.Tests.Infra;

/// <summary>Everything in <c>infra/</c>, parsed once for all tests.</summary>
internal static class InfraFiles
{
    public static readonly string Folder = Path.Combine(Repository.Root, "infra");

    private static readonly Lazy<Task<IReadOnlyDictionary<string, BicepTemplate>>> Parsed = new(ParseAsync);

    /// <summary>Templates and parameters files by path below <c>infra/</c>.</summary>
    public static Task<IReadOnlyDictionary<string, BicepTemplate>> AllAsync(CancellationToken cancellationToken) => Parsed.Value.WaitAsync(cancellationToken);

    public static async Task<IReadOnlyList<BicepTemplate>> TemplatesAsync(CancellationToken cancellationToken) => [.. (await AllAsync(cancellationToken)).Values.Where(t => t.Using is null)];

    public static async Task<IReadOnlyList<BicepTemplate>> ParameterFilesAsync(CancellationToken cancellationToken) => [.. (await AllAsync(cancellationToken)).Values.Where(t => t.Using is not null)];

    public static async Task<BicepTemplate> TemplateAsync(string path, CancellationToken cancellationToken) => (await AllAsync(cancellationToken))[path];

    private static async Task<IReadOnlyDictionary<string, BicepTemplate>> ParseAsync()
    {
        Dictionary<string, string> texts = Directory.EnumerateFiles(Folder, "*.bicep*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".bicep" or ".bicepparam")
            .ToDictionary(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal);
        IReadOnlyDictionary<string, BicepNode> trees = await BicepParser.ParseAsync(texts, CancellationToken.None);
        return texts.ToDictionary(t => t.Key, t => new BicepTemplate(t.Key, t.Value, trees[t.Key]), StringComparer.Ordinal);
    }
}
