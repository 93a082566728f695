using System.Reflection;
using Abm.Functions.Plays;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Abm.Functions.Tests.Platform;

/// <summary>Every function of the app, found as the platform's generator finds them: by attribute.</summary>
internal static class AppFunctions
{
    public static Assembly Assembly { get; } = typeof(PlayOrchestrator).Assembly;

    public static IReadOnlyList<MethodInfo> All { get; } = In(Assembly);

    public static IReadOnlyList<MethodInfo> In(Assembly assembly) =>
    [
        .. assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(FunctionAttribute), false)),
    ];

    public static string NameOf(MethodInfo function) => function.GetCustomAttribute<FunctionAttribute>()!.Name;

    public static IEnumerable<Attribute> Bindings(ParameterInfo parameter) => parameter.GetCustomAttributes<BindingAttribute>();

    public static TriggerBindingAttribute TriggerOf(MethodInfo function) => function.GetParameters().SelectMany(Bindings).OfType<TriggerBindingAttribute>().Single();

    public static IEnumerable<(MethodInfo Function, ParameterInfo Parameter, T Trigger)> With<T>()
        where T : TriggerBindingAttribute =>
        from function in All
        from parameter in function.GetParameters()
        from trigger in parameter.GetCustomAttributes<T>()
        select (function, parameter, trigger);

    /// <summary>What a function gives once it is awaited; <see cref="Void"/> for nothing.</summary>
    public static Type ResultOf(MethodInfo function) => function.ReturnType switch
    {
        var task when task == typeof(Task) || task == typeof(void) => typeof(void),
        { IsGenericType: true } task when task.GetGenericTypeDefinition() == typeof(Task<>) => task.GetGenericArguments()[0],
        var plain => plain,
    };

    public static bool IsHttp(MethodInfo function) => TriggerOf(function) is HttpTriggerAttribute;

    public static bool IsRequest(ParameterInfo parameter) => parameter.ParameterType == typeof(HttpRequest);
}
