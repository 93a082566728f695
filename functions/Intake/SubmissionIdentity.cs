using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Abm.Decisions;
using Abm.Leads;

namespace Abm.Functions.Intake;

/// <summary>Which lead a submission is, told from what arrived.</summary>
/// <param name="Id">Derived; the same again is the same.</param>
/// <param name="Fingerprint">SHA-256 over the submission in its canonical form, hex.</param>
public sealed record SubmissionIdentity(LeadId Id, string Fingerprint)
{
    /// <summary>How long a submission without any key of its own counts as a repeat of an equal one. Buckets of this length begin at the epoch.</summary>
    public static readonly TimeSpan RepeatWindow = TimeSpan.FromMinutes(10);

    /// <summary>The sender's own id of the lead decides; else the idempotency key; else equal content within the window.</summary>
    /// <param name="idempotencyKey">As sent; null = none.</param>
    public static SubmissionIdentity Of(Submission submission, string? idempotencyKey, DateTimeOffset now)
    {
        string fingerprint = FingerprintOf(submission);

        // Control characters cannot stand in an external id, so the three kinds never meet.
        string sourceEvent = submission.ExternalId
            ?? (idempotencyKey is not null ? "\u0001key:" + idempotencyKey : string.Create(CultureInfo.InvariantCulture, $"\u0001body:{fingerprint}:{now.UtcTicks / RepeatWindow.Ticks}"));
        return new SubmissionIdentity(LeadId.From(submission.Source, sourceEvent), fingerprint);
    }

    /// <summary>The order of properties, white space around values and empty values make no difference.</summary>
    private static string FingerprintOf(Submission submission)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (string? text in (ReadOnlySpan<string?>)
                [
                    submission.FirstName, submission.LastName, submission.Title, submission.Email, submission.Company, submission.Website, submission.Phone,
                    submission.Address, submission.City, submission.State, submission.Country, submission.Source, submission.ExternalId, submission.AccountId,
                ])
            {
                json.WriteStringValue(text);
            }

            json.WriteBooleanValue(submission.IsTest);
            foreach ((string name, bool given) in submission.Consent.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                json.WriteStringValue(name);
                json.WriteBooleanValue(given);
            }

            WriteSorted(json, submission.Utm);
            WriteSorted(json, submission.Custom);
            json.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private static void WriteSorted(Utf8JsonWriter json, IReadOnlyDictionary<string, string> entries)
    {
        json.WriteStartObject();
        foreach ((string name, string value) in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            json.WriteString(name, value);
        json.WriteEndObject();
    }
}
