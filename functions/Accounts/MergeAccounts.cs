using System.Text.Json;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Functions.Plays;
using Abm.Functions.Storage.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Accounts;

/// <summary>What a merge did, or took back.</summary>
/// <param name="AccountId">The account that is merged.</param>
/// <param name="Into">The one that stays; its id is what the other's names from now on.</param>
/// <param name="Duplicate">It was done before.</param>
/// <param name="Contacts">Contacts that moved.</param>
/// <param name="Children">Accounts below it that moved.</param>
public sealed record MergeResponse(string AccountId, string Into, bool Duplicate, int Contacts, int Children, AccountResponse Account);

/// <summary>Merges an account into another, and takes that back.</summary>
public sealed class MergeAccounts(IAccountCatalogue catalogue, PlayEndings plays, Callers callers, TimeProvider clock)
{
    private const int MaxBodyBytes = 16 * 1024;

    /// <summary><c>POST /api/accounts/{id}/merge</c> with <c>{into, reason}</c>.</summary>
    [Function("MergeAccount")]
    public async Task<IActionResult> MergeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "accounts/{id}/merge")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        Caller caller = callers.Of(request);
        if (caller.Refusal(Caller.Admin, Caller.Ops) is { } forbidden)
            return forbidden;
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return body.Refusal!;
        List<Problem> problems = [];
        (AccountId? into, string? reason) = Read(body.Document.RootElement, problems);
        if (into is not null && into.Value == id)
            problems.Add(new Problem("invalidValue", "into", "An account cannot be merged into itself."));
        if (problems.Count > 0)
            return Problems.Invalid(problems);

        DateTimeOffset now = clock.GetUtcNow();
        ApiResult? answer = null;
        await catalogue.SaveAsync(
            state =>
            {
                if (state.Index.Find(into!) is not { } survivor)
                    return Refuse(Problems.Invalid("unknownValue", "into", "There is no account of this id."));
                if (!state.Accounts.TryGetValue(id, out Account? gone))
                {
                    return Refuse(state.Merges.GetValueOrDefault(id) is not { } before ? Problems.NotFound("There is no account with this id.")
                        : before.Into == survivor.Id || before.Into == into ? Answer(before, survivor, isDuplicate: true)
                        : Problems.Of(409, "merged-otherwise", "The account is merged already.", $"It was merged into {before.Into}. Take that back first.", []));
                }

                if (survivor.Id == gone.Id)
                    return Refuse(Problems.Invalid("invalidValue", "into", "That id names this very account: it was merged into it."));
                Contact[] contacts = [.. state.Contacts.Values.Where(c => c.AccountId == gone.Id)];
                Account[] children = [.. state.Accounts.Values.Where(a => a.ParentId == gone.Id && a.Id != survivor.Id)];
                MergedAccount merge = new(
                    gone, survivor.Id, [.. contacts.Select(c => c.Id)], [.. children.Select(c => c.Id)], MergedAccount.NewDomains(survivor, gone), MergedAccount.NewAliases(survivor, gone), now, caller.Name, reason!);
                Account combined = MergedAccount.Combine(survivor, gone);
                answer = Answer(merge, combined, isDuplicate: false);
                return
                [
                    new AccountChange.Saved(combined),
                    new AccountChange.Removed(gone.Id),
                    .. children.Select(c => new AccountChange.Saved(c with { ParentId = survivor.Id })),
                    .. contacts.Select(c => new AccountChange.ContactSaved(c with { AccountId = survivor.Id })),
                    new AccountChange.Merged(merge),
                ];
            },
            cancellationToken);

        // Also for a repeat: the first attempt may have died between keeping and telling.
        if (answer!.Status == StatusCodes.Status200OK)
            await plays.OfMergedAsync(id, into!.Value, now, cancellationToken);
        return answer;

        IReadOnlyCollection<AccountChange> Refuse(ApiResult refusal)
        {
            answer = refusal;
            return [];
        }
    }

    /// <summary><c>POST /api/accounts/{id}/unmerge</c>: the account is there again with its contacts and children, and the other has no more what it took over. What was changed of either since stays changed.</summary>
    [Function("UnmergeAccount")]
    public async Task<IActionResult> UnmergeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "accounts/{id}/unmerge")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (callers.Of(request).Refusal(Caller.Admin, Caller.Ops) is { } forbidden)
            return forbidden;
        ApiResult? answer = null;
        await catalogue.SaveAsync(
            state =>
            {
                if (state.Merges.GetValueOrDefault(id) is not { } merge)
                {
                    answer = Problems.NotFound("No account of this id is merged into another.");
                    return [];
                }

                answer = Answer(merge, merge.Account, isDuplicate: false);
                List<AccountChange> changes = [new AccountChange.Unmerged(merge.Account.Id), new AccountChange.Saved(merge.Account)];
                if (state.Accounts.TryGetValue(merge.Into.Value, out Account? survivor))
                    changes.Add(new AccountChange.Saved(merge.Without(survivor)));
                changes.AddRange(merge.Children.Select(c => state.Accounts.GetValueOrDefault(c.Value)).OfType<Account>().Where(c => c.ParentId == merge.Into)
                    .Select(c => new AccountChange.Saved(c with { ParentId = merge.Account.Id })));
                changes.AddRange(merge.Contacts.Select(c => state.Contacts.GetValueOrDefault(c.Value)).OfType<Contact>().Where(c => c.AccountId == merge.Into)
                    .Select(c => new AccountChange.ContactSaved(c with { AccountId = merge.Account.Id })));
                return changes;
            },
            cancellationToken);
        return answer!;
    }

    private static ApiResult Answer(MergedAccount merge, Account account, bool isDuplicate) => new(
        StatusCodes.Status200OK, new MergeResponse(merge.Account.Id.Value, merge.Into.Value, isDuplicate, merge.Contacts.Count, merge.Children.Count, AccountResponse.From(account)));

    private static (AccountId? Into, string? Reason) Read(JsonElement root, List<Problem> problems)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new Problem("wrongType", "", "A JSON object is expected."));
            return default;
        }

        string? into = FieldText.CleanId(JsonFields.Text(root, "into", problems), "into", problems);
        if (into is null && problems.All(p => p.Field != "into"))
            problems.Add(new Problem("required", "into", "Name the account that stays."));
        string? reason = FieldText.Clean(JsonFields.Text(root, "reason", problems), "reason", 2_000, allowsLines: true, problems);
        if (reason is null && problems.All(p => p.Field != "reason"))
            problems.Add(new Problem("required", "reason", "Say why, for whoever reads the history later."));
        return (into is null ? null : AccountId.Parse(into), reason);
    }
}
