using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Microsoft.DurableTask;

/// <summary>What is kept of an exception when it crosses from an activity, a child or an orchestrator into history.</summary>
/// <param name="ErrorType">Full name of the exception type.</param>
/// <param name="ErrorMessage">Its message.</param>
/// <param name="StackTrace">Its stack trace, if known.</param>
/// <param name="InnerFailure">Its inner exception, if any.</param>
/// <param name="Properties">Additional values, if any.</param>
public record TaskFailureDetails(
    string ErrorType,
    string ErrorMessage,
    string? StackTrace,
    TaskFailureDetails? InnerFailure,
    IDictionary<string, object?>? Properties)
{
    /// <summary>Whether the failure itself, not an inner one, is of this exception type or derived from it.</summary>
    public bool IsCausedBy<T>() where T : Exception => IsCausedBy(typeof(T));

    /// <summary>Whether the failure itself, not an inner one, is of this exception type or derived from it.</summary>
    /// <exception cref="ArgumentException">The type is no exception type.</exception>
    /// <exception cref="AmbiguousMatchException">Several loaded assemblies have a type of this name.</exception>
    public bool IsCausedBy(Type targetBaseExceptionType)
    {
        ArgumentNullException.ThrowIfNull(targetBaseExceptionType);
        if (!typeof(Exception).IsAssignableFrom(targetBaseExceptionType))
            throw new ArgumentException($"{targetBaseExceptionType} is no exception type.", nameof(targetBaseExceptionType));
        if (string.IsNullOrEmpty(ErrorType))
            return false;

        Type? failed = Type.GetType(ErrorType, throwOnError: false)
            ?? targetBaseExceptionType.Assembly.GetType(ErrorType, throwOnError: false)
            ?? OnlyLoadedTypeNamed(ErrorType);
        return failed is not null && targetBaseExceptionType.IsAssignableFrom(failed);
    }

    /// <summary>Keeps what history keeps of an exception and its inner ones.</summary>
    public static TaskFailureDetails FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return From(exception);
    }

    /// <summary>Type and message.</summary>
    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    [return: NotNullIfNotNull(nameof(exception))]
    private static TaskFailureDetails? From(Exception? exception) => exception is null
        ? null
        : new TaskFailureDetails(exception.GetType().ToString(), exception.Message, exception.StackTrace, From(exception.InnerException), null);

    private static Type? OnlyLoadedTypeNamed(string name)
    {
        List<Type> found = AppDomain.CurrentDomain.GetAssemblies()
            .Select(assembly => assembly.GetType(name, throwOnError: false))
            .OfType<Type>()
            .ToList();
        return found.Count > 1
            ? throw new AmbiguousMatchException($"Several loaded assemblies have an exception type named '{name}'.")
            : found.SingleOrDefault();
    }
}

/// <summary>Thrown into an orchestrator when an activity or sub-orchestration that it awaits has failed.</summary>
#pragma warning disable CA1032 // the real type has exactly these constructors
public sealed class TaskFailedException : Exception
#pragma warning restore CA1032
{
    /// <summary>A failure with its exception.</summary>
    public TaskFailedException(string taskName, int taskId, Exception innerException)
        : base(Says(taskName, taskId, innerException?.Message), innerException)
    {
        ArgumentNullException.ThrowIfNull(innerException);
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = TaskFailureDetails.FromException(innerException);
    }

    /// <summary>A failure as kept in history.</summary>
    public TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
        : base(Says(taskName, taskId, failureDetails?.ErrorMessage))
    {
        ArgumentNullException.ThrowIfNull(failureDetails);
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = failureDetails;
    }

    /// <summary>The activity or orchestrator that failed.</summary>
    public string TaskName { get; }

    /// <summary>The id of the step in the calling orchestration's history.</summary>
    public int TaskId { get; }

    /// <summary>How it failed.</summary>
    public TaskFailureDetails FailureDetails { get; }

    /// <summary>Whether no retry can help, for example because there is no such activity.</summary>
    internal bool IsNonRetriable { get; init; }

    private static string Says(string taskName, int taskId, string? message) => message is null
        ? $"Task '{taskName}' (#{taskId}) failed with an unhandled exception."
        : $"Task '{taskName}' (#{taskId}) failed with an unhandled exception: {message}";
}
