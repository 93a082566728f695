using System.Transactions;
using Azure;
using Azure.Messaging.ServiceBus;

namespace Abm.Local.ServiceBus;

/// <summary>Says storage's failures in the words of Service Bus.</summary>
internal static class BusFaults
{
    public static async Task<T> GuardAsync<T>(string entity, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (RequestFailedException failed)
        {
            throw Translate(failed, entity);
        }
        catch (AggregateException repeated) when (repeated.InnerExceptions.Count > 0 && repeated.InnerExceptions[^1] is RequestFailedException failed)
        {
            throw Translate(failed, entity);
        }
    }

    public static Task GuardAsync(string entity, Func<Task> work) => GuardAsync(entity, async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    });

    /// <summary>Ambient transactions would be ignored, so they are refused.</summary>
    /// <exception cref="NotSupportedException">There is one.</exception>
    public static void ThrowInTransaction()
    {
        if (Transaction.Current is not null)
            throw new NotSupportedException("The Local runtime does not support Service Bus transactions (System.Transactions); send and settle outside a TransactionScope.");
    }

    private static ServiceBusException Translate(RequestFailedException failed, string entity) => new(
        $"The storage behind the Local runtime's Service Bus failed: {failed.ErrorCode ?? failed.Message.ReplaceLineEndings(" ")}",
        failed.Status switch
        {
            0 => ServiceBusFailureReason.ServiceCommunicationProblem,
            503 or 429 => ServiceBusFailureReason.ServiceBusy,
            500 or 504 or 408 => ServiceBusFailureReason.ServiceTimeout,
            _ => ServiceBusFailureReason.GeneralError,
        },
        entity, failed);
}
