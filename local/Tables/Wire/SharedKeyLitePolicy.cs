using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Wire;

/// <summary>Signs every try of a request with the account key. A retry gets a fresh date, so a long back-off never ages a signature.</summary>
internal sealed class SharedKeyLitePolicy(TableSharedKeyCredential credential, TimeProvider time) : HttpPipelineSynchronousPolicy
{
    /// <inheritdoc/>
    public override void OnSendingRequest(HttpMessage message)
    {
        string date = time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        message.Request.Headers.SetValue("x-ms-date", date);
        string signature = credential.Sign(StringToSign(date, credential.AccountName, message.Request.Uri.ToUri()));
        message.Request.Headers.SetValue(HttpHeader.Names.Authorization, $"SharedKeyLite {credential.AccountName}:{signature}");
    }

    /// <summary>Date, line feed, then the resource: account and encoded path as sent, plus the comp parameter when there is one.</summary>
    internal static string StringToSign(string date, string account, Uri address) =>
        $"{date}\n/{account}{address.AbsolutePath}{Component(address.Query)}";

    private static string Component(string query)
    {
        if (!query.Contains("comp=", StringComparison.Ordinal))
            return "";
        foreach (string parameter in query.TrimStart('?').Split('&'))
        {
            if (parameter.StartsWith("comp=", StringComparison.Ordinal))
                return "?" + parameter;
        }

        return "";
    }
}
