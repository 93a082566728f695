using Abm.Functions.Delivery;

namespace Abm.Functions.Tests.Delivery;

public sealed class WebhookSignatureTests
{
    private const string Body = """{"event_id":"e1","event_type":"form_response"}""";
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public void The_known_vector_comes_out() => Assert.Equal(
        "t=1700000000,v1=dbf4da1cf9dac6d1d1777c3966c715d80d223a0b2e8dc3df22154d0620896d49",
        WebhookSignature.Sign(At, Body, "secret"));

    [Fact]
    public void While_secrets_change_both_signatures_are_sent()
    {
        string header = WebhookSignature.Sign(At, Body, "another", "secret");

        Assert.Equal(3, header.Split(',').Length);
        Assert.EndsWith(",v1=dbf4da1cf9dac6d1d1777c3966c715d80d223a0b2e8dc3df22154d0620896d49", header, StringComparison.Ordinal);
    }
}
