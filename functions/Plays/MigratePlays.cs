using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Plays;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Plays;

/// <summary>What a migration does to one instance.</summary>
/// <param name="Code"><c>migrates</c>, <c>same</c>, <c>stepGone</c>, <c>playGone</c> or <c>policyGone</c>.</param>
public sealed record MigratedPlayResponse(string PlayId, string From, string To, string? At, string Code, string Says);

/// <summary>What a migration does, or did.</summary>
/// <param name="Next">Where to go on, to be sent as <c>after</c>; null: these were all.</param>
public sealed record MigrationResponse(string Play, string To, bool Preview, int Looked, int Migrated, IReadOnlyList<MigratedPlayResponse> Items, string? Next);

/// <summary>Brings running instances of a play to another version of the configuration. They stay on their own version unless somebody asks for this.</summary>
/// <remarks>An instance goes on at the step of the same name, with what it has done and heard. One that stands at a step which the new version does not have, or waits by a deadline that it does not have, stays where it is.</remarks>
public sealed class MigratePlays(IPlayFiles plays, IConfigSource config, Callers callers, ILogger<MigratePlays> logger)
{
    private const int PageSize = 200;

    /// <summary><c>POST /api/plays/migrate?preview=true</c> with <c>{play, to?, from?, playIds?, after?}</c>: at most 200 instances a call.</summary>
    [Function(nameof(MigratePlays))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "plays/migrate")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        await RunAsync(request, new DurablePlayStarter(client), cancellationToken);

    internal async Task<IActionResult> RunAsync(HttpRequest request, IPlayStarter starter, CancellationToken cancellationToken)
    {
        if (callers.Of(request).Refusal(Caller.Admin, Caller.Ops) is { } forbidden)
            return forbidden;
        (PlayBody? body, ApiResult? refusal) = await PlayBody.ReadAsync(request, isOptional: false, cancellationToken);
        if (body is null)
            return refusal!;
        using (body)
        {
            string name = body.Required("play", body.Id("play"), "Name the play.");
            string? to = body.Id("to");
            string? from = body.Id("from");
            string? cursor = body.Text("after", 1_000);
            string preview = ListFilters.OneOf(request, "preview", ["true", "false"], body.Problems) ?? "false";
            AbmConfig? target = to is null ? await config.CurrentAsync(cancellationToken) : await config.FindAsync(to, cancellationToken);
            if (target is null)
                body.Problems.Add(new Problem("unknownValue", "to", "There is no such version."));
            else if (name.Length > 0 && target.Plays.All(p => p.Name != name))
                body.Problems.Add(new Problem("unknownValue", "play", $"Version {target.Version} has no such play."));
            string? after = null;
            if (cursor is not null && !Cursor.TryRead(cursor, out after))
                body.Problems.Add(new Problem("invalidValue", "after", "It is none of ours."));
            if (body.Problems.Count > 0)
                return Problems.Invalid(body.Problems);
            try
            {
                return await MigrateAsync(name, from, target!, preview == "true", after, starter, cancellationToken);
            }
            catch (FormatException)
            {
                return Problems.Invalid("invalidValue", "after", "It is none of ours.");
            }
        }
    }

    private async Task<ApiResult> MigrateAsync(string name, string? from, AbmConfig target, bool isPreview, string? after, IPlayStarter starter, CancellationToken cancellationToken)
    {
        ListPage<PlayLine> page = await plays.ListAsync(new PlayFilter(name, IsRunning: true), PageSize, after, cancellationToken);
        List<MigratedPlayResponse> items = [];
        int migrated = 0;
        foreach (PlayLine line in page.Items.Where(l => from is null || l.ConfigVersion == from))
        {
            if (await plays.FindAsync(line.PlayId, cancellationToken) is not { IsOver: false } file)
                continue;
            MigratedPlayResponse would = Would(file, target);
            if (!isPreview && would.Code == "migrates")
            {
                PlayChanged changed = await PlayTelling.ChangeAsync(
                    plays,
                    line.PlayId,
                    f => (would = Would(f, target)).Code == "migrates" ? f with { ConfigVersion = target.Version } : null,
                    cancellationToken);
                if (changed.IsChanged)
                {
                    migrated++;
                    logger.PlayMigrated(line.PlayId, would.From, target.Version);
                    await starter.SignalAsync(line.PlayId, cancellationToken);
                }
            }

            items.Add(would);
        }

        return new ApiResult(StatusCodes.Status200OK, new MigrationResponse(
            name, target.Version, isPreview, items.Count, isPreview ? items.Count(i => i.Code == "migrates") : migrated, items, page.Next is null ? null : Cursor.After(page.Next)));
    }

    private static MigratedPlayResponse Would(PlayFile file, AbmConfig target)
    {
        string? at = file.Progress.At;
        PlayRules? play = target.Plays.FirstOrDefault(p => p.Name == file.Start.Play && p.Subject == file.Start.Subject.Kind);
        int? index = play is null || at is null ? null : PlayFlow.IndexOf(play, at);
        string? policy = file.Start.Policy;
        (string code, string says) =
            file.ConfigVersion == target.Version ? ("same", "It goes by that version already.")
            : play is null ? ("playGone", $"Version {target.Version} has no such play.")
            : policy is not null && !target.SlaPolicies.ContainsKey(policy) ? ("policyGone", $"Version {target.Version} has no deadline '{policy}'.")
            : at is not null && index is null ? ("stepGone", $"It stands at step '{at}', which version {target.Version} does not have.")
            : at is not null && file.Progress.HasDone($"{PlayDecider.StageOf(file.Progress)}.clocks") && play.Steps[index!.Value].Deadline is null ? ("policyGone", $"It waits with a deadline at step '{at}', which has none in version {target.Version}.")
            : ("migrates", at is null ? "It goes on as it stands." : $"It goes on at step '{at}'.");
        return new MigratedPlayResponse(file.Start.PlayId, file.ConfigVersion, target.Version, at, code, says);
    }
}
