using Abm.Decisions;
using Abm.Functions.Delivery;
using Abm.Functions.Http;
using Abm.Functions.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Signals;

/// <summary>Whether events come from whom they say. A source that has a secret is believed only with its signature over the whole body; one that has none is let in by the function key.</summary>
/// <remarks>A body that is sent again within the tolerance is the same events, which are known then: it changes nothing. Later its signature is too old.</remarks>
public sealed class EventSignatures(IOptions<SigningOptions> options, TimeProvider clock, ILogger<EventSignatures> logger)
{
    private readonly Dictionary<string, string[]> _secrets = options.Value.Sources.ToDictionary(
        s => s.Value.NameUnder(s.Key), s => new[] { s.Value.Secret, s.Value.PreviousSecret }.OfType<string>().Where(secret => secret.Length > 0).ToArray(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The answer to a body with events of sources that did not sign it; null: everything that has to be signed is.</summary>
    /// <param name="sources">Of its events.</param>
    internal ApiResult? Refusal(HttpRequest request, ReadOnlySpan<byte> body, IEnumerable<string> sources)
    {
        if (_secrets.Count == 0)
            return null;
        List<Problem> problems = [];
        string? header = request.Headers[WebhookSignature.SignatureHeader] is { Count: > 0 } given ? string.Join(',', given.AsEnumerable()) : null;
        foreach (string source in sources.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal))
        {
            if (!_secrets.TryGetValue(source, out string[]? secrets))
                continue;
            SignatureVerdict verdict = SignatureCheck.Of(header, body, secrets, clock.GetUtcNow(), options.Value.Tolerance);
            if (verdict == SignatureVerdict.Valid)
                continue;
            logger.EventsNotSigned(verdict);
            problems.Add(new Problem(Code(verdict), WebhookSignature.SignatureHeader, Says(verdict)));
        }

        return problems.Count == 0 ? null : Problems.Of(
            StatusCodes.Status401Unauthorized, "not-signed", "The events are not signed as their source signs.", "None of them was taken. Sources with a secret sign the whole body.", [.. problems.Distinct()])
            .WithHeader("WWW-Authenticate", WebhookSignature.SignatureHeader);
    }

    private static string Code(SignatureVerdict verdict) => verdict switch
    {
        SignatureVerdict.Missing => "notSigned",
        SignatureVerdict.Malformed => "invalidSignature",
        SignatureVerdict.Stale => "staleSignature",
        _ => "wrongSignature",
    };

    private static string Says(SignatureVerdict verdict) => verdict switch
    {
        SignatureVerdict.Missing => "Events of this source are taken only with a signature.",
        SignatureVerdict.Malformed => "It must read t={seconds},v1={hex HMAC-SHA256 of \"{seconds}.{body}\"}.",
        SignatureVerdict.Stale => "Its instant lies too far from now. Sign anew for every attempt.",
        _ => "It is not of this source over this very body.",
    };
}
