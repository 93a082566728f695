using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Abm.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Abm.Functions.Tests.Platform;

/// <summary>Rules of the real worker that only its own analyzers and generators check (AZFW…): docs/azure-build.md has the list.</summary>
public sealed partial class WorkerRulesTests
{
    /// <summary>What a queue trigger offers by parameter name: a parameter called so would be bound to it unasked.</summary>
    private static readonly string[] QueueMetadata = ["queueTrigger", "dequeueCount", "expirationTime", "id", "insertionTime", "nextVisibleTime", "popReceipt"];

    [Fact]
    public void There_are_functions_of_every_kind_to_check()
    {
        string[] kinds = [.. AppFunctions.All.Select(f => AppFunctions.TriggerOf(f).GetType().Name).Distinct().Order(StringComparer.Ordinal)];

        Assert.Superset(new HashSet<string> { nameof(ActivityTriggerAttribute), nameof(HttpTriggerAttribute), nameof(OrchestrationTriggerAttribute), nameof(QueueTriggerAttribute), nameof(TimerTriggerAttribute) }, kinds.ToHashSet());
        Assert.True(AppFunctions.All.Count >= 30, $"{AppFunctions.All.Count} functions were found.");
    }

    [Fact]
    public void AZFW0001_Binding_attributes_are_those_of_the_isolated_worker()
    {
        Attribute[] attributes = [.. AppFunctions.All.SelectMany(f => f.GetParameters()).SelectMany(p => p.GetCustomAttributes())];

        Assert.DoesNotContain(attributes, a => (a.GetType().Namespace ?? "").StartsWith("Microsoft.Azure.WebJobs", StringComparison.Ordinal));
        Assert.DoesNotContain(AppFunctions.Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("Microsoft.Azure.WebJobs", StringComparison.Ordinal));
    }

