namespace Azure.Data.Tables.Wire;

/// <summary>Synchronous members run the asynchronous code with its flag off; by the time that returns it is done.</summary>
internal static class SyncOverSameCode
{
    /// <summary>The result of a task that is complete already.</summary>
    /// <exception cref="InvalidOperationException">The task still runs: the code awaited something although it was asked not to.</exception>
    public static T Completed<T>(this ValueTask<T> task) => task.IsCompleted
        ? task.GetAwaiter().GetResult()
        : throw new InvalidOperationException("A synchronous call did not complete on its own thread.");
}
