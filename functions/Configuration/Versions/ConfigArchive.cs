using System.IO.Compression;
using Abm.Ports;

namespace Abm.Functions.Configuration.Versions;

/// <summary>Files of a configuration as one ZIP: the same files always give the same bytes, and the same bytes come out of it again.</summary>
public static class ConfigArchive
{
    /// <summary>ZIP keeps times since 1980; the files' own times say nothing about the rules.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static byte[] Pack(IEnumerable<ConfigSourceFile> files)
    {
        using MemoryStream buffer = new();
        using (ZipArchive zip = new(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ConfigSourceFile file in files.OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                ZipArchiveEntry entry = zip.CreateEntry(file.Name, CompressionLevel.Optimal);
                entry.LastWriteTime = NoTime;
                using Stream content = entry.Open();
                content.Write(file.Bytes.Span);
            }
        }

        return buffer.ToArray();
    }

    /// <summary>Takes the files out, whatever somebody made of the archive: never more than the limits of a configuration.</summary>
    /// <exception cref="InvalidDataException">It is no ZIP, or holds too much, or a part of it is broken. The message says which.</exception>
    public static IReadOnlyList<ConfigSourceFile> Unpack(byte[] archive)
    {
        using ZipArchive zip = Open(archive);

        // Programs that pack folders write an entry for each, with nothing in it.
        List<ZipArchiveEntry> entries = [.. zip.Entries.Where(e => !e.FullName.EndsWith('/'))];
        if (entries.Count > ConfigDraft.MaxFiles)
            throw new InvalidDataException($"The archive holds more than {ConfigDraft.MaxFiles} files.");
        List<ConfigSourceFile> files = [];
        int left = ConfigDraft.MaxBytes;
        foreach (ZipArchiveEntry entry in entries)
        {
            byte[] bytes = Read(entry, left);
            left -= bytes.Length;
            files.Add(new ConfigSourceFile(entry.FullName, bytes));
        }

        return files;
    }

    private static ZipArchive Open(byte[] archive)
    {
        try
        {
            ZipArchive zip = new(new MemoryStream(archive), ZipArchiveMode.Read);
            _ = zip.Entries.Count; // reads the directory, so that what is wrong with it is found here
            return zip;
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException("This is no ZIP archive, or it is broken.", broken);
        }
    }

    /// <summary>What the entry claims to hold is not believed: reading ends at the limit.</summary>
    private static byte[] Read(ZipArchiveEntry entry, int limit)
    {
        try
        {
            using Stream content = entry.Open();
            byte[] buffer = new byte[Math.Min(limit, 64 * 1024) + 1];
            int length = 0;
            while (true)
            {
                int read = content.Read(buffer, length, buffer.Length - length);
                if (read == 0)
                    return buffer.AsSpan(0, length).ToArray();
                length += read;
                if (length > limit)
                    throw new InvalidDataException($"The archive holds more than {ConfigDraft.MaxBytes / 1024} KiB.");
                if (length == buffer.Length)
                    Array.Resize(ref buffer, Math.Min(limit + 1, buffer.Length * 2));
            }
        }
        catch (Exception broken) when (broken is EndOfStreamException or NotSupportedException)
        {
            throw new InvalidDataException("A file of the archive is broken, or encrypted.", broken);
        }
    }
}
