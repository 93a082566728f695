using Abm.Configuration;
using Abm.Functions.Audit;
using Abm.Ports;

namespace Abm.Functions.Configuration.Versions;

/// <summary>Publishes, goes back, and takes back what was scheduled. Every step is decided on the head of the log that was read and stands only if that is still the head.</summary>
public sealed class ConfigPublisher(
    IConfigVersions versions, IConfigActivations activations, IPublishGate gate, DraftCheck check, ActiveConfigSource source, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Name of the author of what was found in the folder.</summary>
    public const string Folder = "folder";

    /// <summary>Activations that may wait for their instant.</summary>
    public const int MaxPending = 20;

    /// <summary>Tries before whoever asks is told that the storage is too busy. Each lost try means that somebody else published.</summary>
    private const int MaxTries = 8;

    /// <summary>What is in force now, as the storage says.</summary>
    public async Task<InForce> InForceAsync(CancellationToken cancellationToken) => Read(await activations.ReadAsync(cancellationToken));

    /// <summary>Keeps a draft without bringing it into force.</summary>
    public async Task<KeptDraft> KeepAsync(ConfigDraft draft, PublishOrder order, CancellationToken cancellationToken)
    {
        InForce now = await InForceAsync(cancellationToken);
        (ConfigVersion kept, bool isNew) = await KeepAsync(draft, now, order, cancellationToken);
        if (isNew)
            await audit.WriteAsync(AuditKinds.Draft, kept.Version, kept.Version, clock.GetUtcNow(), order.Who, order.Reason, now.Activation?.Version, new() { ["base"] = kept.BaseVersion ?? "", ["author"] = kept.Author }, cancellationToken);
        return new KeptDraft(kept, isNew, await check.FindingsAsync(draft, cancellationToken));
    }

    /// <summary>Brings a draft into force, at once or at an instant to come.</summary>
    /// <param name="isAllowed">Whether the head is one that the caller knows; asked for each head that is decided on.</param>
    public async Task<PublishOutcome> PublishAsync(ConfigDraft draft, PublishOrder order, Func<InForce, bool> isAllowed, CancellationToken cancellationToken)
    {
        IReadOnlyList<Finding> findings = await check.FindingsAsync(draft, cancellationToken);
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            InForce now = await InForceAsync(cancellationToken);
            if (Repeat(now, draft.Version, order.ActivateAt) is { } repeated)
                return await FinishAsync([repeated], isNew: false, order, cancellationToken);
            if (!isAllowed(now))
                return new PublishOutcome.ChangedMeanwhile(now);
            if (findings.Any(f => f.Severity == LintSeverity.Error))
                return new PublishOutcome.Refused(findings);
            AbmConfig? before = now.Activation is { } active ? await source.FindAsync(active.Version, cancellationToken) : null;
            if (before is { Publishing.RequireApproval: true } && (order.Approver is null || string.Equals(order.Approver, order.Author, StringComparison.OrdinalIgnoreCase)))
                return new PublishOutcome.NeedsApproval();
            (PublishOutcome? blocked, int? accepted) = await GateAsync(draft, before, now, order, cancellationToken);
            if (blocked is not null)
                return blocked;
            if (PendingRefusal(now, order) is { } undecided)
                return undecided;

            await KeepAsync(draft, now, order, cancellationToken);
            ActivationKind kind = order.ActivateAt is null ? ActivationKind.Publish : ActivationKind.Schedule;
            if (await AppendAsync(now, kind, draft.Version, order, accepted, null, cancellationToken) is { } written)
                return await FinishAsync(written, isNew: true, order, cancellationToken);
        }

        return new PublishOutcome.TooBusy();
    }

    /// <summary>Brings a version into force again that was in force before, whatever the gate would say: it is the way out.</summary>
    public async Task<PublishOutcome> RollbackAsync(string to, PublishOrder order, Func<InForce, bool> isAllowed, CancellationToken cancellationToken)
    {
        if (await source.FindAsync(to, cancellationToken) is null || !await activations.WasActivatedAsync(to, cancellationToken))
            return new PublishOutcome.Unknown();
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            InForce now = await InForceAsync(cancellationToken);
            if (Repeat(now, to, null) is { } repeated)
                return await FinishAsync([repeated], isNew: false, order, cancellationToken);
            if (!isAllowed(now))
                return new PublishOutcome.ChangedMeanwhile(now);
            if (PendingRefusal(now, order) is { } undecided)
                return undecided;
            if (await AppendAsync(now, ActivationKind.Rollback, to, order, null, null, cancellationToken) is { } written)
                return await FinishAsync(written, isNew: true, order, cancellationToken);
        }

        return new PublishOutcome.TooBusy();
    }

    /// <summary>Takes a scheduled activation back whose instant has not come.</summary>
    public async Task<PublishOutcome> CancelAsync(long sequence, PublishOrder order, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            InForce now = await InForceAsync(cancellationToken);
            if (now.Pending.FirstOrDefault(p => p.Sequence == sequence) is not { } pending)
                return new PublishOutcome.NotPending();
            if (await AppendAsync(now, ActivationKind.Cancel, pending.Version, order, null, sequence, cancellationToken) is { } written)
                return await FinishAsync(written, isNew: true, order, cancellationToken);
        }

        return new PublishOutcome.TooBusy();
    }

    /// <summary>Takes the folder over when nothing is in force yet, or when its files are others than those last taken over. Any number of processes may do it at once: one does.</summary>
    /// <param name="files">None: the built-in defaults.</param>
    /// <param name="folder">Where they lie, for messages; null: there is no folder, and the built-in defaults are for an empty store only.</param>
    /// <returns>The version that this call brought into force; null when it changed nothing.</returns>
    /// <exception cref="ConfigurationRefusedException">Files that are not known cannot be used, or lint found errors: nothing was kept. Or this build cannot use what is in force.</exception>
    public async Task<string?> TakeOverFolderAsync(IReadOnlyList<ConfigSourceFile> files, string? folder, CancellationToken cancellationToken)
    {
        // The files and not what they say: a later build with other defaults must not take the same files for new ones, and undo what was published since.
        string? content = folder is not null ? ConfigVersion.IdOf("", files) : null;
        PublishOrder order = new(new Actor(Folder, null), Folder, folder is not null ? "The folder's content when the app started" : "The built-in defaults, for a new installation", null, null, false, PendingChoice.Keep);
        ConfigDraft? draft = null;
        while (true)
        {
            InForce now = await InForceAsync(cancellationToken);
            if (now.Activation is not null && (content is null || now.Head.FolderContent == content))
            {
                await source.RefreshAsync(cancellationToken);
                await TellLatestAsync(cancellationToken);
                return null;
            }

            draft ??= Usable(files, folder ?? "the built-in defaults");
            await KeepAsync(draft, now, order, cancellationToken);
            if (now.Activation?.Version == draft.Version)
                await activations.AppendAsync(now.Head, [], content, now.At, cancellationToken); // published by hand before it came with the folder
            else if (await AppendAsync(now, ActivationKind.Publish, draft.Version, order, null, null, cancellationToken, content) is { } written)
            {
                await FinishAsync(written, isNew: true, order, cancellationToken);
                return draft.Version;
            }
        }
    }

    private ConfigDraft Usable(IReadOnlyList<ConfigSourceFile> files, string folder)
    {
        IReadOnlyList<ConfigFileProblem> problems;
        switch (ConfigDraft.Read(files))
        {
            case ConfigDraftReading.Accepted(var draft):
                problems = check.ErrorsOf(draft);
                if (problems.Count == 0)
                    return draft;
                break;
            case ConfigDraftReading.Refused(var refused):
                problems = refused;
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        throw new ConfigurationRefusedException(folder, problems);
    }

    private InForce Read(ActivationHead head)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return new InForce(head, head.List.InForceAt(now), head.List.PendingAt(now), now);
    }

    /// <summary>The entry that did this already: asking again after a lost answer changes nothing.</summary>
    private static Activation? Repeat(InForce now, string version, DateTimeOffset? activateAt) => activateAt is null
        ? now.Activation?.Version == version ? now.Activation : null
        : now.Pending.FirstOrDefault(p => p.Version == version && p.ActiveFrom == activateAt);

    private async Task<(PublishOutcome? Blocked, int? Accepted)> GateAsync(ConfigDraft draft, AbmConfig? before, InForce now, PublishOrder order, CancellationToken cancellationToken)
    {
        if (before is null || now.Activation is not { } active)
            return (null, null); // nothing was decided under anything before
        if (await versions.FindAsync(active.Version, cancellationToken) is { } kept && kept.Effective == draft.Effective)
            return (null, null); // other comments, the same rules
        DryRunSummary? run = await gate.FindAsync(draft.Version, active.Version, cancellationToken);
        if (run is not null && run.FlipPercent <= before.Publishing.MaxFlipsPercent)
            return (null, null);
        return order.Accept ? (null, run?.Flips ?? 0) : (new PublishOutcome.Blocked(draft.Version, active.Version, run, before.Publishing.MaxFlipsPercent), null);
    }

    private static PublishOutcome.PendingUndecided? PendingRefusal(InForce now, PublishOrder order) => (now.Pending.Count, order.Pending) switch
    {
        ( > 0, null) => new PublishOutcome.PendingUndecided(now.Pending),
        ( >= MaxPending, PendingChoice.Keep) when order.ActivateAt is not null => new PublishOutcome.PendingUndecided(now.Pending),
        _ => null,
    };

    private async Task<(ConfigVersion Kept, bool IsNew)> KeepAsync(ConfigDraft draft, InForce now, PublishOrder order, CancellationToken cancellationToken)
    {
        if (await versions.FindAsync(draft.Version, cancellationToken) is { } known)
            return (known, false);
        string? changes = now.Activation is { } active && await source.FindAsync(active.Version, cancellationToken) is { } before
            ? Storage.StoredJson.Write(ConfigDiff.Between(before, draft.Config))
            : null;
        ConfigVersion version = new(draft.Version, now.Activation?.Version, order.Author, order.Reason, order.Approver, now.At, draft.Effective, changes, draft.Files);
        return (version, await versions.AddAsync(version, cancellationToken));
    }

    /// <returns>What was written, what was asked for last; null when somebody was faster.</returns>
    private async Task<IReadOnlyList<Activation>?> AppendAsync(
        InForce now, ActivationKind kind, string version, PublishOrder order, int? acceptedFlips, long? cancels, CancellationToken cancellationToken, string? folder = null)
    {
        List<Activation> entries = [];
        long sequence = now.Head.LastSequence;
        if (kind != ActivationKind.Cancel && order.Pending == PendingChoice.Cancel)
        {
            foreach (Activation pending in now.Pending)
                entries.Add(new Activation(++sequence, ActivationKind.Cancel, pending.Version, now.At, pending.Sequence, now.At, order.Who.Name, order.Reason, null));
        }

        // Never before what is in force: with two clocks that differ, the one who publishes later still wins.
        DateTimeOffset from = order.ActivateAt ?? (now.Activation?.ActiveFrom > now.At ? now.Activation.ActiveFrom : now.At);
        entries.Add(new Activation(++sequence, kind, version, from, cancels, now.At, order.Who.Name, order.Reason, order.Approver, acceptedFlips));
        return await activations.AppendAsync(now.Head, entries, folder, now.At, cancellationToken) == SaveOutcome.Saved ? entries : null;
    }

    /// <param name="written">What was asked for comes last.</param>
    private async Task<PublishOutcome> FinishAsync(IReadOnlyList<Activation> written, bool isNew, PublishOrder order, CancellationToken cancellationToken)
    {
        await source.RefreshAsync(cancellationToken);
        await Task.WhenAll(written.Select(entry => TellAsync(entry, order.Who.RequestId, cancellationToken)));
        await TellLatestAsync(cancellationToken);
        return new PublishOutcome.Done(written[^1], isNew, await InForceAsync(cancellationToken));
    }

    /// <summary>Sees to it that the audit knows the latest entries. Whoever wrote one may have died before they told.</summary>
    private async Task TellLatestAsync(CancellationToken cancellationToken)
    {
        ListPage<Activation> latest = await activations.LogAsync(3, null, cancellationToken);
        await Task.WhenAll(latest.Items.Select(entry => TellAsync(entry, null, cancellationToken)));
    }

    private Task TellAsync(Activation entry, string? requestId, CancellationToken cancellationToken)
    {
        Dictionary<string, string> details = new() { ["sequence"] = Invariant(entry.Sequence), ["activeFrom"] = entry.ActiveFrom.ToString("O", System.Globalization.CultureInfo.InvariantCulture) };
        if (entry.Approver is not null)
            details["approver"] = entry.Approver;
        if (entry.AcceptedFlips is { } flips)
            details["acceptedFlips"] = Invariant(flips);
        if (entry.Cancels is { } cancelled)
            details["cancels"] = Invariant(cancelled);
        string kind = entry.Kind switch
        {
            ActivationKind.Publish => AuditKinds.Publish,
            ActivationKind.Schedule => AuditKinds.Schedule,
            ActivationKind.Rollback => AuditKinds.Rollback,
            _ => AuditKinds.Cancel,
        };
        return audit.WriteAsync(kind, entry.Version, Invariant(entry.Sequence), entry.At, new Actor(entry.By, requestId), entry.Reason, entry.Version, details, cancellationToken);
    }

    private static string Invariant(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
