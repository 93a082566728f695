namespace Microsoft.DurableTask;

/// <summary>What an activity may know of the call it serves.</summary>
public abstract class TaskActivityContext
{
    /// <summary>The activity's name.</summary>
    public abstract TaskName Name { get; }

    /// <summary>The calling orchestration's instance id.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The activity's version, empty for none.</summary>
    public virtual string Version => string.Empty;
}
