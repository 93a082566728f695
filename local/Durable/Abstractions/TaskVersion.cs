namespace Microsoft.DurableTask;

/// <summary>The version that a task was started with; empty means none. Compared without regard to case.</summary>
public readonly struct TaskVersion : IEquatable<TaskVersion>
{
    /// <summary>No version.</summary>
    public static readonly TaskVersion Unversioned;

    private readonly string? _version;

    /// <summary>Names a version.</summary>
    /// <param name="version">Null or empty for none; only white space is refused.</param>
    /// <exception cref="ArgumentException">The version is white space.</exception>
    public TaskVersion(string? version)
    {
        if (!string.IsNullOrEmpty(version) && string.IsNullOrWhiteSpace(version))
            throw new ArgumentException("A version is null, empty or has a visible character.", nameof(version));
        _version = version;
    }

    /// <summary>The version as written, empty for none.</summary>
    public string Version => _version ?? string.Empty;

    /// <summary>Reads the version.</summary>
    public static implicit operator string(TaskVersion value) => value.Version;

    /// <summary>Wraps a version.</summary>
    public static implicit operator TaskVersion(string? value) => new(value);

    /// <summary>Same version, case aside.</summary>
    public static bool operator ==(TaskVersion a, TaskVersion b) => a.Equals(b);

    /// <summary>Another version, case aside.</summary>
    public static bool operator !=(TaskVersion a, TaskVersion b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(TaskVersion other) => string.Equals(Version, other.Version, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TaskVersion other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Version);

    /// <inheritdoc/>
    public override string ToString() => Version;
}
