using System.Globalization;
using System.Reflection;
using Azure.Core.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.DependencyInjection;

namespace Abm.Local.Hosting;

/// <summary>How one function is run: worked out once, at start, so that what cannot work is refused there.</summary>
internal sealed class FunctionPlan
{
    private readonly LocalFunction _function;
    private readonly ObjectSerializer _serializer;
    private readonly ObjectFactory? _factory;
    private readonly ParameterPlan[] _parameters;
    private readonly OutputPlan _outputs;
    private readonly PropertyInfo? _taskResult;

    public FunctionPlan(LocalFunction function, IReadOnlyList<IParameterBinder> binders, IReadOnlyList<IOutputWriter> writers, ObjectSerializer serializer)
    {
        _function = function;
        _serializer = serializer;
        MethodInfo method = function.Method;
        _factory = method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType!, Type.EmptyTypes);
        Type returned = method.ReturnType;
        _taskResult = returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(Task<>) ? returned.GetProperty(nameof(Task<>.Result)) : null;
        _parameters = [.. method.GetParameters().Select(parameter => new ParameterPlan(parameter, function, binders))];
        _outputs = new OutputPlan(function, _taskResult?.PropertyType ?? returned, writers);
    }

    public async Task<object?> RunAsync(LocalFunctionContext context)
    {
        var arguments = new object?[_parameters.Length];
        for (int i = 0; i < arguments.Length; i++)
            arguments[i] = await _parameters[i].BindAsync(context, _serializer);

        object? instance = _factory?.Invoke(context.InstanceServices, null);
        try
        {
            object? returned = _function.Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, CultureInfo.InvariantCulture);
            if (returned is not Task task)
                return returned;
            await task;
            return _taskResult?.GetValue(task);
        }
        finally
        {
            if (instance is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else if (instance is IDisposable disposable)
                disposable.Dispose();
        }
    }

    /// <summary>Puts aside what goes to outputs and returns the rest: the HTTP result, or the whole result of a function without outputs.</summary>
    public object? SplitOutputs(LocalFunctionContext context, object? result) => _outputs.Split(context, result);

    public static async Task WriteOutputsAsync(LocalFunctionContext context)
    {
        foreach (PendingOutput output in context.Outputs)
            await output.Writer.WriteAsync(output.Output, output.Value, context);
    }
}

/// <summary>Where one parameter's value comes from.</summary>
internal sealed class ParameterPlan
{
    private readonly ParameterInfo _parameter;
    private readonly string _name;
    private readonly bool _isTrigger;
    private readonly IParameterBinder? _binder;
    private readonly Type? _converter;

    public ParameterPlan(ParameterInfo parameter, LocalFunction function, IReadOnlyList<IParameterBinder> binders)
    {
        _parameter = parameter;
        _name = parameter.Name ?? "";
        _isTrigger = parameter == function.TriggerParameter;
        _binder = _isTrigger ? null : binders.FirstOrDefault(binder => binder.CanBind(parameter));
        _converter = parameter.GetCustomAttribute<InputConverterAttribute>()?.ConverterType;

        if (parameter.ParameterType.IsByRef)
            throw new LocalRuntimeException($"{function.EntryPoint}: parameter '{_name}' is by reference; the isolated worker has return values only.");
        if (_binder is null && !_isTrigger && parameter.GetCustomAttribute<BindingAttribute>() is { } unsupported)
            throw new LocalRuntimeException($"{function.EntryPoint}: the Local runtime does not support [{unsupported.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}] on parameter '{_name}'.");
    }

    public ValueTask<object?> BindAsync(LocalFunctionContext context, ObjectSerializer serializer)
    {
        FunctionInvocation invocation = context.Invocation;
        if (invocation.Arguments.TryGetValue(_name, out object? given))
            return new(given);
        if (_converter is not null)
            return ConvertAsync(context);
        if (_binder is not null)
            return _binder.BindAsync(_parameter, context);

        Type type = _parameter.ParameterType;
        if (type == typeof(FunctionContext))
            return new(context);
        if (type == typeof(HttpRequest) && invocation.HttpContext is { } http)
            return new(http.Request);
        if (type == typeof(HttpContext) && invocation.HttpContext is not null)
            return new(invocation.HttpContext);

        object? source = _isTrigger ? invocation.TriggerValue : Metadata(invocation.TriggerMetadata);
        if (source is not null)
            return new(InputConversion.Convert(source, type, _name, serializer));
        if (type == typeof(CancellationToken))
            return new(invocation.CancellationToken);
        if (_parameter.HasDefaultValue)
            return new(_parameter.DefaultValue);
        return type.IsValueType && Nullable.GetUnderlyingType(type) is null
            ? throw new FunctionInputConverterException(_name, "nothing delivers a value for it")
            : new((object?)null);
    }

