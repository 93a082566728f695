using Abm.Accounts;
using Abm.Decisions;
using Abm.Matching;

namespace Abm.Evaluation;

/// <summary>What the matcher says of leads whose account is taken out of the directory first: whatever it matches then is wrong, so this shows how it deals with near-namesakes and shared domains.</summary>
internal sealed record LeftOut(int Leads, IReadOnlyList<(LabelledLead Lead, MatchDecision.Matched Answer)> Matched, AccountIndex Index)
{
    /// <summary>Whether the account that was matched has the name or a domain of the one that was taken away: another entry of the same organisation, a branch, or a namesake that nothing in the lead tells apart.</summary>
    public bool IsNamesake(LabelledLead lead, MatchDecision.Matched answer)
    {
        if (Index.Find(AccountId.Parse(lead.Expected!)) is not { } right)
            return false;
        Account other = Index.Find(answer.Account)!;
        return NameKey.Read(right.Name)?.Squashed == NameKey.Read(other.Name)?.Squashed || DomainsOf(right).Intersect(DomainsOf(other)).Any();
    }

    private static IEnumerable<string> DomainsOf(Account account) => account.Domains.Append(account.Website ?? "").Select(text => CompanyDomain.ReadWebsite(text)?.Registrable).OfType<string>();

    public static LeftOut Measure(List<LabelledLead> leads, AccountIndex index, Func<LabelledLead, MatchModel> model)
    {
        LabelledLead[] matchable = [.. leads.Where(lead => lead.IsMatchable)];
        return new(
            matchable.Length,
            [.. matchable.AsParallel().AsOrdered().Select(lead => (lead, Answer: LeadMatcher.Match(lead.Lead, Without(index, lead), model(lead)) as MatchDecision.Matched)).Where(pair => pair.Answer is not null).Select(pair => (pair.lead, pair.Answer!))],
            index);
    }

    /// <summary>The index without every account that is right for the lead.</summary>
    public static AccountIndex Without(AccountIndex index, LabelledLead lead) =>
        index.With([.. lead.AlsoAcceptable.Append(lead.Expected!).Select(id => new AccountChange.Removed(AccountId.Parse(id)))], 2);

    public void Write(string path, AccountIndex index)
    {
        using var csv = new CsvFile(path);
        foreach (string column in (string[])["lead_id", "case_type", "email", "company", "place", "expected_name", "answer_name", "why"])
            csv.WriteField(column);
        csv.NextRecord();
        foreach ((LabelledLead lead, MatchDecision.Matched answer) in Matched)
        {
            var s = lead.Lead.Submitted;
            foreach (string? cell in (string?[])[lead.Id, lead.CaseType, s.Email, s.Company, $"{s.Address}|{s.City}|{s.State}|{s.Country}", index.Find(AccountId.Parse(lead.Expected!))?.Name, answer.Candidates[0].Name, Evaluation.Why(answer.Candidates[0])])
                csv.WriteField(cell);
            csv.NextRecord();
        }
    }
}
