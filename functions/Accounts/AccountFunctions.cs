using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Storage.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Accounts;

/// <summary>Lists, shows and edits accounts.</summary>
public sealed class AccountFunctions(IAccountCatalogue catalogue)
{
    /// <summary>Largest body of an edit, in bytes.</summary>
    public const int MaxBodyBytes = 256 * 1024;

    /// <summary>Longest search text, in characters.</summary>
    public const int MaxSearchLength = 200;

    /// <summary><c>GET /api/accounts?q=&amp;sort=name|id&amp;limit=&amp;cursor=</c></summary>
    [Function(nameof(ListAccounts))]
    public async Task<IActionResult> ListAccounts(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "accounts")] HttpRequest request, CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        PageQuery page = PageQuery.Read(request, problems);
        string sort = request.Query["sort"].ToString() is { Length: > 0 } stated ? stated : "name";
        if (sort is not ("name" or "id"))
            problems.Add(new Problem("unknownValue", "sort", "name or id is expected."));
        string search = request.Query["q"].ToString().Trim();
        if (search.Length > MaxSearchLength)
            problems.Add(new Problem("tooLong", "q", $"At most {MaxSearchLength} characters are taken."));
        if (problems.Count > 0)
            return Problems.Invalid(problems);

        AccountsState state = await catalogue.CurrentAsync(cancellationToken);
        return new ApiResult(StatusCodes.Status200OK, AccountList.Page(state, sort == "id", search, page));
    }

    /// <summary><c>GET /api/accounts/{id}</c></summary>
    [Function(nameof(GetAccount))]
    public async Task<IActionResult> GetAccount(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "accounts/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        AccountsState state = await catalogue.CurrentAsync(cancellationToken);
        if (!state.Accounts.TryGetValue(id, out Account? account))
            return Problems.NotFound(state.Merges.GetValueOrDefault(id) is { } merge ? $"It was merged into {merge.Into}." : "There is no account with this id.");
        string tag = AccountResponse.TagOf(account);
        return EntityTags.IsUnchanged(request, tag)
            ? new ApiResult(StatusCodes.Status304NotModified).WithHeader("ETag", tag)
            : new ApiResult(StatusCodes.Status200OK, AccountResponse.From(account)).WithHeader("ETag", tag);
    }

    /// <summary><c>PUT /api/accounts/{id}</c>: the whole account. An edit names the version it changes in If-Match; a new account needs no header.</summary>
    [Function(nameof(PutAccount))]
    public async Task<IActionResult> PutAccount(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "accounts/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!IdText.IsValid(id))
            return Problems.Invalid("invalidId", "id", $"An id has 1 to {IdText.MaxLength} characters without / \\ # ? and control characters.");
        EditCondition condition = EntityTags.Condition(request);
        if (condition is EditCondition.Unreadable)
            return Problems.Invalid("invalidTag", "If-Match", "A list of ETags is expected.");
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return body.Refusal!;
        var json = new AccountJson();
        Account account = json.Read(AccountId.Parse(id), body.Document.RootElement);
        if (json.Problems.Count > 0)
            return Problems.Invalid(json.Problems);

        ApiResult? refusal = null;
        bool isNew = false;
        await catalogue.SaveAsync(
            state =>
            {
                Account? known = state.Accounts.GetValueOrDefault(id);
                isNew = known is null;
                refusal = known is null && state.Merges.GetValueOrDefault(id) is { } merge
                    ? Problems.Of(409, "merged", "The account is merged into another.", $"It was merged into {merge.Into}. Change that account, or take the merge back.", [])
                    : Refuse(condition, known);
                return refusal is null ? [new AccountChange.Saved(account)] : [];
            },
            cancellationToken);
        return refusal ?? new ApiResult(isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, AccountResponse.From(account))
            .WithHeader("ETag", AccountResponse.TagOf(account));
    }

    private static ApiResult? Refuse(EditCondition condition, Account? known) => condition switch
    {
        EditCondition.MustBeNew when known is not null => Problems.PreconditionFailed("There is an account with this id already."),
        EditCondition.MustBeOneOf tags when !tags.Allows(known is null ? null : AccountResponse.TagOf(known)) =>
            Problems.PreconditionFailed("The account is not the version that If-Match names. Read it again and repeat the edit."),
        EditCondition.Unstated when known is not null => Problems.PreconditionRequired("Send the account's ETag in If-Match, so that nobody else's edit is overwritten."),
        _ => null,
    };
}
