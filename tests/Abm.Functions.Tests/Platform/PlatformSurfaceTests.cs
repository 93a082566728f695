using Abm.TestKit;
using Abm.TestKit.Surface;

namespace Abm.Functions.Tests.Platform;

/// <summary>Nothing in <c>functions/</c> compiles against a member that the real packages do not have.</summary>
public sealed class PlatformSurfaceTests
{
    private static readonly string Listed = Path.Combine(Repository.Root, "local", "api-surface.txt");

    private static readonly IReadOnlyList<string> Used = UsedApi.Of(
        AppFunctions.Assembly, assembly => assembly.GetName().Name is { } name && (name.StartsWith("Abm.Local.", StringComparison.Ordinal) || name == "Azure.Storage.Queues"));

    [Fact]
    public void Every_member_that_the_app_uses_is_one_of_the_real_packages()
    {
        string[] invented = [.. Used.Where(line => !line.Contains("Azure.Storage.Queues", StringComparison.Ordinal) && !ApprovedApi.Same.Contains(line) && !ApprovedApi.Differs.ContainsKey(line))];

        Assert.True(invented.Length == 0, $"The real packages have no such thing, or nobody has looked yet (tests/Approved/platform-api.txt):\n{string.Join('\n', invented)}");
        Assert.DoesNotContain(Used, line => line.Contains("Abm.Local", StringComparison.Ordinal));
    }

    /// <summary>To write the list anew: run this test with ABM_APPROVE=1, and look every new line up in the real packages.</summary>
    [Fact]
    public void The_list_of_what_the_app_uses_is_up_to_date()
    {
        if (Environment.GetEnvironmentVariable("ABM_APPROVE") == "1")
            File.WriteAllLines(Listed, Used);

        Assert.Equal(File.ReadAllLines(Listed), Used);
    }

    [Fact]
    public void The_list_holds_what_everybody_can_see_that_the_app_uses()
    {
        Assert.Contains(Used, line => line.StartsWith("Microsoft.Azure.Functions.Worker.HttpTriggerAttribute.Route:", StringComparison.Ordinal));
        Assert.Contains(Used, line => line.StartsWith("Azure.Data.Tables.TableClient.UpsertEntityAsync<T>", StringComparison.Ordinal));
        Assert.Contains(Used, line => line.StartsWith("Microsoft.DurableTask.TaskOrchestrationContext.CallActivityAsync<TResult>", StringComparison.Ordinal));
        Assert.Contains(Used, line => line.StartsWith("Azure.Storage.Queues.QueueClient.SendMessageAsync(", StringComparison.Ordinal));
        Assert.Contains(Used, line => line.StartsWith("Microsoft.DurableTask.StartOrchestrationOptions.DedupeStatuses:", StringComparison.Ordinal));
    }
}
