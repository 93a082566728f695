using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Abm.Functions.Tests.Platform;

/// <summary>What an orchestrator may not touch: it is replayed, on any machine, at any time, on the platform's own thread.</summary>
internal static class Determinism
{
    private static readonly string[] TaskMethods = ["Run", "Delay", "ContinueWith", "ConfigureAwait", "Wait", "WaitAll", "WaitAny", "WaitAsync", "get_Result", "Yield", "get_Factory", "Start"];

    /// <summary>The rules that the code of an orchestrator breaks, each with where and what; empty when it keeps them.</summary>
    public static IReadOnlyList<string> BrokenBy(MethodBase orchestrator, Func<Assembly, bool> isOurs) =>
    [
        .. CalledCode.From(orchestrator, isOurs)
            .Select(use => (use.In, use.Uses, Rule: RuleFor(use.Uses, use.In, use.How, isOurs)))
            .Where(use => use.Rule is not null)
            .Select(use => $"{use.Rule}: {use.In.DeclaringType!.FullName}.{use.In.Name} uses {use.Uses.DeclaringType?.FullName}.{use.Uses.Name}")
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static string? RuleFor(MemberInfo member, MethodBase user, OpCode how, Func<Assembly, bool> isOurs)
    {
        string type = member.DeclaringType is { } declaring ? (declaring.IsGenericType ? declaring.GetGenericTypeDefinition() : declaring).FullName ?? "" : "";
        if (member is FieldInfo { IsStatic: true, IsLiteral: false } field && isOurs(field.Module.Assembly) && !IsOfCompiler(field.DeclaringType!))
            return how == OpCodes.Stsfld && user.Name == ".cctor" ? null : field.IsInitOnly ? null : "staticState";
        return (type, member.Name) switch
        {
            ("System.DateTime" or "System.DateTimeOffset", "get_Now" or "get_UtcNow" or "get_Today") => "DURABLE0001",
            ("System.TimeZoneInfo", "get_Local") or ("System.TimeProvider", _) or ("NodaTime.SystemClock", _) => "DURABLE0001",
            ("System.Diagnostics.Stopwatch", _) => "DURABLE0001",
            ("System.Guid", "NewGuid" or "CreateVersion7") or ("System.Random", _) or ("System.Security.Cryptography.RandomNumberGenerator", _) => "DURABLE0002",
            ("System.Threading.Tasks.Task" or "System.Threading.Tasks.Task`1", "Delay") or ("System.Threading.Thread", "Sleep") => "DURABLE0003",
            ("System.Threading.Tasks.Task" or "System.Threading.Tasks.Task`1", var method) when TaskMethods.Contains(method) => "DURABLE0004",
            ("System.Threading.Tasks.TaskFactory" or "System.Threading.Thread" or "System.Threading.ThreadPool" or "System.Threading.Timer" or "System.Threading.Tasks.Parallel", _) => "DURABLE0004",
            ("System.Threading.CancellationTokenSource", "CancelAsync" or "CancelAfter") => "DURABLE0004",
            ("System.Environment", _) or ("System.Diagnostics.Process", _) => "DURABLE0006",
            var (owner, _) when IsOutside(owner) => "DURABLE0005",
            _ => null,
        };
    }

    private static bool IsOutside(string type) =>
        type.StartsWith("System.IO.", StringComparison.Ordinal)
        || type.StartsWith("System.Net.", StringComparison.Ordinal)
        || type.StartsWith("Azure.", StringComparison.Ordinal)
        || type.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal)
        || type.StartsWith("Microsoft.Extensions.Configuration.", StringComparison.Ordinal)
        || type.StartsWith("Microsoft.Extensions.DependencyInjection.", StringComparison.Ordinal)
        || type.StartsWith("Microsoft.DurableTask.Client.", StringComparison.Ordinal)
        || type is "System.Console" or "System.IServiceProvider";

    /// <summary>The compiler keeps delegates and constants in static fields of its own; they hold no state of ours.</summary>
    private static bool IsOfCompiler(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute), false) || type.Name.StartsWith('<');
}
