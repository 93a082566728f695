using Azure.Core;
using Azure.Data.Tables.Batches;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>
    /// Applies all actions, or none: at most 100, on one partition, each row at most once, at most 4 MiB. One inner answer for each
    /// action, in order.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are no actions.</exception>
    /// <exception cref="TableTransactionFailedException">An action was refused; <see cref="TableTransactionFailedException.FailedTransactionActionIndex"/> says which.</exception>
    public virtual Response<IReadOnlyList<Response>> SubmitTransaction(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default) =>
        SubmitAsync(transactionActions, async: false, cancellationToken).Completed();

    /// <inheritdoc cref="SubmitTransaction"/>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default) =>
        await SubmitAsync(transactionActions, async: true, cancellationToken).ConfigureAwait(false);

    private async ValueTask<Response<IReadOnlyList<Response>>> SubmitAsync(
        IEnumerable<TableTransactionAction> transactionActions, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        IReadOnlyList<TableTransactionAction> actions = transactionActions as IReadOnlyList<TableTransactionAction> ?? [.. transactionActions];
        if (actions.Count == 0)
            throw new InvalidOperationException("A transaction needs at least one action.");

        BatchRequest batch = BatchRequest.Compose(_pipeline, Name, actions);
        using HttpMessage message = _pipeline.CreateMessage(RequestMethod.Post, _pipeline.ServiceText + "/$batch");
        message.Request.Headers.SetValue(HttpHeader.Names.ContentType, batch.ContentType);
        message.Request.Content = RequestContent.Create(batch.Body);
        try
        {
            Response response = await _pipeline.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<Response> answers = BatchResponse.Read(response);
            if (answers.FirstOrDefault(answer => answer.IsError) is { } refusal)
                throw new RequestFailedException(refusal, null, TableErrorParser.Instance);
            return answers.Count == actions.Count
                ? Response.FromValue(answers, response)
                : throw new RequestFailedException(response.Status, $"The service answered {answers.Count} of {actions.Count} actions of the transaction.");
        }
        catch (RequestFailedException e) when (e is not TableTransactionFailedException && e.Status != 0)
        {
            throw new TableTransactionFailedException(e);
        }
    }
}
