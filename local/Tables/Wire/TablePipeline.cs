using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Wire;

/// <summary>
/// One service client's way to the service: address, pipeline (retries, signing, diagnostics) and the headers that every request
/// has. Every table client that a service client hands out shares it.
/// </summary>
internal sealed class TablePipeline
{
    private static readonly AllowedStatusClassifier NotFoundIsNoError = new(404);
    private static readonly AllowedStatusClassifier ConflictIsNoError = new(409);

    private readonly HttpPipeline _pipeline;
    private readonly string _version;

    private TablePipeline(Uri service, string account, TableClientOptions options, HttpPipelinePolicy authentication)
    {
        Service = service;
        AccountName = account;
        ServiceText = service.AbsoluteUri.TrimEnd('/');
        _version = options.VersionString;
        HttpPipelineOptions pipeline = new(options) { RequestFailedDetailsParser = TableErrorParser.Instance };
        pipeline.PerRetryPolicies.Add(authentication);
        _pipeline = HttpPipelineBuilder.Build(pipeline);
    }

    /// <summary>The account's endpoint.</summary>
    public Uri Service { get; }

    /// <summary>The endpoint as text without a trailing slash, for composing addresses.</summary>
    public string ServiceText { get; }

    /// <summary>The storage account.</summary>
    public string AccountName { get; }

    public static TablePipeline From(string connectionString, TableClientOptions? options)
    {
        StorageConnectionString parsed = StorageConnectionString.Parse(connectionString);
        TableAddress address = TableAddress.Parse(parsed.Endpoint);
        return parsed.SharedKey is { } key
            ? new(address.Service, key.AccountName, options ?? new(), new SharedKeyLitePolicy(key, TimeProvider.System))
            : new(address.Service, address.AccountName, options ?? new(), new SasPolicy(new AzureSasCredential(parsed.Sas!)));
    }

    public static TablePipeline From(TableAddress address, TableSharedKeyCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return new(address.Service, address.AccountName, options ?? new(), new SharedKeyLitePolicy(credential, TimeProvider.System));
    }

    public static TablePipeline From(TableAddress address, AzureSasCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return address.Sas is null
            ? new(address.Service, address.AccountName, options ?? new(), new SasPolicy(credential))
            : throw new ArgumentException("Give the shared access signature either in the address or as a credential, not twice.");
    }

    public static TablePipeline From(TableAddress address, TokenCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(credential);
        options ??= new();
        if (address.Service.Scheme != Uri.UriSchemeHttps)
            throw new ArgumentException("Tokens are sent over https only.");
        if (options.EnableTenantDiscovery)
            throw new NotSupportedException("TableClientOptions.EnableTenantDiscovery is not supported by the Local runtime.");
        string scope = (options.Audience ?? TableAudience.AzurePublicCloud).Scope;
        return new(address.Service, address.AccountName, options, new BearerTokenAuthenticationPolicy(credential, scope));
    }

    /// <summary>For addresses that carry their signature in the query.</summary>
    public static TablePipeline From(TableAddress address, TableClientOptions? options) => address.Sas is { } sas
        ? new(address.Service, address.AccountName, options ?? new(), new SasPolicy(new AzureSasCredential(sas)))
        : throw new ArgumentException("The address has no shared access signature and no credential was given.");

    /// <summary>A request with the headers that every request has.</summary>
    /// <param name="method">The verb.</param>
    /// <param name="address">The whole address, already encoded.</param>
    public HttpMessage CreateMessage(RequestMethod method, string address)
    {
        HttpMessage message = _pipeline.CreateMessage();
        Request request = message.Request;
        request.Method = method;
        request.Uri.Reset(new Uri(address));
        request.Headers.SetValue("x-ms-version", _version);
        request.Headers.SetValue("DataServiceVersion", "3.0");
        request.Headers.SetValue(HttpHeader.Names.Accept, "application/json;odata=minimalmetadata");
        return message;
    }

    /// <summary>Lets a 404 count as an answer: neither logged nor traced as a failure.</summary>
    public static void AllowNotFound(HttpMessage message) => message.ResponseClassifier = NotFoundIsNoError;

    /// <summary>Lets a 409 count as an answer: neither logged nor traced as a failure.</summary>
    public static void AllowConflict(HttpMessage message) => message.ResponseClassifier = ConflictIsNoError;

    /// <summary>Sends, on the caller's thread when not asynchronous, and throws when the answer is an error.</summary>
    /// <exception cref="RequestFailedException">The service refused.</exception>
    public async ValueTask<Response> SendAsync(HttpMessage message, bool async, CancellationToken cancellationToken)
    {
        if (async)
            await _pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        else
            _pipeline.Send(message, cancellationToken);
        return message.Response.IsError ? throw new RequestFailedException(message.Response) : message.Response;
    }

    private sealed class AllowedStatusClassifier(int allowed) : ResponseClassifier
    {
        /// <inheritdoc/>
        public override bool IsErrorResponse(HttpMessage message) => message.Response.Status != allowed && base.IsErrorResponse(message);
    }
}
