namespace Abm.Local.Azurite;

/// <summary>A lock between processes: whoever holds the file open. The operating system frees it when the holder dies.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    public static async Task<FileLock> TakeAsync(string path, TimeSpan within, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        long attempts = within.Ticks / Pause.Ticks;
        for (long attempt = 0; ; attempt++)
        {
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (attempt < attempts)
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException stuck)
            {
                throw new AzuriteException($"Another process holds {path} for too long: end it and start again.", stuck);
            }
        }
    }

    public void Dispose() => _stream.Dispose();
}
