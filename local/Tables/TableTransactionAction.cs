namespace Azure.Data.Tables;

/// <summary>One step of a transaction on one partition.</summary>
public class TableTransactionAction
{
    /// <summary>An action without a condition: updates and deletes match any version of an existing row.</summary>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity)
        : this(actionType, entity, default)
    {
    }

    /// <param name="actionType">What to do.</param>
    /// <param name="entity">The row; for a delete only its keys count.</param>
    /// <param name="etag">The version that must be current, for updates and deletes. The default matches any version.</param>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity, ETag etag = default)
    {
        ActionType = actionType;
        Entity = entity;
        ETag = etag;
    }

    /// <summary>What to do.</summary>
    public TableTransactionActionType ActionType { get; }

    /// <summary>The row.</summary>
    public ITableEntity Entity { get; }

    /// <summary>The version that must be current; default means any.</summary>
    public ETag ETag { get; }
}
