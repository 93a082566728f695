using Abm.Decisions;
using Abm.Leads;
using Abm.Ports;

namespace Abm.Functions.Intake;

/// <summary>What became of a submission that was handed in.</summary>
public sealed record AdmittedLead(LeadId Id, LeadAdmission Admission)
{
    /// <summary>Whether it must be (or must again be) put on the queue.</summary>
    public bool NeedsQueue => Admission is LeadAdmission.Added or LeadAdmission.AlreadyReceived;

    /// <summary>Whether the same one was handed in before.</summary>
    public bool IsDuplicate => Admission is LeadAdmission.AlreadyDecided or LeadAdmission.AlreadyReceived;
}

/// <summary>Takes a submission into the store under its derived id: the same way for HTTP and CSV.</summary>
public sealed class LeadAdmitter(ILeadStore leads, IRequestKeys keys, TimeProvider clock)
{
    /// <summary>Keeps the lead. The caller puts it on the queue afterwards, and only then says that it was taken.</summary>
    /// <param name="idempotencyKey">The sender's key of the request; null = none.</param>
    /// <remarks>One table operation; one more when a submission has both an external id and a key.</remarks>
    public async Task<AdmittedLead> AdmitAsync(Submission submission, string? idempotencyKey, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        SubmissionIdentity identity = SubmissionIdentity.Of(submission, idempotencyKey, now);

        // The external id names the lead then, so the key has to be remembered beside it, or its use with another lead would go unseen.
        if (idempotencyKey is not null && submission.ExternalId is not null
            && !await keys.ClaimAsync(submission.Source, idempotencyKey, identity.Fingerprint, cancellationToken))
        {
            return new AdmittedLead(identity.Id, LeadAdmission.DifferentBody);
        }

        return new AdmittedLead(identity.Id, await leads.AdmitAsync(new Lead(identity.Id, submission, now), identity.Fingerprint, cancellationToken));
    }
}
