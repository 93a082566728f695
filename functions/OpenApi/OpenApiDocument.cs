using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Abm.Functions.Http;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.OpenApi;

/// <summary>Describes every HTTP function of an assembly: paths, verbs and keys as the triggers declare them, bodies and filters from <see cref="OperationNotes"/>. What is declared cannot be forgotten here.</summary>
internal static partial class OpenApiDocument
{
    private const string RoutePrefix = "/api/";

    public static JsonObject Of(Assembly assembly)
    {
        var schemas = new SchemaBook();
        var paths = new JsonObject();
        foreach ((string name, HttpTriggerAttribute trigger) in Triggers(assembly).OrderBy(found => found.Trigger.Route, StringComparer.Ordinal).ThenBy(found => found.Name, StringComparer.Ordinal))
        {
            string path = RoutePrefix + (trigger.Route ?? name);
            var item = paths[path] as JsonObject ?? new JsonObject();
            foreach (string verb in trigger.Methods ?? [])
                item[verb.ToLowerInvariant()] = Operation(name, path, trigger.AuthLevel, schemas);
            paths[path] = item;
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Abm.Functions", ["version"] = assembly.GetName().Version?.ToString(3), ["description"] = "Account-based marketing on Azure Functions. Rules and examples: docs/api.md." },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.Schemas,
                ["securitySchemes"] = new JsonObject { ["functionKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-functions-key" } },
            },
        };
    }

    /// <summary>Every HTTP function with its trigger.</summary>
    internal static IEnumerable<(string Name, HttpTriggerAttribute Trigger)> Triggers(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger is not null
        select (function.Name, trigger);

    private static JsonObject Operation(string name, string path, AuthorizationLevel level, SchemaBook schemas)
    {
        OperationNotes notes = OperationNotes.Of(name);
        var operation = new JsonObject { ["operationId"] = name, ["summary"] = notes.Summary };
        if (level == AuthorizationLevel.Anonymous)
            operation["security"] = new JsonArray();
        else
            operation["security"] = new JsonArray(new JsonObject { ["functionKey"] = new JsonArray() });

        JsonNode[] parameters =
        [
            .. RouteParameter().Matches(path).Select(match => Parameter(match.Groups[1].Value, "path", isRequired: true)),
            .. notes.Query.Select(query => Parameter(query, "query", isRequired: false)),
            .. notes.Headers.Select(header => Parameter(header, "header", isRequired: false)),
        ];
        if (parameters.Length > 0)
            operation["parameters"] = new JsonArray(parameters);
        if (notes.Takes is { } takes)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject { [takes] = new JsonObject { ["schema"] = new JsonObject { ["type"] = takes == "application/json" ? "object" : "string" } } },
            };
        }

        var responses = new JsonObject();
        foreach ((int status, Type type) in notes.Gives)
            responses[Text(status)] = Response("As described.", notes.GivesType, schemas.Reference(type));
        foreach (int status in notes.Problems)
            responses[Text(status)] = Response("A problem.", "application/problem+json", schemas.Reference(typeof(ProblemResponse)));
        operation["responses"] = responses;
        return operation;
    }

    private static JsonObject Parameter(string name, string place, bool isRequired) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = isRequired,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Response(string says, string contentType, JsonObject schema) => new()
    {
        ["description"] = says,
        ["content"] = new JsonObject { [contentType] = new JsonObject { ["schema"] = schema } },
    };

    private static string Text(int status) => status.ToString(System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{([A-Za-z]+)[^}]*\}")]
    private static partial Regex RouteParameter();
}
