using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;

namespace Abm.Evaluation;

/// <summary>Runs the matcher over what people corrected, as <c>GET /api/cases/export</c> gives it: <c>--cases FILE [--accounts A.csv]</c>. Without accounts those of all cases together, each as the youngest case saw it, are the directory.</summary>
internal static class CaseRun
{
    /// <summary>Null: cases were not asked for.</summary>
    public static int? Run(string[] args, TextWriter to)
    {
        int at = Array.IndexOf(args, "--cases");
        if (at < 0)
            return null;
        int given = Array.IndexOf(args, "--accounts");
        if (at + 1 >= args.Length || (given >= 0 && given + 1 >= args.Length) || args.Length != (given >= 0 ? 4 : 2))
        {
            Console.Error.WriteLine("Usage: --cases CASES.ndjson [--accounts ACCOUNTS.csv]");
            return 2;
        }

        if (!File.Exists(args[at + 1]))
            throw new InputException($"{args[at + 1]}: there is no such file.");

        // Of an account that several cases looked at the youngest case has the youngest version.
        Dictionary<string, (DateTimeOffset At, Account Account)> accounts = new(StringComparer.Ordinal);
        List<(string Id, string Facet, string Expected, Lead Lead)> cases = [];
        int number = 0;
        foreach (string line in File.ReadLines(args[at + 1]))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                JsonNode row = JsonNode.Parse(line)!;
                cases.Add(((string)row["caseId"]!, (string)row["facet"]!, (string)row["expected"]!, LeadOf((string)row["leadId"]!, row["lead"]!)));
                DateTimeOffset then = (DateTimeOffset?)row["at"] ?? DateTimeOffset.MinValue;
                foreach (JsonNode? account in row["accounts"]!.AsArray())
                {
                    string id = (string)account!["accountId"]!;
                    if (!accounts.TryGetValue(id, out var known) || then > known.At)
                        accounts[id] = (then, AccountOf(account));
                }
            }
            catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or NullReferenceException or ArgumentException or FormatException)
            {
                Console.Error.WriteLine($"{args[at + 1]}, line {number}: this is no case.");
                return 2;
            }
        }

        AccountIndex index = AccountIndex.Build(given >= 0 ? Records.Accounts(args[given + 1]) : [.. accounts.Values.Select(known => known.Account)], [], 1);
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases.Count} cases, {index.AccountCount} accounts"));
        foreach (var facet in cases.GroupBy(c => c.Facet).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var answered = facet.Select(c => (Case: c, Answer: LeadMatcher.Match(c.Lead, index, MatchModel.Default))).ToArray();
            int right = answered.Count(a => IsRight(a.Case.Facet, a.Case.Expected, a.Answer));
            int lost = facet.Key == "account" ? answered.Count(a => !IsThere(index, a.Case.Expected)) : 0;
            int near = answered.Count(a => a.Case.Facet == "account" && a.Answer is not MatchDecision.Matched && a.Answer.Candidates.Take(3).Any(c => c.Account.Value == a.Case.Expected));
            to.WriteLine(facet.Key is "account" or "outcome"
                ? string.Create(CultureInfo.InvariantCulture, $"{facet.Key,-10} {facet.Count(),6} cases, {right,6} right, {near,6} left to people with the right account among the first three{(lost == 0 ? "" : $", {lost} expect an account that is not among these")}")
                : string.Create(CultureInfo.InvariantCulture, $"{facet.Key,-10} {facet.Count(),6} cases, not the matcher's"));
            foreach (var (wrong, answer) in answered.Where(a => facet.Key is "account" or "outcome" && !IsRight(a.Case.Facet, a.Case.Expected, a.Answer)))
                to.WriteLine($"  {wrong.Id}: expected {wrong.Expected}{(wrong.Facet == "account" && !IsThere(index, wrong.Expected) ? " (not among the accounts)" : "")}, {Said(answer)}");
        }

        return 0;
    }

    private static bool IsThere(AccountIndex index, string account) => IdText.IsValid(account) && index.Find(AccountId.Parse(account)) is not null;

    private static bool IsRight(string facet, string expected, MatchDecision answer) =>
        facet == "outcome" ? Outcome(answer) == expected : answer is MatchDecision.Matched matched && matched.Account.Value == expected;

    private static string Outcome(MatchDecision answer) => answer is MatchDecision.Matched ? "matched" : answer is MatchDecision.Review ? "review" : "unmatched";

    private static string Said(MatchDecision answer) => answer is MatchDecision.Matched matched ? $"matched {matched.Account}" : Outcome(answer);

    private static Lead LeadOf(string id, JsonNode lead) => new(
        LeadId.Parse(id),
        new Submission
        {
            FirstName = (string?)lead["firstName"],
            LastName = (string?)lead["lastName"],
            Title = (string?)lead["title"],
            Email = (string?)lead["email"],
            Company = (string?)lead["company"],
            Website = (string?)lead["website"],
            Phone = (string?)lead["phone"],
            Address = (string?)lead["address"],
            City = (string?)lead["city"],
            State = (string?)lead["state"],
            Country = (string?)lead["country"],
            AccountId = (string?)lead["accountId"],
        },
        DateTimeOffset.UnixEpoch);

    private static Account AccountOf(JsonNode row) => new()
    {
        Id = AccountId.Parse((string)row["accountId"]!),
        Name = (string)row["name"]!,
        Domains = [.. row["domains"]!.AsArray().Select(d => (string)d!)],
        Website = (string?)row["website"],
        Phone = (string?)row["phone"],
        Street = (string?)row["street"],
        City = (string?)row["city"],
        State = (string?)row["state"],
        Zip = (string?)row["zip"],
        Country = (string?)row["country"],
        Aliases = [.. row["aliases"]!.AsArray().Select(a => (string)a!)],
        ParentId = (string?)row["parentAccountId"] is { } parent ? AccountId.Parse(parent) : null,

        // What the tie-break looks at.
        Industry = (string?)row["industry"],
        OwnerId = (string?)row["ownerId"] is { } owner ? RepId.Parse(owner) : null,
        Tier = (string?)row["tier"] switch { "1:1" => AccountTier.OneToOne, "1:few" => AccountTier.OneToFew, "1:many" => AccountTier.OneToMany, _ => AccountTier.None },
        Status = Enum.TryParse((string?)row["status"], ignoreCase: true, out AccountStatus status) ? status : AccountStatus.Prospect,
        HasOpenOpportunity = (bool?)row["openOpportunity"] ?? false,
        ContactCount = (int?)row["contacts"] ?? 0,
        LeadCount = (int?)row["leads"] ?? 0,
        OpportunityCount = (int?)row["opportunities"] ?? 0,
        CreatedAt = (DateTimeOffset?)row["createdAt"],
    };
}
