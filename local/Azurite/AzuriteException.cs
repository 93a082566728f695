namespace Abm.Local.Azurite;

/// <summary>The storage emulator cannot be had. The message is one line that says what to do about it.</summary>
public sealed class AzuriteException : Exception
{
    public AzuriteException(string message) : base(OneLine(message)) { }
    public AzuriteException(string message, Exception innerException) : base(OneLine(message), innerException) { }

    private static string OneLine(string message) =>
        string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
