namespace Abm.Functions.Messages;

/// <summary>Asks to start a play that is kept, or to tell it that its file says something new.</summary>
/// <param name="Version">Of the shape; 1.</param>
/// <param name="IsStart">True: start it; false: tell it.</param>
public sealed record PlayMessage(int Version, string PlayId, bool IsStart)
{
    /// <summary>The queue it travels on.</summary>
    public const string Queue = "plays";
}
