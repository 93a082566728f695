using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Abm.Local.Hosting;
using DurableTask.Core.Exceptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Watching and steering orchestrations over HTTP, at the addresses and with the answers of the real extension.</summary>
internal sealed class ManagementApi(DurableHost host) : IHttpEndpointContributor
{
    /// <summary>Where it is.</summary>
    public const string Path = "/runtime/webhooks/durabletask";

    private const string Json = "application/json";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        if (!host.IsUsed)
            return;
        Map(endpoints, "GET", "/instances", Guard(ListAsync));
        Map(endpoints, "DELETE", "/instances", Guard(PurgeManyAsync));
        Map(endpoints, "GET", "/instances/{id}", Guard(StatusAsync));
        Map(endpoints, "DELETE", "/instances/{id}", Guard(PurgeAsync));
        Map(endpoints, "POST", "/instances/{id}/raiseEvent/{eventName}", Guard(RaiseEventAsync));
        Map(endpoints, "POST", "/instances/{id}/terminate", Guard(http => SteerAsync(http, (client, id, reason) => client.TerminateInstanceAsync(id, (object?)reason, http.RequestAborted))));
        Map(endpoints, "POST", "/instances/{id}/suspend", Guard(http => SteerAsync(http, (client, id, reason) => client.SuspendInstanceAsync(id, reason, http.RequestAborted))));
        Map(endpoints, "POST", "/instances/{id}/resume", Guard(http => SteerAsync(http, (client, id, reason) => client.ResumeInstanceAsync(id, reason, http.RequestAborted))));
        Map(endpoints, "POST", "/instances/{id}/rewind", Guard(RefuseAsync));
        Map(endpoints, "POST", "/instances/{id}/restart", Guard(RefuseAsync));
        Map(endpoints, "POST", "/orchestrators/{name}/{id?}", Guard(StartAsync));
    }

    /// <summary>A wrong verb is an unknown route, as everywhere on the host.</summary>
    private static void Map(IEndpointRouteBuilder endpoints, string verb, string route, RequestDelegate handle) =>
        endpoints.Map(Path + route, handle).WithMetadata(new VerbMetadata([verb]));

    private static string Route(HttpContext http, string name) => Uri.UnescapeDataString((string?)http.Request.RouteValues[name] ?? "");

    private static string? Query(HttpContext http, string name) => http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    private static Task Say(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync(text, http.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext http) =>
        Say(http, StatusCodes.Status501NotImplemented, "The Local runtime does not rewind or restart orchestrations.");

    private static Task Write(HttpContext http, int status, JsonNode body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = Json;
        return http.Response.WriteAsync(body.ToJsonString(), http.RequestAborted);
    }

    /// <summary>Refuses a foreign task hub, and says what is wrong with a request instead of failing.</summary>
    private RequestDelegate Guard(Func<HttpContext, Task> handle) => async http =>
    {
        if (Query(http, "taskHub") is { } hub && !hub.Equals(host.Settings.HubName, StringComparison.OrdinalIgnoreCase))
        {
            await Say(http, StatusCodes.Status400BadRequest, $"The task hub of this host is '{host.Settings.HubName}'.");
            return;
        }

        try
        {
            await handle(http);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or JsonException)
        {
            await Say(http, StatusCodes.Status400BadRequest, wrong.Message);
        }
    };

    private async Task StatusAsync(HttpContext http)
    {
        DurableTaskClient client = await host.ClientAsync(http.RequestAborted);
        if (await client.GetInstanceAsync(Route(http, "id"), getInputsAndOutputs: true, http.RequestAborted) is not { } state)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        JsonObject body = Show(state, showInput: Query(http, "showInput") is not { } show || bool.Parse(show));
        if (Query(http, "showHistory") is { } history && bool.Parse(history))
            body["historyEvents"] = new JsonArray([.. (await host.Engine.Store.LoadAsync(state.InstanceId, http.RequestAborted))?.History.Select(Show) ?? []]);

        bool failsLoudly = Query(http, "returnInternalServerErrorOnFailure") is { } loud && bool.Parse(loud);
        if (state.IsCompleted)
        {
            await Write(http, failsLoudly && state.RuntimeStatus == OrchestrationRuntimeStatus.Failed ? 500 : 200, body);
            return;
        }

        http.Response.Headers.Location = $"{Base(http)}/instances/{Uri.EscapeDataString(state.InstanceId)}?{host.ManagementAddress().Query}";
        http.Response.Headers.RetryAfter = "5";
        await Write(http, StatusCodes.Status202Accepted, body);
    }

    private async Task ListAsync(HttpContext http)
    {
        DurableTaskClient client = await host.ClientAsync(http.RequestAborted);
        (DateTimeOffset? from, DateTimeOffset? to, OrchestrationRuntimeStatus[]? statuses) = Filter(http);
        bool showInput = Query(http, "showInput") is not { } show || bool.Parse(show);
        int top = Query(http, "top") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : OrchestrationQuery.DefaultPageSize;
        string? token = http.Request.Headers["x-ms-continuation-token"].ToString() is { Length: > 0 } given ? given : null;
        var query = new OrchestrationQuery(from, to, statuses, null, Query(http, "instanceIdPrefix"), top, true, token);
        await foreach (Page<OrchestrationMetadata> page in client.GetAllInstancesAsync(query).AsPages().WithCancellation(http.RequestAborted))
        {
            if (page.ContinuationToken is { } next)
                http.Response.Headers["x-ms-continuation-token"] = next;
            await Write(http, StatusCodes.Status200OK, new JsonArray([.. page.Values.Select(state => Show(state, showInput))]));
            return;
        }
    }

    private async Task PurgeAsync(HttpContext http)
    {
        DurableTaskClient client = await host.ClientAsync(http.RequestAborted);
        try
        {
            await WritePurgedAsync(http, await client.PurgeInstanceAsync(Route(http, "id"), http.RequestAborted));
        }
        catch (InvalidOperationException running)
        {
            await Say(http, StatusCodes.Status409Conflict, running.Message);
        }
    }

    private async Task PurgeManyAsync(HttpContext http)
    {
        DurableTaskClient client = await host.ClientAsync(http.RequestAborted);
        (DateTimeOffset? from, DateTimeOffset? to, OrchestrationRuntimeStatus[]? statuses) = Filter(http);
        if (from is null)
        {
            await Say(http, StatusCodes.Status400BadRequest, "createdTimeFrom is needed, as a date and time.");
            return;
        }

        await WritePurgedAsync(http, await client.PurgeAllInstancesAsync(new PurgeInstancesFilter(from, to, statuses), http.RequestAborted));
    }

    private static Task WritePurgedAsync(HttpContext http, PurgeResult result)
    {
        if (result.PurgedInstanceCount > 0)
            return Write(http, StatusCodes.Status200OK, new JsonObject { ["instancesDeleted"] = result.PurgedInstanceCount });
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private async Task RaiseEventAsync(HttpContext http)
    {
        DurableTaskClient client = await host.ClientAsync(http.RequestAborted);
        if (http.Request.ContentType?.Contains(Json, StringComparison.OrdinalIgnoreCase) != true)
        {
            await Say(http, StatusCodes.Status400BadRequest, $"Only {Json} is taken.");
            return;
        }

        JsonNode? payload = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        if (await RefuseAbsentAsync(http, client))
            return;
        try
        {
            await client.RaiseEventAsync(Route(http, "id"), Route(http, "eventName"), payload, http.RequestAborted);
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (InvalidOperationException)
        {
            // It finished between the check and the event.
            http.Response.StatusCode = StatusCodes.Status410Gone;
        }
    }

    private async Task SteerAsync(HttpContext http, Func<DurableTaskClient, string, string?, Task> steer)
    {
        DurableTaskClient client = await host.ClientAsync(http.RequestAborted);
        if (await RefuseAbsentAsync(http, client))
            return;
        await steer(client, Route(http, "id"), Query(http, "reason"));
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    /// <summary>Missing: 404; finished: 410.</summary>
    private static async Task<bool> RefuseAbsentAsync(HttpContext http, DurableTaskClient client)
    {
        OrchestrationMetadata? state = await client.GetInstanceAsync(Route(http, "id"), http.RequestAborted);
        if (state is { IsCompleted: false })
            return false;
        http.Response.StatusCode = state is null ? StatusCodes.Status404NotFound : StatusCodes.Status410Gone;
        return true;
    }

    private async Task StartAsync(HttpContext http)
    {
        DurableTaskClient client = await host.ClientAsync(http.RequestAborted);
        string name = Route(http, "name");
        if (!host.Engine.Options.Orchestrators.ContainsKey(name))
        {
            await Say(http, StatusCodes.Status400BadRequest, $"There is no orchestrator function named '{name}'.");
            return;
        }

        using var reader = new StreamReader(http.Request.Body);
        string text = await reader.ReadToEndAsync(http.RequestAborted);
        JsonNode? input = string.IsNullOrWhiteSpace(text) ? null : JsonNode.Parse(text);
        try
        {
            string? wanted = Route(http, "id") is { Length: > 0 } given ? given : null;
            string id = await client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(wanted), http.RequestAborted);
            HttpManagementPayload links = client.CreateHttpManagementPayload(id);
            http.Response.Headers.Location = links.StatusQueryGetUri;
            http.Response.Headers.RetryAfter = "10";
            await Write(http, StatusCodes.Status202Accepted, JsonSerializer.SerializeToNode(links, JsonSerializerOptions.Web)!);
        }
        catch (OrchestrationAlreadyExistsException exists)
        {
            await Say(http, StatusCodes.Status409Conflict, exists.Message);
        }
    }

    private static (DateTimeOffset? From, DateTimeOffset? To, OrchestrationRuntimeStatus[]? Statuses) Filter(HttpContext http)
    {
        static DateTimeOffset? Instant(string? text) =>
            text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        OrchestrationRuntimeStatus[]? statuses = Query(http, "runtimeStatus") is { } names
            ? [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(name => Enum.Parse<OrchestrationRuntimeStatus>(name, ignoreCase: true))]
            : null;
        return (Instant(Query(http, "createdTimeFrom")), Instant(Query(http, "createdTimeTo")), statuses);
    }

    private static string Base(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}{Path}";

    private static JsonObject Show(OrchestrationMetadata state, bool showInput) => new()
    {
        ["name"] = state.Name,
        ["instanceId"] = state.InstanceId,
        ["runtimeStatus"] = state.RuntimeStatus.ToString(),
        ["input"] = showInput ? Parse(state.SerializedInput) : null,
        ["customStatus"] = Parse(state.SerializedCustomStatus),
        ["output"] = state.FailureDetails is { } failure ? JsonValue.Create(failure.ToString()) : Parse(state.SerializedOutput),
        ["createdTime"] = Instant(state.CreatedAt),
        ["lastUpdatedTime"] = Instant(state.LastUpdatedAt),
    };

    private static JsonObject Show(Abm.Local.Durable.Engine.HistoryEvent e) => new()
    {
        ["EventType"] = e.Kind.ToString(),
        ["Timestamp"] = e.At.ToString("O", CultureInfo.InvariantCulture),
        ["Name"] = e.Name,
    };

    private static JsonNode? Parse(string? json) => json is null ? null : JsonNode.Parse(json);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
