using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Delivery;
using Abm.Functions.Settings;
using Abm.TestKit;

namespace Abm.Functions.Tests.Signals;

/// <summary>Who has a secret is believed only with it.</summary>
public sealed class EventSignatureTests
{
    private const string Secret = "a secret of the website";
    private const string Former = "the one that it had before";
    private readonly SignalWorld _world = new();

    public EventSignatureTests() => _world.Signing.Sources["site"] = new SigningSource { Source = "Web-Site", Secret = Secret, PreviousSecret = Former };

    private string Body(string source = "web-site") =>
        $$"""{"kind":"page.view","at":"{{_world.Clock.GetUtcNow().AddHours(-1):yyyy-MM-dd'T'HH:mm:ss'Z'}}","accountId":"A1","source":"{{source}}"}""";

    [Theory]
    [InlineData(Secret, 0)]
    [InlineData(Secret, -299)]
    [InlineData(Secret, 299)]
    [InlineData(Former, 0)] // while the sender changes over
    public async Task Events_that_their_source_has_signed_lately_are_taken(string secret, int seconds)
    {
        await _world.SaveAsync(new AccountChange.Saved(new Account { Id = AccountId.Parse("A1"), Name = "Acme" }));

        ApiAnswer answer = await _world.PostAsync(Body("WEB-site"), signature: Sign(secret, Body("WEB-site"), seconds));

        Assert.Equal(202, answer.Status);
        Assert.Single(_world.Timelines.All("A1"));
    }

    [Theory]
    [InlineData(null, "notSigned")]
    [InlineData("", "notSigned")]
    [InlineData("v1=00", "invalidSignature")]
    [InlineData("t=1,v1=zz", "invalidSignature")]
    [InlineData("t=-1,v1=0000000000000000000000000000000000000000000000000000000000000000", "invalidSignature")]
    [InlineData("t=1,t=2,v1=0000000000000000000000000000000000000000000000000000000000000000", "invalidSignature")]
    [InlineData("t=99999999999999999999,v1=0000000000000000000000000000000000000000000000000000000000000000", "staleSignature")]
    [InlineData("late", "staleSignature")]
    [InlineData("early", "staleSignature")]
    [InlineData("stranger", "wrongSignature")]
    [InlineData("changed", "wrongSignature")]
    public async Task Whatever_is_not_signed_as_the_source_signs_is_refused_by_name_and_nothing_is_kept(string? signature, string code)
    {
        await _world.SaveAsync(new AccountChange.Saved(new Account { Id = AccountId.Parse("A1"), Name = "Acme" }));
        string body = $"[{Body("other")},{Body()}]";
        string? sent = signature switch
        {
            "late" => Sign(Secret, body, -301),
            "early" => Sign(Secret, body, 301),
            "stranger" => Sign("the secret of somebody else", body, 0),
            "changed" => Sign(Secret, body + " ", 0),
            _ => signature,
        };

        ApiAnswer answer = await _world.PostAsync(body, signature: sent);

        Assert.Equal((401, $"{code} X-Abm-Signature"), (answer.Status, Assert.Single(answer.Codes)));
        Assert.Empty(_world.Timelines.All("A1")); // also those of the other source
    }

    [Fact]
    public async Task A_source_without_a_secret_is_let_in_as_before()
    {
        await _world.SaveAsync(new AccountChange.Saved(new Account { Id = AccountId.Parse("A1"), Name = "Acme" }));

        Assert.Equal(202, (await _world.PostAsync(Body("crm"))).Status);
    }

    [Fact]
    public async Task What_is_sent_again_with_its_signature_changes_nothing()
    {
        await _world.SaveAsync(new AccountChange.Saved(new Account { Id = AccountId.Parse("A1"), Name = "Acme" }));
        string body = Body(), signature = Sign(Secret, body, 0);

        await _world.PostAsync(body, signature: signature);
        ApiAnswer again = await _world.PostAsync(body, signature: signature);

        Assert.Equal((200, 1), (again.Status, (int)again.Json["duplicates"]!));
        Assert.Single(_world.Timelines.All("A1"));
    }

    [Fact]
    public void The_signature_of_the_documented_example_is_valid_at_its_instant()
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"event_id":"e1","event_type":"form_response"}""");
        const string Header = "t=1700000000,v1=0000000000000000000000000000000000000000000000000000000000000000, v1=dbf4da1cf9dac6d1d1777c3966c715d80d223a0b2e8dc3df22154d0620896d49";
        DateTimeOffset at = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

        Assert.Equal(SignatureVerdict.Valid, SignatureCheck.Of(Header, body, ["secret"], at, TimeSpan.FromMinutes(5)));
        Assert.Equal(SignatureVerdict.Wrong, SignatureCheck.Of(Header, body, ["secret?"], at, TimeSpan.FromMinutes(5)));
        Assert.Equal(SignatureVerdict.Malformed, SignatureCheck.Of("t=1," + new string('x', 2_000), body, ["secret"], at, TimeSpan.FromMinutes(5)));
        Assert.Equal(SignatureVerdict.Valid, SignatureCheck.Of(WebhookSignature.Sign(at, Encoding.UTF8.GetString(body), Secret, Former), body, [Former], at, TimeSpan.FromMinutes(5)));
    }

    private string Sign(string secret, string body, int seconds)
    {
        string at = _world.Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={at},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{at}.{body}")))}";
    }
}
