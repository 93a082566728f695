using System.ComponentModel.DataAnnotations;
using Abm.Functions.Settings;

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
    public void What_is_not_is_refused_at_start(string? url, string? secret) => Assert.Single(Problems(url, secret));

    [Fact]
    public void Waits_grow_fourfold_up_to_the_longest()
    {
        WebhookOptions options = new();

        Assert.Equal([10, 40, 160, 640, 2560, 10240, 21600, 21600], Enumerable.Range(1, 8).Select(n => options.RetryAfter(n).TotalSeconds));
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
