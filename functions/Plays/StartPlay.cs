using System.Globalization;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.People;
using Abm.Plays;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Plays;

/// <summary>What came of asking to start a play.</summary>
/// <param name="PlayId">The instance that was started, that runs already, or that was joined; null: none.</param>
/// <param name="Code">Such as <c>play.chosen</c>, <c>play.runs</c>, <c>play.coolOff</c>.</param>
public sealed record StartPlayResponse(string? PlayId, bool Started, string Code, string Says);

/// <summary>A person starts a play about an account or an opportunity. The play's condition, its rest and the rule of one instance hold all the same.</summary>
public sealed class StartPlay(PlayLaunch launch, IPlayFiles plays, IConfigSource config, IAccountDirectory accounts, IRepDirectory reps, Callers callers, TimeProvider clock)
{
    /// <summary><c>POST /api/plays</c> with <c>{play, accountId, opportunityId?, ownerId?, facts?}</c>: 202 when it was started, 200 for a repeat, 409 with the reason when it was not.</summary>
    [Function(nameof(StartPlay))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "plays")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
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
            string accountId = body.Required("accountId", body.Id("accountId"), "Name the account.");
            string? opportunityId = body.Id("opportunityId");
            string? ownerId = body.Id("ownerId");
            string? key = FieldText.Clean(request.Headers["Idempotency-Key"], "Idempotency-Key", 255, allowsLines: false, body.Problems);
            Dictionary<string, string> facts = body.Values(body.Root, "facts", "facts").ToDictionary(f => $"event.{f.Key}", f => f.Value, StringComparer.Ordinal);
            AbmConfig current = await config.CurrentAsync(cancellationToken);
            PlayRules? play = current.Plays.FirstOrDefault(p => p.Name == name);
            if (name.Length > 0 && play is null)
                body.Problems.Add(new Problem("unknownValue", "play", "The configuration in force has no such play."));
            else if (play?.Subject == PlaySubjectKind.Lead)
                body.Problems.Add(new Problem("invalidValue", "play", "It follows leads up and starts when a lead gets an owner."));
            else if (play?.Subject == PlaySubjectKind.Opportunity && opportunityId is null && body.Problems.All(p => p.Field != "opportunityId"))
                body.Problems.Add(new Problem("required", "opportunityId", "It is about an opportunity: name it."));
            Account? account = accountId.Length > 0 ? (await accounts.CurrentAsync(cancellationToken)).Find(AccountId.Parse(accountId)) : null;
            if (accountId.Length > 0 && account is null)
                body.Problems.Add(new Problem("unknownValue", "accountId", "There is no account of this id."));
            if (ownerId is not null && (await reps.CurrentAsync(cancellationToken)).GetValueOrDefault(RepId.Parse(ownerId)) is not { IsActive: true })
                body.Problems.Add(new Problem("unknownValue", "ownerId", "Nobody active of this id can own plays."));
            if (body.Problems.Count > 0)
                return Problems.Invalid(body.Problems);

            DateTimeOffset now = clock.GetUtcNow();
            PlaySubject subject = opportunityId is null ? new PlaySubject(PlaySubjectKind.Account, account!.Id.Value) : new PlaySubject(PlaySubjectKind.Opportunity, opportunityId);
            string occasion = DerivedId.From("occ", "byHand", name, subject.ToString(), key ?? now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture));
            EnrolmentDecision decision = (await launch.HappenedAsync(
                new PlayOccasion.Asked(subject, account!.Id.Value, occasion, now, name) { OwnerId = ownerId }, facts, starter, cancellationToken))[0];
            string playId = PlayStartInput.IdFor(name, play!.Subject == PlaySubjectKind.Opportunity ? subject : new PlaySubject(PlaySubjectKind.Account, account.Id.Value), occasion);
            return decision switch
            {
                EnrolmentDecision.Start start => new ApiResult(StatusCodes.Status202Accepted, new StartPlayResponse(start.Input.PlayId, true, decision.Because.Code, decision.Because.Says)),
                EnrolmentDecision.Join join => new ApiResult(StatusCodes.Status200OK, new StartPlayResponse(join.RunningPlayId, false, decision.Because.Code, decision.Because.Says)),
                _ when decision.Because.Code == PlayReasons.Repeat || await plays.FindAsync(playId, cancellationToken) is not null =>
                    new ApiResult(StatusCodes.Status200OK, new StartPlayResponse(playId, false, PlayReasons.Repeat, "This very occasion has started it.")),
                _ => Problems.Of(409, "not-started", "The play was not started.", decision.Because.Says, [new Problem(decision.Because.Code, "", decision.Because.Says)]),
            };
        }
    }
}
