namespace Abm.Local.Hosting;

/// <summary>The app cannot start, or not go on, for a reason that its developer can mend; the runtime prints the message as one line.</summary>
public sealed class LocalRuntimeException : Exception
{
    /// <summary>What is wrong, where, and how to mend it, in one line.</summary>
    public LocalRuntimeException(string message) : base(message)
    {
    }

    /// <summary>What is wrong, where, and how to mend it, in one line; the cause is for debugging only.</summary>
    public LocalRuntimeException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>No detail known.</summary>
    public LocalRuntimeException() : base("The Local runtime cannot go on.")
    {
    }
}
