using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Abm.Functions.Settings;
using Microsoft.Extensions.Configuration;

namespace Abm.Functions.Tests.Delivery;

public sealed class WebhookOptionsTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("https://hooks.example/abm", "a secret of some length")]
    [InlineData("http://127.0.0.1:8080/", "a secret of some length")]
    [InlineData("http://localhost/", "a secret of some length")]
    public void What_is_safe_is_taken(string? url, string? secret) => Assert.Empty(Problems(url, secret));

    [Theory]
    [InlineData("http://hooks.example/abm", "a secret of some length")]
    [InlineData("ftp://hooks.example/abm", "a secret of some length")]
    [InlineData("/relative", "a secret of some length")]
    [InlineData("https://hooks.example/abm", null)]
    [InlineData("https://hooks.example/abm", "short")]
    [InlineData("https://hooks.example/abm", "@Microsoft.KeyVault(SecretUri=https://kv-abm.vault.azure.net/secrets/abm-webhook-secret/)")]
    public void What_is_not_is_refused_at_start(string? url, string? secret) => Assert.Single(Problems(url, secret));

    [Fact]
    public void Waits_grow_fourfold_up_to_the_longest()
    {
        WebhookOptions options = new();

        Assert.Equal([10, 40, 160, 640, 2560, 10240, 21600, 21600], Enumerable.Range(1, 8).Select(n => options.RetryAfter(n).TotalSeconds));
    }

    [Fact]
    public void The_sample_settings_are_valid_and_name_no_receiver()
    {
        JsonNode sample = JsonNode.Parse(File.ReadAllText(Path.Combine(TestKit.Repository.Root, "local.settings.sample.json")))!;
        IConfiguration settings = new ConfigurationBuilder()
            .AddInMemoryCollection(sample["Values"]!.AsObject().Select(v => KeyValuePair.Create(v.Key.Replace("__", ":", StringComparison.Ordinal), (string?)v.Value)))
            .Build();

        WebhookOptions webhook = settings.GetSection(WebhookOptions.Section).Get<WebhookOptions>()!;
        JourneyOptions journeys = settings.GetSection(JourneyOptions.Section).Get<JourneyOptions>()!;

        Assert.Null(webhook.Url);
        Assert.True(Validator.TryValidateObject(webhook, new ValidationContext(webhook), [], validateAllProperties: true));
        Assert.True(Validator.TryValidateObject(journeys, new ValidationContext(journeys), [], validateAllProperties: true));
        Assert.Equal((new WebhookOptions().MaxAttempts, new WebhookOptions().LongestRetry), (webhook.MaxAttempts, webhook.LongestRetry));
        Assert.Equal(new JourneyOptions().UndecidedAfter, journeys.UndecidedAfter);
    }

    [Fact]
    public void Ranges_are_checked()
    {
        List<ValidationResult> problems = [];
        WebhookOptions options = new() { MaxAttempts = 0, Timeout = TimeSpan.FromMinutes(2), FirstRetry = TimeSpan.Zero };

        Assert.False(Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true));
        Assert.Equal(3, problems.Count);
    }

    private static List<ValidationResult> Problems(string? url, string? secret)
    {
        WebhookOptions options = new() { Url = url is null ? null : new Uri(url, UriKind.RelativeOrAbsolute), Secret = secret };
        List<ValidationResult> problems = [];
        Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true);
        return problems;
    }
}
