using System.Text;

namespace Abm.Functions.Import;

/// <summary>Reads CSV records one at a time in bounded memory: RFC 4180, with any line end, and lenient about quotes inside unquoted values.</summary>
/// <remarks>
/// Our own because of one thing that CSV libraries do not do: a quote that is never closed costs one row, not the rest of the file (or all of the memory).
/// When a quoted value runs past the limit, its first line is reported and reading goes on with the next line.
/// </remarks>
internal sealed class CsvReader(TextReader text)
{
    /// <summary>Most characters of a record, quotes and line ends included.</summary>
    public const int MaxRecordLength = 128 * 1024;

    /// <summary>Most values of a record.</summary>
    public const int MaxFields = 1_000;

    private const int ReadSize = 32 * 1024;

    /// <summary>What was read and not yet consumed lies in [_start, _end).</summary>
    private char[] _buffer = new char[ReadSize * 2];
    private int _start;
    private int _end;
    private bool _isAtEnd;
    private int _line = 1;

    /// <summary>What parts the values; a comma unless it was found to be another.</summary>
    public char Delimiter { get; private set; } = ',';

    /// <summary>The next record, or null at the end. Lines without any character are skipped.</summary>
    public async ValueTask<CsvRecord?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Extent? record = await FindRecordAsync(cancellationToken);
            if (record is not { } found)
                return null;
            ReadOnlySpan<char> chars = _buffer.AsSpan(_start, found.Length);
            int line = _line;
            CsvRecord? result = chars.Length == 0
                ? null
                : found.Fault is { } fault ? new CsvRecord(line, [], fault) : Split(chars, line);
            _start += found.Length + found.EndLength;
            _line += found.Lines;
            if (result is not null)
                return result;
        }
    }

    /// <summary>Guesses the delimiter from the beginning of the text.</summary>
    /// <param name="length">How many characters to look at.</param>
    public async ValueTask FindDelimiterAsync(int length, CancellationToken cancellationToken)
    {
        while (_end - _start < length && await FillAsync(cancellationToken))
        {
        }

        Delimiter = CsvDelimiter.Guess(_buffer.AsSpan(_start, Math.Min(length, _end - _start)), out int prefixLength);
        _start += prefixLength;
        _line += prefixLength > 0 ? 1 : 0;
    }

    /// <summary>Where the record ends that begins at <see cref="_start"/>; null when nothing is left.</summary>
    private async ValueTask<Extent?> FindRecordAsync(CancellationToken cancellationToken)
    {
        int at = 0;
        int lines = 0;
        int closedAt = -1;
        bool isQuoted = false;
        while (true)
        {
            int available = Math.Min(_end - _start, MaxRecordLength);
            int next = _buffer.AsSpan(_start + at, available - at).IndexOfAny('"', '\r', '\n');
            at = next < 0 ? available : at + next;
            if (next < 0)
            {
                if (at == MaxRecordLength)
                    return await SkipLineAsync(isQuoted ? CsvFault.UnclosedQuote : CsvFault.TooLong, cancellationToken);
                if (await FillAsync(cancellationToken))
                    continue;
                if (at == 0)
                    return null;
                return isQuoted ? await SkipLineAsync(CsvFault.UnclosedQuote, cancellationToken) : new Extent(at, 0, lines + 1, null);
            }

            char c = _buffer[_start + at];
            if (c == '"')
            {
                // A doubled quote closes and opens again, which comes to the same here.
                if (isQuoted)
                    closedAt = at;
                isQuoted = !isQuoted && OpensQuotes(at, closedAt);
            }
            else if (isQuoted)
            {
                if (c == '\n' || await PeekCharAsync(at + 1, cancellationToken) != '\n')
                    lines++;
            }
            else
            {
                return new Extent(at, await LineEndLengthAsync(at, cancellationToken), lines + 1, null);
            }

            at++;
        }
    }

    /// <summary>Whether a quote outside of quotes opens them: at the beginning of a value, or again within a value that began with one.</summary>
    private bool OpensQuotes(int at, int closedAt) =>
        at == 0 || _buffer[_start + at - 1] == Delimiter
        || (closedAt >= 0 && !_buffer.AsSpan(_start + closedAt + 1, at - closedAt - 1).Contains(Delimiter));

    /// <summary>The extent of one line, however long: what is beyond the limit is dropped while it is read.</summary>
    private async ValueTask<Extent> SkipLineAsync(CsvFault fault, CancellationToken cancellationToken)
    {
        int at = 0;
        while (true)
        {
            int next = _buffer.AsSpan(_start + at, _end - _start - at).IndexOfAny('\r', '\n');
            if (next >= 0)
                return new Extent(at + next, await LineEndLengthAsync(at + next, cancellationToken), 1, fault);
            at = _end - _start;
            if (at > MaxRecordLength)
            {
                // Keep one character, so that the record is not taken for an empty line.
                _start = _end - 1;
                at = 1;
            }

            if (!await FillAsync(cancellationToken))
                return new Extent(at, 0, 1, fault);
        }
    }

    private async ValueTask<int> LineEndLengthAsync(int at, CancellationToken cancellationToken) =>
        _buffer[_start + at] == '\r' && await PeekCharAsync(at + 1, cancellationToken) == '\n' ? 2 : 1;

    private async ValueTask<int> PeekCharAsync(int at, CancellationToken cancellationToken) =>
        _start + at < _end || await FillAsync(cancellationToken) ? _buffer[_start + at] : -1;

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_isAtEnd)
            return false;
        if (_buffer.Length - _end < ReadSize)
        {
            int length = _end - _start;
            char[] target = length + ReadSize > _buffer.Length ? new char[_buffer.Length * 2] : _buffer;
            Array.Copy(_buffer, _start, target, 0, length);
            (_buffer, _start, _end) = (target, 0, length);
        }

        int read = await text.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _isAtEnd = read == 0;
        return read > 0;
    }

    private CsvRecord Split(ReadOnlySpan<char> chars, int line)
    {
        var fields = new List<string>();
        int at = 0;
        while (true)
        {
            if (fields.Count == MaxFields)
                return new CsvRecord(line, [], CsvFault.TooManyFields);
            if (at < chars.Length && chars[at] == '"')
            {
                fields.Add(Unquote(chars, ref at));
            }
            else
            {
                int length = chars[at..].IndexOf(Delimiter);
                length = length < 0 ? chars.Length - at : length;
                fields.Add(new string(chars.Slice(at, length)));
                at += length;
            }

            if (at >= chars.Length)
                return new CsvRecord(line, fields, null);
            at++; // the delimiter
        }
    }

    /// <summary>Reads a value that begins with a quote, up to its delimiter. Text after the closing quote is kept as it is.</summary>
    private string Unquote(ReadOnlySpan<char> chars, ref int at)
    {
        var value = new StringBuilder();
        bool isQuoted = true;
        for (at++; at < chars.Length; at++)
        {
            char c = chars[at];
            if (c == '"')
            {
                if (isQuoted && at + 1 < chars.Length && chars[at + 1] == '"')
                    value.Append(chars[at++]);
                else
                    isQuoted = !isQuoted;
                continue;
            }

            if (!isQuoted && c == Delimiter)
                break;
            value.Append(c);
        }

        return value.ToString();
    }

    /// <summary>How far a record goes from the start.</summary>
    /// <param name="EndLength">Length of its line end: 0 at the end of the text.</param>
    private readonly record struct Extent(int Length, int EndLength, int Lines, CsvFault? Fault);
}
