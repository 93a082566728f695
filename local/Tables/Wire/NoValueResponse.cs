namespace Azure.Data.Tables.Wire;

/// <summary>The answer "there is no such row".</summary>
internal sealed class NoValueResponse<T>(Response response) : NullableResponse<T>
{
    /// <inheritdoc/>
    public override bool HasValue => false;

    /// <inheritdoc/>
    public override T Value => throw new InvalidOperationException($"There is no such row (status {response.Status}); check {nameof(HasValue)} first.");

    /// <inheritdoc/>
    public override Response GetRawResponse() => response;
}
