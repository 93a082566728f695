using System.Diagnostics;
using System.Globalization;
using System.Text;
using Abm.Local.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>Serves HTTP functions below the route prefix.</summary>
internal sealed partial class HttpTriggerProvider(
    RuntimeSetup setup, FunctionInvoker invoker, FunctionKeys keys, ShutdownSignal shutdown, ILoggerFactory loggers) : IFunctionTriggerProvider
{
    private readonly List<HttpFunction> _functions = [];

    public bool Handles(TriggerBindingAttribute trigger) => trigger is HttpTriggerAttribute;

    public void Prepare(IReadOnlyList<LocalFunction> functions)
    {
        if (functions.Count > 0 && !setup.HasHttp)
            throw new LocalRuntimeException($"{functions[0].EntryPoint} is an HTTP function; call builder.ConfigureFunctionsWebApplication() in Program.cs.");

        string prefix = Prefix();
        var taken = new Dictionary<string, HttpFunction>(StringComparer.OrdinalIgnoreCase);
        foreach (LocalFunction function in functions)
        {
            HttpFunction http = Read(function, prefix);
            foreach (string verb in http.Verbs.DefaultIfEmpty("*"))
                if (!taken.TryAdd($"{verb} {Shape(http.Pattern)}", http))
                    throw new LocalRuntimeException($"{function.EntryPoint} and {taken[$"{verb} {Shape(http.Pattern)}"].Function.EntryPoint} both answer {verb} /{http.Pattern.RawText}; change a route or the verbs.");
            _functions.Add(http);
        }
    }

    public string Describe(LocalFunction function)
    {
        HttpFunction http = _functions.Single(candidate => candidate.Function == function);
        string verbs = http.Verbs.Count == 0 ? "ANY" : string.Join(',', http.Verbs);
        return string.Create(CultureInfo.InvariantCulture, $"[{verbs}] {setup.BaseAddress}/{http.Pattern.RawText}");
    }

    /// <summary>Kestrel is listening by now.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Kestrel drains its requests itself.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Maps one endpoint for each function.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (HttpFunction function in _functions)
        {
            ILogger logger = loggers.CreateLogger($"Function.{function.Function.Name}");
            endpoints.Map(function.Pattern, http => HandleAsync(http, function, logger))
                .WithDisplayName(function.Function.Name)
                .WithMetadata(new VerbMetadata(function.Verbs));
        }
    }

    private async Task HandleAsync(HttpContext http, HttpFunction function, ILogger logger)
    {
        if (!keys.Allow(http.Request, function.Level, function.Function.Name))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (function.Function.IsDisabled)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        long started = Stopwatch.GetTimestamp();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, shutdown.Token);
        try
        {
            await invoker.InvokeAsync(new FunctionInvocation
            {
                Function = function.Function,
                TriggerValue = http.Request,
                TriggerMetadata = RouteValues(http),
                HttpContext = http,
                CancellationToken = either.Token,
            });
            Executed(logger, function.Function.Name, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (BadHttpRequestException refused)
        {
            // Kestrel's own verdict on the request, for example 413 for a body above the limit.
            Refused(logger, function.Function.Name, refused.StatusCode, refused.Message);
            Answer(http, refused.StatusCode);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            GaveUp(logger, function.Function.Name);
        }
#pragma warning disable CA1031 // The edge: whatever a function throws is an empty 500, logged once.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(logger, failure, function.Function.Name);
            Answer(http, StatusCodes.Status500InternalServerError);
        }
    }

    private static void Answer(HttpContext http, int status)
    {
        if (HttpResults.IsCompleted(http))
            return; // the function's own answer is out; the log has the failure that came after it
        if (http.Response.HasStarted)
        {
            http.Abort(); // a truncated answer must not look like a whole one
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = status;
    }

    private static Dictionary<string, object?> RouteValues(HttpContext http)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, object? value) in http.Request.RouteValues)
            values[name] = Convert.ToString(value, CultureInfo.InvariantCulture);
        return values;
    }

    private string Prefix()
    {
        string prefix = (setup.HostJson.GetString("extensions", "http", "routePrefix") ?? "api").Trim('/');
        try
        {
            RoutePatternFactory.Parse(prefix);
            return prefix;
        }
        catch (RoutePatternException malformed)
        {
            throw new LocalRuntimeException($"{setup.HostJson.Path}: extensions.http.routePrefix \"{prefix}\" is no beginning of a route: {malformed.Message}", malformed);
        }
    }

    private static HttpFunction Read(LocalFunction function, string prefix)
    {
        var trigger = (HttpTriggerAttribute)function.Trigger;
        Type type = function.TriggerParameter.ParameterType;
        if (type != typeof(HttpRequest))
            throw new LocalRuntimeException($"{function.EntryPoint}: [HttpTrigger] on {type.Name} is not supported; take Microsoft.AspNetCore.Http.HttpRequest.");

        string route = (trigger.Route ?? function.Name).Trim('/');
        if (trigger.Route is not null && (route.StartsWith("admin", StringComparison.OrdinalIgnoreCase) || route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase)))
            throw new LocalRuntimeException($"{function.EntryPoint}: routes that begin with 'admin' or 'runtime' are the host's own; change Route = \"{trigger.Route}\".");
        try
        {
            RoutePattern pattern = RoutePatternFactory.Parse(prefix.Length == 0 ? route : $"{prefix}/{route}");
            string[] verbs = [.. (trigger.Methods ?? []).Select(verb => verb.ToUpperInvariant()).Distinct()];
            return new HttpFunction(function, pattern, verbs, trigger.EnforcedLevel);
        }
        catch (RoutePatternException malformed)
        {
            throw new LocalRuntimeException($"{function.EntryPoint}: Route = \"{trigger.Route}\" is no route template: {malformed.Message}", malformed);
        }
    }

    /// <summary>The route without the names of its parameters: two routes of one shape answer the same requests.</summary>
    private static string Shape(RoutePattern pattern)
    {
        var shape = new StringBuilder();
        foreach (RoutePatternPathSegment segment in pattern.PathSegments)
        {
            shape.Append('/');
            foreach (RoutePatternPart part in segment.Parts)
                shape.Append(part switch
                {
                    RoutePatternLiteralPart literal => literal.Content,
                    RoutePatternSeparatorPart separator => separator.Content,
                    RoutePatternParameterPart parameter => $"{{{parameter.ParameterKind}:{string.Join(':', parameter.ParameterPolicies.Select(policy => policy.Content))}}}",
                    _ => throw new UnreachableException(),
                });
        }

        return shape.ToString();
    }

    [LoggerMessage(EventId = 9010, Level = LogLevel.Debug, Message = "{Function} answered in {Milliseconds} ms")]
    private static partial void Executed(ILogger logger, string function, long milliseconds);

    [LoggerMessage(EventId = 9011, Level = LogLevel.Error, Message = "{Function} failed; the client sees an empty 500 unless it was answered before")]
    private static partial void Failed(ILogger logger, Exception failure, string function);

    [LoggerMessage(EventId = 9012, Level = LogLevel.Information, Message = "{Function}: request refused with {Status}: {Why}")]
    private static partial void Refused(ILogger logger, string function, int status, string why);

    [LoggerMessage(EventId = 9013, Level = LogLevel.Debug, Message = "{Function}: the client went away")]
    private static partial void GaveUp(ILogger logger, string function);

    private sealed record HttpFunction(LocalFunction Function, RoutePattern Pattern, IReadOnlyList<string> Verbs, AuthorizationLevel Level);
}
