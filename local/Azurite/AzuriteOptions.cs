namespace Abm.Local.Azurite;

/// <summary>How one Azurite is started.</summary>
public sealed record AzuriteOptions
{
    /// <summary>Folder that keeps the data between starts; <c>null</c> (the default) keeps everything in memory.</summary>
    public string? Location { get; init; }

    /// <summary>Port of the blob service on 127.0.0.1; 0 (the default) takes a free one.</summary>
    public int BlobPort { get; init; }

    /// <summary>Port of the queue service on 127.0.0.1; 0 (the default) takes a free one.</summary>
    public int QueuePort { get; init; }

    /// <summary>Port of the table service on 127.0.0.1; 0 (the default) takes a free one.</summary>
    public int TablePort { get; init; }

    /// <summary>
    /// Whether Azurite ends when the process that started it ends in whatever way, <c>kill -9</c> included. True (the default) suits tests.
    /// An app says false: what was stored survives its crash, and its next start finds Azurite still listening.
    /// </summary>
    public bool EndsWithParent { get; init; } = true;

    /// <summary>Folder with the <c>package.json</c> that pins Azurite; <c>null</c> (the default) looks upward from the app's folder.</summary>
    public string? PackageFolder { get; init; }

    /// <summary>How long Azurite may take until it listens. Default two minutes: a machine may be busy with other things.</summary>
    public TimeSpan StartWithin { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Takes the lines that tell what is being done, such as a restore. Default: standard error.</summary>
    public Action<string> Say { get; init; } = Console.Error.WriteLine;
}
