using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Abm.Configuration;
using Abm.TestKit;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Abm.Functions.Tests.Configuration;

/// <summary>Asks Ajv, the validator that most editors use, whether documents fit our schema. It is restored together with Azurite (<c>npm ci</c>).</summary>
internal static class SchemaCheck
{
    private const string Script =
        """
        const Ajv = require("ajv/dist/2020");
        let text = "";
        process.stdin.on("data", d => text += d).on("end", () => {
          const { schema, documents } = JSON.parse(text);
          const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false, validateFormats: false, allErrors: true }).compile(schema);
          process.stdout.write(JSON.stringify(documents.map(d => validate(d) ? null : validate.errors.map(e => e.instancePath + ": " + e.message).join("; "))));
        });
        """;

    /// <summary>For each document what does not fit; null when all does.</summary>
    public static async Task<IReadOnlyList<string?>> ProblemsAsync(IEnumerable<JsonNode?> documents)
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Repository.Root, "node_modules", "ajv", "dist", "2020.js")), "skipped: run 'npm ci' first");
        ProcessStartInfo start = new("node", ["-e", Script]) { WorkingDirectory = Repository.Root, RedirectStandardInput = true, RedirectStandardOutput = true };
        using Process node = Process.Start(start)!;
        JsonObject question = new() { ["schema"] = JsonNode.Parse(ConfigSchema.Json()), ["documents"] = new JsonArray([.. documents]) };
        await node.StandardInput.WriteAsync(question.ToJsonString());
        node.StandardInput.Close();
        string answer = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, node.ExitCode);
        return JsonSerializer.Deserialize<string?[]>(answer)!;
    }

    /// <summary>YAML as editors read it: the core schema of YAML 1.2.</summary>
    public static JsonNode? Json(string yaml)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(yaml));
        return Json(stream.Documents[0].RootNode);
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Json(c.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" } => null,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } truth => JsonValue.Create(truth.Value == "true"),
        YamlScalarNode { Style: ScalarStyle.Plain } plain when long.TryParse(plain.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => JsonValue.Create(whole),
        YamlScalarNode { Style: ScalarStyle.Plain } plain when double.TryParse(plain.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => JsonValue.Create(number),
        YamlScalarNode text => JsonValue.Create(text.Value),
        _ => throw new InvalidOperationException($"{node.GetType().Name} is not read here."),
    };
}
