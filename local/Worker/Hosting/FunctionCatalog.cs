using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Configuration;

namespace Abm.Local.Hosting;

/// <summary>All functions of the app, by name.</summary>
public sealed class FunctionCatalog
{
    private readonly Dictionary<string, LocalFunction> _byName;

    private FunctionCatalog(List<LocalFunction> functions)
    {
        Functions = [.. functions.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase)];
        _byName = functions.ToDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The functions, ordered by name.</summary>
    public IReadOnlyList<LocalFunction> Functions { get; }

    /// <summary>The function with this name, compared without case.</summary>
    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out LocalFunction function) => _byName.TryGetValue(name, out function);

    /// <summary>Finds the functions of these types.</summary>
    /// <exception cref="LocalRuntimeException">A function cannot work: names it and the mend.</exception>
    internal static FunctionCatalog Discover(IEnumerable<Type> types, IConfiguration configuration)
    {
        var functions = new List<LocalFunction>();
        var seen = new Dictionary<string, LocalFunction>(StringComparer.OrdinalIgnoreCase);
        foreach (Type type in types)
            foreach (MethodInfo method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            {
                if (!method.IsDefined(typeof(FunctionAttribute), inherit: false))
                    continue;
                LocalFunction function = Read(method, configuration);
                if (!seen.TryAdd(function.Name, function))
                    throw new LocalRuntimeException($"Two functions are named '{function.Name}': {seen[function.Name].EntryPoint} and {function.EntryPoint}; give one of them another name.");
                functions.Add(function);
            }

        return new FunctionCatalog(functions);
    }

    /// <summary>The types of the app's assembly and of those that it refers to and that use the worker.</summary>
    internal static IEnumerable<Type> TypesOf(Assembly app)
    {
        string worker = typeof(FunctionAttribute).Assembly.GetName().Name!;
        IEnumerable<Assembly> others = ReferencedBy(app).Where(assembly => assembly.GetReferencedAssemblies().Any(reference => reference.Name == worker));
        return others.Prepend(app).SelectMany(assembly => assembly.GetTypes());
    }

    /// <summary>Assemblies that the app refers to and that are its own: not the framework's.</summary>
    internal static IEnumerable<Assembly> ReferencedBy(Assembly app) =>
        app.GetReferencedAssemblies()
            .Where(name => name.Name is { } text && !text.StartsWith("System.", StringComparison.Ordinal) && !text.StartsWith("Microsoft.", StringComparison.Ordinal)
                && !text.StartsWith("Azure.", StringComparison.Ordinal) && text is not ("System" or "netstandard" or "mscorlib"))
            .Select(Assembly.Load);

    private static LocalFunction Read(MethodInfo method, IConfiguration configuration)
    {
        string entryPoint = $"{method.DeclaringType!.FullName}.{method.Name}";
        string name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        if (string.IsNullOrWhiteSpace(name) || !char.IsAsciiLetter(name[0]) || name.Length > 127 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            throw new LocalRuntimeException($"{entryPoint}: '{name}' is no function name; it starts with a letter and holds letters, digits, '-' and '_', 127 at most.");
        if (name.Equals("host", StringComparison.OrdinalIgnoreCase))
            throw new LocalRuntimeException($"{entryPoint}: the name 'host' is reserved; give the function another name.");
        if (!method.IsPublic)
            throw new LocalRuntimeException($"{entryPoint}: a function must be a public method.");
        if (!method.IsStatic && (method.DeclaringType.IsAbstract || method.DeclaringType.IsGenericTypeDefinition))
            throw new LocalRuntimeException($"{entryPoint}: the class of a function can be neither abstract nor generic.");
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
            throw new LocalRuntimeException($"{entryPoint}: async void cannot be awaited; return a Task.");
        if (method.ReturnType == typeof(ValueTask) || (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>)))
            throw new LocalRuntimeException($"{entryPoint}: the Local runtime does not support ValueTask; return a Task.");

        var triggers = method.GetParameters()
            .Select(parameter => (Parameter: parameter, Triggers: parameter.GetCustomAttributes<TriggerBindingAttribute>().ToArray()))
            .Where(parameter => parameter.Triggers.Length > 0)
            .ToArray();
        if (triggers.Length != 1 || triggers[0].Triggers.Length != 1)
            throw new LocalRuntimeException($"{entryPoint}: a function needs exactly one trigger attribute among its parameters; it has {triggers.Sum(parameter => parameter.Triggers.Length)}.");

        RetryAttribute? retry = method.GetCustomAttribute<RetryAttribute>();
        if (retry is not null && triggers[0].Triggers[0] is not TimerTriggerAttribute)
            throw new LocalRuntimeException($"{entryPoint}: [{retry.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}] works on timer triggers only; queues retry by their dequeue count.");

        return new LocalFunction
        {
            Name = name,
            Method = method,
            TriggerParameter = triggers[0].Parameter,
            Trigger = triggers[0].Triggers[0],
            Retry = retry,
            IsDisabled = IsTrue(configuration[$"AzureWebJobs.{name}.Disabled"]) || IsTrue(configuration[$"AzureWebJobs_{name}_Disabled"]),
            Definition = new LocalFunctionDefinition(name, entryPoint, method, triggers[0].Parameter),
        };
    }

    private static bool IsTrue(string? setting) => setting is "1" || string.Equals(setting, "true", StringComparison.OrdinalIgnoreCase);

    private sealed class LocalFunctionDefinition : FunctionDefinition
    {
        public LocalFunctionDefinition(string name, string entryPoint, MethodInfo method, ParameterInfo trigger)
        {
            Name = name;
            EntryPoint = entryPoint;
            PathToAssembly = method.DeclaringType!.Assembly.Location;
            Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{entryPoint}/{name}"))[..8]);
            Parameters = [.. method.GetParameters().Select(parameter => new FunctionParameter(parameter.Name ?? "", parameter.ParameterType))];
            InputBindings = method.GetParameters()
                .Where(parameter => parameter.IsDefined(typeof(BindingAttribute)))
                .ToImmutableDictionary(parameter => parameter.Name ?? "", BindingMetadata (parameter) => Describe(parameter.Name ?? "", parameter.GetCustomAttributes<BindingAttribute>().First(), BindingDirection.In));
            OutputBindings = Outputs(method, trigger).ToImmutableDictionary(output => output.Name);
        }

        public override ImmutableArray<FunctionParameter> Parameters { get; }

        public override string PathToAssembly { get; }

        public override string EntryPoint { get; }

        public override string Id { get; }

        public override string Name { get; }

        public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

        public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }

        private static BindingMetadata[] Outputs(MethodInfo method, ParameterInfo trigger)
        {
            if (method.GetCustomAttributes<OutputBindingAttribute>().FirstOrDefault() is { } whole)
                return [Describe("$return", whole, BindingDirection.Out)];
            Type returned = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : method.ReturnType;
            BindingMetadata[] parts = [.. returned.GetProperties()
                .Where(property => property.IsDefined(typeof(OutputBindingAttribute)))
                .Select(property => Describe(property.Name, property.GetCustomAttributes<OutputBindingAttribute>().First(), BindingDirection.Out))];
            return parts.Length == 0 && trigger.IsDefined(typeof(HttpTriggerAttribute)) ? [new LocalBindingMetadata("$return", "http", BindingDirection.Out)] : parts;
        }

        private static LocalBindingMetadata Describe(string name, BindingAttribute attribute, BindingDirection direction)
        {
            string type = attribute is HttpResultAttribute ? "Http" : attribute.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal);
            if (direction == BindingDirection.Out && type.EndsWith("Output", StringComparison.Ordinal))
                type = type[..^"Output".Length];
            return new LocalBindingMetadata(name, char.ToLowerInvariant(type[0]) + type[1..], direction);
        }
    }

    private sealed class LocalBindingMetadata(string name, string type, BindingDirection direction) : BindingMetadata
    {
        public override string Name => name;

        public override string Type => type;

        public override BindingDirection Direction => direction;
    }
}
