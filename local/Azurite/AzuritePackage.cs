namespace Abm.Local.Azurite;

/// <summary>The Azurite that a <c>package.json</c> pins: finds it, and restores it once when it is missing or of another version.</summary>
internal sealed class AzuritePackage(string folder)
{
    private const string Name = "azurite";
    private readonly NpmPackage _package = new(folder, Name, "Azurite", ", or set AzureWebJobsStorage to a storage account");

    public string Folder { get; } = folder;

    public string Script => Path.Combine(Folder, "node_modules", Name, "dist", "src", "azurite.js");

    /// <summary>Looks for the folder from the app's own folder upward, then from the current folder upward.</summary>
    public static AzuritePackage Find(string? given)
    {
        string[] starts = given is null ? [AppContext.BaseDirectory, Environment.CurrentDirectory] : [given];
        foreach (string start in starts)
        {
            for (DirectoryInfo? at = new(start); at is not null; at = given is null ? at.Parent : null)
            {
                if (NpmPackage.Pinned(Path.Combine(at.FullName, "package.json"), Name) is not null)
                    return new AzuritePackage(at.FullName);
            }
        }

        throw new AzuriteException($"Azurite cannot be started: no package.json that pins it lies in {starts[0]} or above. Start Azurite yourself (npx azurite) or set AzureWebJobsStorage to a storage account.");
    }

    /// <summary>Makes sure that Node and the pinned Azurite are there. Several processes may ask at once: one restores, the others wait.</summary>
    public Task EnsureRestoredAsync(Action<string> say, CancellationToken cancellationToken) =>
        _package.EnsureRestoredAsync(Path.Combine(Folder, ".azurite", "restore.lock"), say, cancellationToken);
}
