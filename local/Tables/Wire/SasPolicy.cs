using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Wire;

/// <summary>Appends a shared access signature to the query of every try. When the credential was renewed between tries, the new one replaces the old.</summary>
internal sealed class SasPolicy(AzureSasCredential credential) : HttpPipelineSynchronousPolicy
{
    /// <inheritdoc/>
    public override void OnSendingRequest(HttpMessage message)
    {
        string signature = credential.Signature.TrimStart('?');
        string query = message.Request.Uri.Query.TrimStart('?');
        if (message.TryGetProperty(typeof(SasPolicy), out object? earlier) && earlier is string appended)
            query = query[..^appended.Length].TrimEnd('&');

        message.SetProperty(typeof(SasPolicy), signature);
        message.Request.Uri.Query = query.Length == 0 ? "?" + signature : $"?{query}&{signature}";
    }
}
