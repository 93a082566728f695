using System.Text.Json.Nodes;
using Abm.Functions.OpenApi;
using Abm.Functions.Tests.Http;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Tests.OpenApi;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Every_HTTP_function_is_described_under_its_path_and_verb()
    {
        JsonNode document = (await new GetOpenApi().Run(Requests.Get("/api/openapi.json")).AnswerAsync()).Json;
        (string Name, HttpTriggerAttribute Trigger)[] functions = [.. OpenApiDocument.Triggers(typeof(GetOpenApi).Assembly)];

        Assert.True(functions.Length >= 15);
        foreach ((string name, HttpTriggerAttribute trigger) in functions)
        {
            foreach (string verb in trigger.Methods!)
                Assert.Equal(name, (string?)document["paths"]![$"/api/{trigger.Route}"]![verb]!["operationId"]);
        }
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        Answered answer = await new GetOpenApi().Run(Requests.Get("/api/openapi.json")).AnswerAsync();
        string[] references = [.. answer.Body.Split("\"$ref\":\"").Skip(1).Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)])];

        Assert.True(references.Length > 20);
        Assert.All(references, reference => Assert.NotNull(Follow(answer.Json, reference)));
    }

    [Fact]
    public async Task Two_functions_never_share_a_verb_and_a_path()
    {
        JsonNode document = (await new GetOpenApi().Run(Requests.Get("/api/openapi.json")).AnswerAsync()).Json;
        int described = document["paths"]!.AsObject().Sum(path => path.Value!.AsObject().Count);

        Assert.Equal(OpenApiDocument.Triggers(typeof(GetOpenApi).Assembly).Sum(found => found.Trigger.Methods!.Length), described);
    }

    private static JsonNode? Follow(JsonNode document, string reference) => reference.Split('/').Skip(1)
        .Aggregate((JsonNode?)document, (at, part) => at is JsonArray items ? items[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : at?[part]);
}
