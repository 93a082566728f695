using System.Reflection;
using Abm.TestKit.Surface;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Abm.Local.Tests.Surface;

/// <summary>What compiles against <c>local/</c> must compile against the real packages: same namespaces, names, parameters, defaults and values.</summary>
public sealed class PlatformApiTests
{
    private static readonly Assembly[] Stands =
        [typeof(FunctionContext).Assembly, typeof(TaskOrchestrationContext).Assembly, typeof(TableClient).Assembly, typeof(ServiceBusClient).Assembly];

    private static readonly HashSet<string> Ours = Stands
        .SelectMany(assembly => assembly.GetExportedTypes())
        .Where(type => !(type.Namespace ?? "").StartsWith("Abm.Local", StringComparison.Ordinal))
        .SelectMany(ApiText.Of)
        .ToHashSet(StringComparer.Ordinal);

    [Fact]
    public void Local_has_nothing_public_that_the_real_packages_do_not_have()
    {
        string[] invented = [.. Ours.Where(line => !ApprovedApi.Same.Contains(line) && !ApprovedApi.Differs.ContainsKey(line)).Order(StringComparer.Ordinal)];

        Assert.True(invented.Length == 0, $"Look these up in the real packages. If they are there, add them to tests/Approved/platform-api.txt; if not, take them out of the platform's namespaces:\n{string.Join('\n', invented)}");
    }

    [Fact]
    public void Local_still_has_everything_that_was_approved()
    {
        string[] lost = [.. ApprovedApi.Same.Concat(ApprovedApi.Differs.Keys).Where(line => !Ours.Contains(line)).Order(StringComparer.Ordinal)];

        Assert.True(lost.Length == 0, $"These are gone or changed; the real packages have them so:\n{string.Join('\n', lost)}");
    }

    [Fact]
    public void Every_known_difference_has_a_reason_and_is_not_approved_as_well()
    {
        Assert.All(ApprovedApi.Differs, difference => Assert.NotEmpty(difference.Value));
        Assert.DoesNotContain(ApprovedApi.Differs.Keys, ApprovedApi.Same.Contains);
    }
}
