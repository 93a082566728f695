using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>A transaction was refused. None of its actions took effect.</summary>
public class TableTransactionFailedException : RequestFailedException
{
    /// <param name="requestFailedException">The failure; when its message starts with an index and a colon, that is the failed action.</param>
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(
            (requestFailedException ?? throw new ArgumentNullException(nameof(requestFailedException))).Status,
            requestFailedException.Message,
            requestFailedException.ErrorCode,
            requestFailedException.InnerException) =>
        FailedTransactionActionIndex = LeadingIndex(requestFailedException.Message);

    /// <summary>The zero-based index of the action that failed, or null when the service did not say.</summary>
    public int? FailedTransactionActionIndex { get; }

    private static int? LeadingIndex(string message)
    {
        int colon = message.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? index
            : null;
    }
}