    [Fact]
    public void AZFW0002_No_function_is_async_void_and_none_returns_a_value_task() => Assert.All(AppFunctions.All, function =>
    {
        Assert.False(function.ReturnType == typeof(void) && function.IsDefined(typeof(AsyncStateMachineAttribute)), AppFunctions.NameOf(function));
        Assert.False(function.ReturnType == typeof(ValueTask) || (function.ReturnType.IsGenericType && function.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>)), AppFunctions.NameOf(function));
    });

    [Fact]
    public void AZFW0005_A_parameter_has_at_most_one_binding_and_a_function_exactly_one_trigger() => Assert.All(AppFunctions.All, function =>
    {
        Assert.All(function.GetParameters(), parameter => Assert.True(AppFunctions.Bindings(parameter).Count() <= 1, $"{AppFunctions.NameOf(function)}: {parameter.Name}"));
        Assert.Single(function.GetParameters().SelectMany(AppFunctions.Bindings).OfType<TriggerBindingAttribute>());
    });

    [Fact]
    public void AZFW0007_0015_0016_HTTP_functions_give_an_action_result_and_nothing_else()
    {
        Assert.All(AppFunctions.All.Where(AppFunctions.IsHttp), function =>
        {
            Assert.True(AppFunctions.ResultOf(function) == typeof(IActionResult), $"{AppFunctions.NameOf(function)} returns {function.ReturnType}: on the platform only IActionResult and IResult become an answer.");
            Assert.Single(function.GetParameters(), AppFunctions.IsRequest);
        });
        Assert.DoesNotContain(AppFunctions.All, f => f.IsDefined(typeof(OutputBindingAttribute)) || f.ReturnParameter.IsDefined(typeof(OutputBindingAttribute)));
    }

    [Fact]
    public void AZFW0008_Triggers_that_take_many_at_once_take_an_array() => Assert.All(
        AppFunctions.With<ServiceBusTriggerAttribute>(), found => Assert.Equal(found.Trigger.IsBatched, found.Parameter.ParameterType.IsArray));

    [Fact]
    public void AZFW0009_0010_0011_Queue_functions_take_text() =>
        Assert.All(AppFunctions.With<QueueTriggerAttribute>(), found => Assert.Equal(typeof(string), found.Parameter.ParameterType));

    [Fact]
    public void AZFW0012_Retry_attributes_stand_on_timers_only() => Assert.All(
        AppFunctions.All.Where(function => function.IsDefined(typeof(RetryAttribute))),
        function => Assert.IsType<TimerTriggerAttribute>(AppFunctions.TriggerOf(function)));

    [Fact]
    public void AZFW0014_Program_sets_up_the_web_application_before_its_middleware()
    {
        string program = File.ReadAllText(Path.Combine(Repository.Root, "functions", "Program.cs"));
        int web = program.IndexOf(nameof(FunctionsApplicationBuilderAspNetCoreExtensions.ConfigureFunctionsWebApplication), StringComparison.Ordinal);
        int middleware = program.IndexOf("UseMiddleware", StringComparison.Ordinal);

        Assert.True(web >= 0 && middleware > web, "What handles results is registered by ConfigureFunctionsWebApplication; middleware before it would not see them.");
    }

    [Fact]
    public void AZFW0017_Names_of_functions_are_unique_and_good_in_a_url()
    {
        Assert.Equal(AppFunctions.All.Count, AppFunctions.All.Select(AppFunctions.NameOf).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(AppFunctions.All, function => Assert.Matches("^[A-Za-z][A-Za-z0-9_-]{0,126}$", AppFunctions.NameOf(function)));
    }

    [Fact]
    public void The_generator_sees_every_function_public_methods_of_public_classes() => Assert.All(AppFunctions.All, function =>
    {
        Assert.True(function is { IsPublic: true, IsGenericMethodDefinition: false }, AppFunctions.NameOf(function));
        Assert.True(function.DeclaringType is { IsVisible: true, IsGenericType: false }, AppFunctions.NameOf(function));
    });

    [Fact]
    public void Every_HTTP_trigger_states_its_level_its_verbs_and_its_route()
    {
        Assert.All(AppFunctions.With<HttpTriggerAttribute>(), found =>
        {
            // The attribute without a level reads as Anonymous in code and as Function on the platform.
            CustomAttributeData written = found.Parameter.GetCustomAttributesData().Single(a => a.AttributeType == typeof(HttpTriggerAttribute));
            Assert.True(written.Constructor.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(AuthorizationLevel), AppFunctions.NameOf(found.Function));
            Assert.NotEmpty(found.Trigger.Methods!);
            Assert.False(string.IsNullOrEmpty(found.Trigger.Route));
            Assert.DoesNotContain(found.Trigger.Route.Split('/')[0], (string[])["admin", "runtime"]);
            Assert.False(found.Trigger.Route.StartsWith('/'));
        });
        string[] routes = [.. AppFunctions.With<HttpTriggerAttribute>().SelectMany(f => f.Trigger.Methods!.Select(verb => $"{verb} {RouteValue().Replace(f.Trigger.Route!, "{}")}"))];
        Assert.Equal(routes.Length, routes.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    /// <summary>A value in one route where the other has a word: the host and the worker each match for themselves, and need not choose the same function.</summary>
    [Fact]
    public void No_address_fits_two_functions_of_the_same_verb()
    {
        (string Name, string[] Verbs, string[] Segments)[] routes =
            [.. AppFunctions.With<HttpTriggerAttribute>().Select(f => (AppFunctions.NameOf(f.Function), f.Trigger.Methods!, f.Trigger.Route!.Split('/')))];

        Assert.True(Overlap(["leads", "{id}"], ["leads", "open"]) && Overlap(["{kind}", "open"], ["leads", "{id}"]) && Overlap(["leads"], ["Leads"]));
        Assert.False(Overlap(["leads", "{id}"], ["leads"]) || Overlap(["leads", "{id}"], ["reps", "{id}"]));
        Assert.DoesNotContain(
            routes.SelectMany((one, i) => routes.Skip(i + 1).Select(other => (one, other))),
            pair => pair.one.Verbs.Intersect(pair.other.Verbs, StringComparer.OrdinalIgnoreCase).Any() && Overlap(pair.one.Segments, pair.other.Segments));

        static bool Overlap(string[] one, string[] other) => one.Length == other.Length
            && one.Zip(other).All(pair => pair.First.StartsWith('{') || pair.Second.StartsWith('{') || string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The platform knows catch-all and optional values and constraints; without them both of its routers, and ours, read the same.</summary>
    [Fact]
    public void Routes_are_words_in_lower_case_and_plain_values() => Assert.All(
        AppFunctions.With<HttpTriggerAttribute>(), found => Assert.Matches(@"^([a-z0-9.-]+|\{[a-zA-Z]+\})(/([a-z0-9.-]+|\{[a-zA-Z]+\}))*$", found.Trigger.Route!));

    [Fact]
    public void Only_health_and_the_descriptions_of_the_API_and_of_configuration_files_are_open() => Assert.Equal(
        ["GetConfigSchema", "GetHealth", "GetOpenApi"],
        AppFunctions.With<HttpTriggerAttribute>().Where(f => f.Trigger.AuthLevel == AuthorizationLevel.Anonymous).Select(f => AppFunctions.NameOf(f.Function)).Order(StringComparer.Ordinal));

    [Fact]
    public void Route_values_are_text_parameters_of_the_same_name() => Assert.All(AppFunctions.With<HttpTriggerAttribute>(), found =>
    {
        foreach (string name in RouteValue().Matches(found.Trigger.Route!).Select(match => match.Groups["name"].Value))
            Assert.Equal(typeof(string), Assert.Single(found.Function.GetParameters(), parameter => parameter.Name == name).ParameterType);
    });

    [Fact]
    public void Names_of_parameters_differ_by_more_than_case() => Assert.All(AppFunctions.All, function =>
        Assert.Equal(function.GetParameters().Length, function.GetParameters().Select(p => p.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count()));

    [Fact]
    public void Every_parameter_is_a_trigger_a_binding_a_route_value_or_the_token()
    {
        Assert.All(AppFunctions.All, function => Assert.All(
            function.GetParameters().Where(p => !AppFunctions.Bindings(p).Any() && p.ParameterType != typeof(CancellationToken) && p.ParameterType != typeof(ServiceBusMessageActions)),
            parameter => Assert.True(
                AppFunctions.TriggerOf(function) is HttpTriggerAttribute { Route: { } route } && route.Contains($"{{{parameter.Name}", StringComparison.Ordinal),
                $"{AppFunctions.NameOf(function)}: nothing binds {parameter.Name}.")));
        Assert.All(
            AppFunctions.With<QueueTriggerAttribute>(),
            found => Assert.DoesNotContain(found.Function.GetParameters(), p => QueueMetadata.Contains(p.Name, StringComparer.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Queue_names_are_names_that_the_service_takes_on_the_default_connection() => Assert.All(AppFunctions.With<QueueTriggerAttribute>(), found =>
    {
        Assert.Matches("^[a-z0-9](-?[a-z0-9]){2,62}$", found.Trigger.QueueName);
        Assert.Null(found.Trigger.Connection);
        Assert.True(found.Trigger.QueueName.Length + "-poison".Length <= 63 || found.Trigger.QueueName.EndsWith("-poison", StringComparison.Ordinal));
    });

    [Fact]
    public void What_ends_on_a_poison_queue_is_taken_care_of()
    {
        string[] queues = [.. AppFunctions.With<QueueTriggerAttribute>().Select(f => f.Trigger.QueueName)];

        Assert.All(queues.Where(q => !q.EndsWith("-poison", StringComparison.Ordinal)), queue => Assert.Contains(queue + "-poison", queues));
    }

    [Fact]
    public void Schedules_have_six_fields_and_nothing_runs_at_every_start() => Assert.All(AppFunctions.With<TimerTriggerAttribute>(), found =>
    {
        Assert.Equal(6, found.Trigger.Schedule.Split(' ').Length);
        Assert.False(found.Trigger.RunOnStartup);
    });

    [GeneratedRegex(@"\{\*{0,2}(?<name>[A-Za-z]+)[^}]*\}")]
    private static partial Regex RouteValue();
}
