using System.Text;

namespace Abm.Functions.Tests.Import;

/// <summary>A file that never exists as a whole: rows are made as they are read.</summary>
internal sealed class GeneratedCsv(string header, Func<int, string> row, int rows) : Stream
{
    private byte[] _current = Encoding.UTF8.GetBytes(header);
    private int _at;
    private int _next;

    public Action? EveryTenthOfTheWay { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = 0;
        while (count < buffer.Length)
        {
            if (_at == _current.Length)
            {
                if (_next == rows)
                    break;
                if (_next % (rows / 10) == 0)
                    EveryTenthOfTheWay?.Invoke();
                _current = Encoding.UTF8.GetBytes(row(_next++));
                _at = 0;
            }

            int some = Math.Min(buffer.Length - count, _current.Length - _at);
            _current.AsMemory(_at, some).CopyTo(buffer[count..]);
            _at += some;
            count += some;
        }

        return ValueTask.FromResult(count);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
