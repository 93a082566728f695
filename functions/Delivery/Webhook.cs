using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Abm.Functions.Settings;
using Abm.Ports;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Delivery;

/// <summary>Sends notifications to the configured receiver, signed.</summary>
public sealed class Webhook(HttpClient http, IOptions<WebhookOptions> options, TimeProvider clock)
{
    /// <summary>One attempt.</summary>
    /// <returns>Null when the receiver took it (2xx) or there is none; else a code such as <c>http503</c>, <c>timeout</c> or <c>unreachable</c>.</returns>
    public async Task<string?> TrySendAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        WebhookOptions to = options.Value;
        if (to.Url is null)
            return null;

        using HttpRequestMessage request = new(HttpMethod.Post, to.Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(item.Body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        string[] secrets = string.IsNullOrEmpty(to.PreviousSecret) ? [to.Secret!] : [to.Secret!, to.PreviousSecret];
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(clock.GetUtcNow(), item.Body, secrets));
        request.Headers.Add(WebhookSignature.DeliveryHeader, item.DeliveryId);

        using CancellationTokenSource limit = new(to.Timeout, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.IsSuccessStatusCode ? null : "http" + ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "timeout";
        }
        catch (HttpRequestException)
        {
            return "unreachable";
        }
    }
}
