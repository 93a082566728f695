using System.Reflection;
using System.Runtime.CompilerServices;
using Abm.Local.Hosting;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// Refuses orchestrators that cannot be replayed: whose code, or code of the app that it calls, reads the clock, draws at random, waits outside its
/// context, does I/O or reads the environment. Read from the compiled code; calls through interfaces and delegates from outside are not followed:
/// those show when they run.
/// </summary>
internal static class OrchestratorCheck
{
    /// <summary>Checks one orchestrator.</summary>
    /// <exception cref="LocalRuntimeException">It cannot be replayed: names the function, the call, where it stands, and the mend.</exception>
    public static void Refuse(LocalFunction function)
    {
        foreach (Use use in CallsOf(function.Method))
        {
            if (MendFor(use) is not { } mend)
                continue;
            string place = SourceLines.Of(use.In, use.Offset) is { } line ? $" ({line})" : "";
            throw new LocalRuntimeException(
                $"{function.EntryPoint}: an orchestrator is replayed and has to do the same again each time, but {Name(use.In)}{place} calls {use.Uses.DeclaringType!.FullName}.{Called(use.Uses)}; {mend}.");
        }
    }

    private static IEnumerable<Use> CallsOf(MethodInfo orchestrator)
    {
        HashSet<(Module, int)> seen = [];
        Queue<MethodBase> open = new([orchestrator]);
        while (open.TryDequeue(out MethodBase? method))
        {
            if (!seen.Add((method.Module, method.MetadataToken)))
                continue;
            if (method.GetCustomAttribute<StateMachineAttribute>() is { } machine)
                open.Enqueue(machine.StateMachineType.GetMethod("MoveNext", BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance)!);
            foreach (Use use in InstructionReader.Uses(method))
            {
                yield return use;
                if (use.Uses is MethodBase called && IsFollowed(called.Module.Assembly, orchestrator.Module.Assembly))
                    open.Enqueue(called);
            }
        }
    }

    /// <summary>The app's own code: its assembly and those with symbols beside them, which packages and this runtime do not count as.</summary>
    private static bool IsFollowed(Assembly assembly, Assembly app) =>
        assembly == app
        || (assembly.GetName().Name is { } name
            && !name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("Microsoft.", StringComparison.Ordinal) && !name.StartsWith("Abm.Local.", StringComparison.Ordinal)
            && SourceLines.HasSymbols(assembly));

    /// <summary>What to do instead, when the call is one that a replay cannot repeat.</summary>
    private static string? MendFor(Use use)
    {
        Type? declaring = use.Uses.DeclaringType;
        string type = (declaring is { IsGenericType: true } ? declaring.GetGenericTypeDefinition() : declaring)?.FullName ?? "";
        return (type, use.Uses.Name) switch
        {
            ("System.DateTime" or "System.DateTimeOffset", "get_Now" or "get_UtcNow" or "get_Today") => "ask context.CurrentUtcDateTime",
            ("System.TimeProvider", "get_System" or "GetUtcNow" or "GetLocalNow" or "GetTimestamp") => "ask context.CurrentUtcDateTime",
            ("System.Diagnostics.Stopwatch", _) or ("System.Environment", "get_TickCount" or "get_TickCount64") => "ask context.CurrentUtcDateTime",
            ("System.Guid", "NewGuid" or "CreateVersion7") => "call context.NewGuid()",
            ("System.Random", "get_Shared") or ("System.Security.Cryptography.RandomNumberGenerator", _) => "draw in an activity",
            ("System.Random", ".ctor") when use.Uses is ConstructorInfo { } made && made.GetParameters().Length == 0 => "draw in an activity",
            ("System.Threading.Tasks.Task", "Delay") or ("System.Threading.Thread", "Sleep") => "await context.CreateTimer",
            ("System.Threading.Tasks.Task", "Run") or ("System.Threading.Tasks.TaskFactory" or "System.Threading.Tasks.TaskFactory`1", "StartNew") => "call an activity",
            ("System.Threading.Tasks.Parallel" or "System.Threading.ThreadPool" or "System.Threading.Timer", _) or ("System.Threading.Thread", ".ctor") => "call an activity",
            ("System.Threading.Tasks.Task" or "System.Threading.Tasks.Task`1", "ContinueWith") => "await the task instead",
            ("System.Threading.Tasks.Task" or "System.Threading.Tasks.Task`1", "ConfigureAwait") when use.AfterZero => "leave ConfigureAwait(false) out",
            ("System.Threading.CancellationTokenSource", "CancelAsync") => "call Cancel()",
            ("System.Threading.CancellationTokenSource", "CancelAfter") => "await context.CreateTimer",
            ("System.Environment", "GetEnvironmentVariable" or "GetEnvironmentVariables" or "ExpandEnvironmentVariables" or "get_MachineName") => "read it in an activity, or pass it in as input",
            _ => IsOutside(type) ? "move it into an activity" : null,
        };
    }

    private static bool IsOutside(string type) =>
        type is "System.IO.File" or "System.IO.Directory" or "System.IO.FileInfo" or "System.IO.DirectoryInfo" or "System.IO.FileStream" or "System.Diagnostics.Process"
        || type.StartsWith("System.Net.Http.", StringComparison.Ordinal)
        || type.StartsWith("System.Net.Sockets.", StringComparison.Ordinal)
        || type.StartsWith("System.Net.WebClient", StringComparison.Ordinal)
        || type.StartsWith("System.Net.WebRequest", StringComparison.Ordinal)
        || type.StartsWith("System.Net.Dns", StringComparison.Ordinal)
        || type.StartsWith("System.Data.", StringComparison.Ordinal)
        || type.StartsWith("Microsoft.Data.", StringComparison.Ordinal)
        || type.StartsWith("Azure.Data.", StringComparison.Ordinal)
        || type.StartsWith("Azure.Storage.", StringComparison.Ordinal)
        || type.StartsWith("Azure.Messaging.", StringComparison.Ordinal)
        || type.StartsWith("Microsoft.Extensions.Configuration.", StringComparison.Ordinal)
        || type.StartsWith("Microsoft.DurableTask.Client.DurableTaskClient", StringComparison.Ordinal);

    /// <summary>The method as it is written: the body of an asynchronous method or a lambda lies in a type of the compiler's.</summary>
    private static string Name(MethodBase method)
    {
        Type type = method.DeclaringType!;
        string name = method.Name;
        while (type.Name.StartsWith('<') && type.DeclaringType is { } outer)
        {
            if (Written(type.Name) is { Length: > 0 } written)
                name = written;
            type = outer;
        }

        return $"{type.FullName}.{Written(name) ?? name}";
    }

    /// <summary>The name in angle brackets that the compiler makes its own names from.</summary>
    private static string? Written(string name) =>
        name.StartsWith('<') && name.IndexOf('>', StringComparison.Ordinal) is > 0 and int end ? name[(name.LastIndexOf('<', end) + 1)..end] : null;

    private static string Called(MemberInfo member) => member switch
    {
        ConstructorInfo => "new",
        _ when member.Name.StartsWith("get_", StringComparison.Ordinal) => member.Name[4..],
        _ => member.Name,
    };
}