    private async ValueTask<object?> ConvertAsync(LocalFunctionContext context)
    {
        var converter = (IInputConverter)ActivatorUtilities.GetServiceOrCreateInstance(context.InstanceServices, _converter!);
        object? source = _isTrigger ? context.Invocation.TriggerValue : Metadata(context.Invocation.TriggerMetadata);
        ConversionResult result = await converter.ConvertAsync(new LocalConverterContext(_parameter.ParameterType, source, context));
        return result.Status == ConversionStatus.Succeeded
            ? result.Value
            : throw (result.Error ?? new FunctionInputConverterException(_name, $"{_converter!.Name} does not handle it"));
    }

    private object? Metadata(IReadOnlyDictionary<string, object?> metadata)
    {
        if (metadata.TryGetValue(_name, out object? value))
            return value;
        foreach ((string key, object? candidate) in metadata)
            if (key.Equals(_name, StringComparison.OrdinalIgnoreCase))
                return candidate;
        return null;
    }
}

/// <summary>Where the parts of a function's result go.</summary>
internal sealed class OutputPlan
{
    private readonly (OutputBindingAttribute Output, IOutputWriter Writer)? _whole;
    private readonly (PropertyInfo Property, OutputBindingAttribute Output, IOutputWriter Writer)[] _parts = [];
    private readonly PropertyInfo? _http;

    public OutputPlan(LocalFunction function, Type resultType, IReadOnlyList<IOutputWriter> writers)
    {
        OutputBindingAttribute[] onMethod = [.. function.Method.GetCustomAttributes<OutputBindingAttribute>()];
        if (onMethod.Length > 1)
            throw new LocalRuntimeException($"{function.EntryPoint}: a method can carry one output attribute only; return a class with one property for each output.");
        if (onMethod.Length == 1)
        {
            _whole = (onMethod[0], WriterOf(onMethod[0], resultType, function, writers));
            return;
        }

        var marked = resultType.GetProperties()
            .Select(property => (Property: property, Outputs: property.GetCustomAttributes<OutputBindingAttribute>().ToArray()))
            .ToArray();
        if (marked.All(property => property.Outputs.Length == 0))
            return;
        if (marked.FirstOrDefault(property => property.Outputs.Length > 1).Property is { } twice)
            throw new LocalRuntimeException($"{function.EntryPoint}: {resultType.Name}.{twice.Name} carries several output attributes; give each output its own property.");
        if (marked.FirstOrDefault(property => property.Outputs.Length == 0 && IsHttpResult(property.Property.PropertyType)).Property is { } forgotten)
            throw new LocalRuntimeException($"{function.EntryPoint}: {resultType.Name}.{forgotten.Name} holds the HTTP response but lacks [HttpResult].");

        PropertyInfo[] http = [.. marked.Where(property => property.Outputs is [HttpResultAttribute]).Select(property => property.Property)];
        if (http.Length > 1)
            throw new LocalRuntimeException($"{function.EntryPoint}: {resultType.Name} carries [HttpResult] more than once.");
        _http = http.SingleOrDefault();
        _parts = [.. marked
            .Where(property => property.Outputs.Length == 1 && property.Outputs[0] is not HttpResultAttribute)
            .Select(property => (property.Property, property.Outputs[0], WriterOf(property.Outputs[0], property.Property.PropertyType, function, writers)))];
    }

    public object? Split(LocalFunctionContext context, object? result)
    {
        if (result is null)
            return null;
        if (_whole is { } whole)
        {
            context.Outputs.Add(new PendingOutput(whole.Writer, whole.Output, result));
            return null;
        }

        if (_parts.Length == 0 && _http is null)
            return result;
        foreach ((PropertyInfo property, OutputBindingAttribute output, IOutputWriter writer) in _parts)
            if (property.GetValue(result) is { } value)
                context.Outputs.Add(new PendingOutput(writer, output, value));
        return _http?.GetValue(result);
    }

    private static bool IsHttpResult(Type type) => typeof(IActionResult).IsAssignableFrom(type) || typeof(IResult).IsAssignableFrom(type);

    private static IOutputWriter WriterOf(OutputBindingAttribute output, Type valueType, LocalFunction function, IReadOnlyList<IOutputWriter> writers)
    {
        IOutputWriter writer = writers.FirstOrDefault(candidate => candidate.Handles(output))
            ?? throw new LocalRuntimeException($"{function.EntryPoint}: the Local runtime does not support the output [{output.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}].");
        writer.Prepare(output, valueType, function.EntryPoint);
        return writer;
    }
}

/// <summary>The plans of all functions.</summary>
internal sealed class FunctionPlans(IEnumerable<IParameterBinder> binders, IEnumerable<IOutputWriter> writers, Microsoft.Extensions.Options.IOptions<WorkerOptions> options)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<LocalFunction, FunctionPlan> _plans = new();
    private readonly IParameterBinder[] _binders = [.. binders];
    private readonly IOutputWriter[] _writers = [.. writers];

    /// <summary>The function's plan, made when it is first asked for.</summary>
    /// <exception cref="LocalRuntimeException">The function cannot work.</exception>
    public FunctionPlan For(LocalFunction function) => _plans.GetOrAdd(function, Make);

    private FunctionPlan Make(LocalFunction function) => new(
        function, _binders, _writers,
        options.Value.Serializer ?? throw new LocalRuntimeException("WorkerOptions.Serializer is null; set a serializer or leave the default."));
}
