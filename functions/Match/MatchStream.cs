using System.Buffers;
using System.IO.Pipelines;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Abm.Functions.Match;

/// <summary>What is wrong with a line of a batch; the stream goes on after it.</summary>
/// <param name="LeadId">Echo of the line's own, when that much could be read.</param>
/// <param name="Line">1 for the first line.</param>
public sealed record LineErrorResponse(string? LeadId, int Line, ProblemResponse Error);

/// <summary>Reads leads line by line and writes answers line by line, in the same order. Some lines at a time are answered together, so that several processors share the work; no more of the stream is held than these.</summary>
internal sealed class MatchStream(PipeReader input, IAccountIndex index, AbmConfig config, DateTimeOffset now) : IActionResult
{
    /// <summary>Longest line, in bytes.</summary>
    public const int MaxLineBytes = SubmitLead.MaxBodyBytes;

    /// <summary>Answers are sent when this much has gathered, and whenever the input pauses.</summary>
    private const int FlushBytes = 32 * 1024;

    /// <summary>Lines that are answered together have about so many bytes.</summary>
    private const int ChunkBytes = 16 * 1024;

    /// <summary>So many chunks at most are in work at once, however many processors there are: other calls want some, too.</summary>
    private const int MostAtOnce = 4;

    private readonly int _atOnce = Math.Clamp(Environment.ProcessorCount, 1, MostAtOnce);

    // In the order of the lines.
    private readonly Queue<Task<MatchDesk>> _inWork = new();
    private readonly Stack<MatchDesk> _free = new();
    private int _line;
    private long _unsent;
    private bool _isSkipping;

    /// <inheritdoc/>
    public async Task ExecuteResultAsync(ActionContext context)
    {
        HttpResponse response = context.HttpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/x-ndjson; charset=utf-8";
        context.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (!Gzip.IsWanted(context.HttpContext.Request))
        {
            await RunAsync(response.BodyWriter, context.HttpContext.RequestAborted);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        response.Headers.Vary = "Accept-Encoding";
        await using Stream packed = Gzip.Pack(response.Body);
        PipeWriter output = PipeWriter.Create(packed, new StreamPipeWriterOptions(leaveOpen: true));
        await RunAsync(output, context.HttpContext.RequestAborted);
        await output.CompleteAsync();
    }

    internal async Task RunAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        try
        {
            while (await ReadAsync(output, cancellationToken) is { } read)
            {
                ReadOnlySequence<byte> rest = read.Buffer;
                while (TryTakeLines(ref rest, read.IsCompleted, out ReadOnlySequence<byte> lines))
                    await BeginAsync(lines, output, cancellationToken);
                if (!_isSkipping && rest.Length > MaxLineBytes)
                {
                    // Too long already: answered now, and passed over up to its end.
                    await BeginAsync(rest.Slice(0, MaxLineBytes + 1), output, cancellationToken);
                    _isSkipping = true;
                }

                input.AdvanceTo(_isSkipping || read.IsCompleted ? read.Buffer.End : rest.Start, read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }

            while (_inWork.Count > 0)
                await WriteNextAsync(output, cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
        finally
        {
            foreach (Task<MatchDesk> left in _inWork)
                await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The next part of the input; while it is awaited, what is done is written and sent. Null when the server refused it, which is told as a last line.</summary>
    private async ValueTask<ReadResult?> ReadAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        if (input.TryRead(out ReadResult read))
            return read;
        try
        {
            Task<ReadResult> reading = input.ReadAsync(cancellationToken).AsTask();
            while (!reading.IsCompleted && (_inWork.Count > 0 || _unsent > 0))
            {
                if (_inWork.Count == 0)
                    await SendAsync(output, cancellationToken);
                else if (_inWork.Peek().IsCompleted || await Task.WhenAny(reading, _inWork.Peek()) != reading)
                    await WriteNextAsync(output, cancellationToken);
            }

            return await reading;
        }
        catch (BadHttpRequestException e)
        {
            while (_inWork.Count > 0)
                await WriteNextAsync(output, cancellationToken);
            MatchDesk desk = Take();
            desk.Write(new LineErrorResponse(null, _line + 1, (ProblemResponse)JsonBody.RefusedBy(e, MatchFunctions.MaxBatchBytes).Body!));
            output.Write(desk.Answers);
            return null;
        }
    }

    /// <summary>Takes whole lines, as many as make a chunk; at the end of the input the last one, which nothing ends.</summary>
    private bool TryTakeLines(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> lines)
    {
        lines = default;
        if (_isSkipping)
        {
            if (rest.PositionOf((byte)'\n') is not { } end)
                return false;
            rest = rest.Slice(rest.GetPosition(1, end));
            _isSkipping = false;
        }

        SequenceReader<byte> reader = new(rest);
        while (reader.Consumed < ChunkBytes && reader.TryAdvanceTo((byte)'\n'))
        {
        }

        if (reader.Consumed == 0 || (isLast && reader.Consumed < ChunkBytes))
        {
            if (!isLast || rest.IsEmpty)
                return false;
            reader.AdvanceToEnd();
        }

        lines = rest.Slice(0, reader.Consumed);
        rest = rest.Slice(reader.Consumed);
        return true;
    }

    // Lines are copied, so that the input can go on being read.
    private async ValueTask BeginAsync(ReadOnlySequence<byte> lines, PipeWriter output, CancellationToken cancellationToken)
    {
        while (_inWork.Count >= _atOnce)
            await WriteNextAsync(output, cancellationToken);
        MatchDesk desk = Take();
        _line += desk.Begin(lines, _line);
        _inWork.Enqueue(Task.Run(
            () =>
            {
                desk.Answer(index, config, now);
                return desk;
            },
            CancellationToken.None));
    }

    private async ValueTask WriteNextAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        MatchDesk desk = await _inWork.Dequeue();
        output.Write(desk.Answers);
        _unsent += desk.Answers.Length;
        _free.Push(desk);
        if (_unsent >= FlushBytes)
            await SendAsync(output, cancellationToken);
    }

    private async ValueTask SendAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        await output.FlushAsync(cancellationToken);
        _unsent = 0;
    }

    private MatchDesk Take() => _free.TryPop(out MatchDesk? free) ? free : new();
}
