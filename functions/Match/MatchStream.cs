using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Matching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Abm.Functions.Match;

/// <summary>What is wrong with a line of a batch; the stream goes on after it.</summary>
/// <param name="LeadId">Echo of the line's own, when that much could be read.</param>
/// <param name="Line">1 for the first line.</param>
public sealed record LineErrorResponse(string? LeadId, int Line, ProblemResponse Error);

/// <summary>Reads leads line by line and writes answers line by line. Holds one line of each at a time.</summary>
internal sealed class MatchStream(PipeReader input, IAccountIndex index, AbmConfig config, DateTimeOffset now) : IActionResult
{
    /// <summary>Longest line, in bytes.</summary>
    public const int MaxLineBytes = SubmitLead.MaxBodyBytes;

    /// <summary>Answers are sent when this much has gathered, and whenever the input pauses.</summary>
    private const int FlushBytes = 32 * 1024;

    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    private int _line;
    private bool _isFirst = true;

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
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = ApiJson.Options.Encoder, SkipValidation = true });
        bool isSkipping = false;
        long unsent = 0;
        while (true)
        {
            if (!input.TryRead(out ReadResult read))
            {
                // Nothing more for now: let the caller have what is done.
                if (unsent > 0)
                    await output.FlushAsync(cancellationToken);
                unsent = 0;
                read = await ReadAsync(output, json, cancellationToken) ?? default;
                if (read is { IsCompleted: false, Buffer.IsEmpty: true })
                    return;
            }

            ReadOnlySequence<byte> rest = read.Buffer;
            while (TryTakeLine(ref rest, out ReadOnlySequence<byte> line))
            {
                unsent += isSkipping ? 0 : Answer(json, output, line);
                isSkipping = false;
                if (unsent < FlushBytes)
                    continue;
                await output.FlushAsync(cancellationToken);
                unsent = 0;
            }

            if (read.IsCompleted)
            {
                if (!isSkipping && !rest.IsEmpty)
                    Answer(json, output, rest);
                input.AdvanceTo(read.Buffer.End);
                await output.FlushAsync(cancellationToken);
                return;
            }

            if (!isSkipping && rest.Length > MaxLineBytes)
            {
                _line++;
                unsent += Write(json, output, new LineErrorResponse(null, _line, (ProblemResponse)Problems.TooLarge(MaxLineBytes).Body!));
                isSkipping = true;
            }

            if (isSkipping)
                input.AdvanceTo(read.Buffer.End);
            else
                input.AdvanceTo(rest.Start, rest.End);
        }
    }

    /// <summary>The next part of the input; null when the server refused it, which is told as a last line.</summary>
    private async ValueTask<ReadResult?> ReadAsync(PipeWriter output, Utf8JsonWriter json, CancellationToken cancellationToken)
    {
        try
        {
            return await input.ReadAsync(cancellationToken);
        }
        catch (BadHttpRequestException e)
        {
            Write(json, output, new LineErrorResponse(null, _line + 1, (ProblemResponse)JsonBody.RefusedBy(e, MatchFunctions.MaxBatchBytes).Body!));
            await output.FlushAsync(cancellationToken);
            return null;
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }

        line = rest.Slice(0, end);
        rest = rest.Slice(rest.GetPosition(1, end));
        return true;
    }

    private long Answer(Utf8JsonWriter json, PipeWriter output, ReadOnlySequence<byte> line)
    {
        _line++;
        if (line.Length > MaxLineBytes)
            return Write(json, output, new LineErrorResponse(null, _line, (ProblemResponse)Problems.TooLarge(MaxLineBytes).Body!));
        ReadOnlyMemory<byte> bytes = line.IsSingleSegment ? line.First : line.ToArray();
        if (_isFirst && bytes.Span.StartsWith(TextEncodings.Utf8Mark))
            bytes = bytes[TextEncodings.Utf8Mark.Length..];
        _isFirst = false;
        if (bytes.Span.Trim(" \t\r"u8).IsEmpty)
            return 0;
        using JsonBody body = JsonBody.Parse(bytes, TextEncodings.StrictUtf8);
        if (body.Document is null)
            return Write(json, output, new LineErrorResponse(null, _line, (ProblemResponse)body.Refusal!.Body!));
        MatchLine lead = MatchLine.Read(body.Document.RootElement);
        return lead.Submission is { } submission
            ? Write(json, output, MatchAnswer.Short(lead.LeadId, LeadMatcher.Match(MatchAnswer.Hypothetical(submission), index, config, now)))
            : Write(json, output, new LineErrorResponse(lead.LeadId, _line, (ProblemResponse)Problems.Invalid(lead.Problems).Body!));
    }

    private static long Write<T>(Utf8JsonWriter json, PipeWriter output, T answer)
    {
        json.Reset(output);
        JsonSerializer.Serialize(json, answer, ApiJson.Options);
        json.Flush();
        output.Write(LineEnd);
        return json.BytesCommitted + LineEnd.Length;
    }
}
