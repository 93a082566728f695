using System.Buffers;
using System.Text.Json;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Functions.Http;
using Abm.Matching;

namespace Abm.Functions.Match;

/// <summary>Some lines of a batch, and their answers. Used again for others; for one thread at a time.</summary>
internal sealed class MatchDesk
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly ArrayBufferWriter<byte> _answers = new();
    private int _before;

    /// <summary>The answers of the lines, each with its end.</summary>
    public ReadOnlySpan<byte> Answers => _answers.WrittenSpan;

    /// <summary>Takes over lines; what was there before is forgotten.</summary>
    /// <param name="before">Lines of the stream before them.</param>
    /// <returns>How many they are.</returns>
    public int Begin(ReadOnlySequence<byte> lines, int before)
    {
        _lines.ResetWrittenCount();
        _answers.ResetWrittenCount();
        _before = before;
        foreach (ReadOnlyMemory<byte> part in lines)
            _lines.Write(part.Span);
        ReadOnlySpan<byte> all = _lines.WrittenSpan;
        return all.Count((byte)'\n') + (all.EndsWith(LineEnd) ? 0 : 1);
    }

    /// <summary>Answers all lines.</summary>
    public void Answer(IAccountIndex index, AbmConfig config, DateTimeOffset now)
    {
        using Utf8JsonWriter json = Writer();
        ReadOnlyMemory<byte> rest = _lines.WrittenMemory;
        for (int number = _before + 1; !rest.IsEmpty; number++)
        {
            int end = rest.Span.IndexOf((byte)'\n');
            Answer(json, end < 0 ? rest : rest[..end], number, index, config, now);
            rest = end < 0 ? default : rest[(end + 1)..];
        }
    }

    /// <summary>Writes one answer that belongs to no line.</summary>
    public void Write(LineErrorResponse error)
    {
        _answers.ResetWrittenCount();
        using Utf8JsonWriter json = Writer();
        Write(json, error);
    }

    private Utf8JsonWriter Writer() => new(_answers, new JsonWriterOptions { Encoder = ApiJson.Options.Encoder, SkipValidation = true });

    private void Write<T>(Utf8JsonWriter json, T answer)
    {
        json.Reset(_answers);
        JsonSerializer.Serialize(json, answer, ApiJson.Options);
        json.Flush();
        _answers.Write(LineEnd);
    }

    private void Answer(Utf8JsonWriter json, ReadOnlyMemory<byte> line, int number, IAccountIndex index, AbmConfig config, DateTimeOffset now)
    {
        if (line.Length > MatchStream.MaxLineBytes)
        {
            Write(json, new LineErrorResponse(null, number, (ProblemResponse)Problems.TooLarge(MatchStream.MaxLineBytes).Body!));
            return;
        }

        if (number == 1 && line.Span.StartsWith(TextEncodings.Utf8Mark))
            line = line[TextEncodings.Utf8Mark.Length..];
        if (line.Span.Trim(" \t\r"u8).IsEmpty)
            return;
        using JsonBody body = JsonBody.Parse(line, TextEncodings.StrictUtf8);
        if (body.Document is null)
        {
            Write(json, new LineErrorResponse(null, number, (ProblemResponse)body.Refusal!.Body!));
            return;
        }

        MatchLine lead = MatchLine.Read(body.Document.RootElement);
        if (lead.Submission is { } submission)
            Write(json, MatchAnswer.Short(lead.LeadId, LeadMatcher.Match(MatchAnswer.Hypothetical(submission), index, config, now)));
        else
            Write(json, new LineErrorResponse(lead.LeadId, number, (ProblemResponse)Problems.Invalid(lead.Problems).Body!));
    }
}
