using System.Text.Json;
using System.Text.Json.Nodes;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Accounts;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Microsoft.AspNetCore.Http;

namespace Abm.Functions.Unmatched;

/// <summary>What a person does with a lead that waits, as it was read.</summary>
/// <param name="Action">See <see cref="Actions"/>.</param>
/// <param name="Account">The account to create; null for other actions.</param>
/// <param name="Rule">An exception to be drafted; null: none.</param>
internal sealed record ResolutionBody(string Action, AccountId? AccountId, Account? Account, DateTimeOffset? Until, string Reason, string By, JsonObject? Rule)
{
    public const string Pin = "pin";
    public const string CreateAccount = "createAccount";
    public const string Ignore = "ignore";
    public const string Snooze = "snooze";

    public static readonly string[] Actions = [Pin, CreateAccount, Ignore, Snooze];

    private static readonly TimeSpan LongestSnooze = TimeSpan.FromDays(90);
    private const int MaxBodyBytes = 300 * 1024;
    private const int MaxReasonLength = 2_000;

    public static async Task<(ResolutionBody? Body, ApiResult? Refusal)> ReadAsync(HttpRequest request, Caller caller, string leadId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return (null, body.Refusal);
        JsonElement root = body.Document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return (null, Problems.Invalid("wrongType", "", "A JSON object is expected."));
        List<Problem> problems = [];
        string? action = JsonFields.Text(root, "action", problems);
        if (action is null || !Actions.Contains(action, StringComparer.Ordinal))
            problems.Add(new Problem(action is null ? "required" : "unknownValue", "action", $"It must be one of {string.Join(", ", Actions)}."));
        string? reason = FieldText.Clean(JsonFields.Text(root, "reason", problems), "reason", MaxReasonLength, allowsLines: true, problems);
        if (reason is null && problems.All(p => p.Field != "reason"))
            problems.Add(new Problem("required", "reason", "Say why, for whoever reads the history later."));
        string? by = FieldText.CleanId(JsonFields.Text(root, "by", problems), "by", problems);
        AccountId? id = FieldText.CleanId(JsonFields.Text(root, "accountId", problems), "accountId", problems) is { } text ? Abm.Decisions.AccountId.Parse(text) : null;
        DateTimeOffset? until = ReadUntil(root, action, now, problems);
        Account? account = null;
        if (action == Pin && id is null && problems.All(p => p.Field != "accountId"))
            problems.Add(new Problem("required", "accountId", "Name the account by its id."));
        if (action is Ignore or Snooze && id is not null)
            problems.Add(new Problem("notApplicable", "accountId", $"'{action}' names no account."));
        bool hasAccount = root.TryGetProperty("account", out JsonElement given) && given.ValueKind != JsonValueKind.Null;
        if (action == CreateAccount && !hasAccount)
            problems.Add(new Problem("required", "account", "Describe the account, as for PUT /api/accounts/{id}."));
        else if (action == CreateAccount)
            account = ReadAccount(given, id, leadId, problems);
        else if (hasAccount)
            problems.Add(new Problem("notApplicable", "account", "Only createAccount takes an account."));
        JsonObject? rule = root.TryGetProperty("exceptionRule", out JsonElement stated) && stated.ValueKind != JsonValueKind.Null ? ExceptionRuleDraft.Read(stated, problems) : null;
        if (rule is not null && action == Snooze)
            problems.Add(new Problem("notApplicable", "exceptionRule", "A lead that is put off is not resolved: an exception comes with the resolution."));
        return problems.Count > 0
            ? (null, Problems.Invalid(problems))
            : (new ResolutionBody(action!, account?.Id ?? id, account, until, reason!, by ?? caller.Name, rule), null);
    }

    /// <summary>The account's id is the one that is stated, else derived from the lead: the same again is the same account.</summary>
    private static Account ReadAccount(JsonElement given, AccountId? id, string leadId, List<Problem> problems)
    {
        AccountId own = id
            ?? (given.ValueKind == JsonValueKind.Object && JsonFields.Text(given, "accountId", []) is { } stated && IdText.IsValid(stated)
                ? Abm.Decisions.AccountId.Parse(stated)
                : Abm.Decisions.AccountId.Parse(DerivedId.From("acc", leadId)));
        AccountJson json = new();
        Account account = json.Read(own, given);
        problems.AddRange(json.Problems.Select(p => p with { Field = p.Field.Length == 0 ? "account" : $"account.{p.Field}" }));
        return account;
    }

    private static DateTimeOffset? ReadUntil(JsonElement root, string? action, DateTimeOffset now, List<Problem> problems)
    {
        string? text = JsonFields.Text(root, "until", problems);
        if (action != Snooze)
        {
            if (text is not null)
                problems.Add(new Problem("notApplicable", "until", "Only snooze takes an instant."));
            return null;
        }

        if (text is null)
            problems.Add(new Problem("required", "until", "Say until when, such as 2026-11-24T09:00:00Z."));
        else if (!Instants.TryRead(text, out DateTimeOffset until))
            problems.Add(new Problem("wrongType", "until", "It must be an instant such as 2026-11-24T09:00:00Z."));
        else if (until <= now || until > now + LongestSnooze)
            problems.Add(new Problem("outOfRange", "until", "It must be in the future, and within 90 days."));
        else
            return until;
        return null;
    }
}
