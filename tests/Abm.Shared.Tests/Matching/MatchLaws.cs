using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;
using FsCheck;
using FsCheck.Fluent;
using static Abm.Shared.Tests.Matching.MatchScenario;

namespace Abm.Shared.Tests.Matching;

/// <summary>What holds for any directory and any lead.</summary>
public sealed class MatchLaws
{
    private static readonly string[] Words = ["Acme", "Borealis", "National", "Bank", "of", "Medical", "Center", "Northgate", "Systems", "Quixatron", "Inc", "Group", "Lab", "University"];
    private static readonly string[] Domains = ["acme.com", "borealis.at", "northgate.org", "shared.net", "quixatron.io"];
    private static readonly string[] Cities = ["Fargo", "Austin", "Oslo"];

    /// <summary>What one bit less can change: rarity, what is shared, what is left over, and what share of all that is.</summary>
    private static readonly double MostOfOneBit = Math.Abs(MatchWeights.Default.NameCommonPerBit) + MatchWeights.Default.NameSimilarBits + Math.Abs(MatchWeights.Default.NameLeadOnlyPerBit) + Math.Abs(MatchWeights.Default.NameAccountOnlyPerBit) + (MatchWeights.Default.NameSimilarShare * 0.15);

    private static readonly Gen<string> Names = Gen.Elements(Words).ArrayOf(3).Select(words => string.Join(' ', words));

    private static readonly Gen<Account> Accounts =
        from name in Names
        from domain in Gen.Elements((string?[])[null, .. Domains])
        from city in Gen.Elements((string?[])[null, .. Cities])
        from contacts in Gen.Choose(0, 2)
        select new Account { Id = AccountId.Parse("X"), Name = name, Domains = domain is null ? [] : [domain], City = city, ContactCount = contacts };

    private static readonly Gen<Account[]> Directories = Accounts.ArrayOf().Select(accounts => accounts.Take(40).Select((account, i) => account with { Id = AccountId.Parse($"A{i:000}") }).ToArray());

    private static readonly Gen<Submission> Leads =
        from name in Gen.Elements((string?[])[null, "Acme Bank", "Northgate Medical Center", "Quixatron", "Acmee Systems", "NBA"])
        from domain in Gen.Elements((string?[])[null, .. Domains, "gmail.com"])
        from city in Gen.Elements((string?[])[null, .. Cities])
        select new Submission { Company = name, Email = domain is null ? null : $"jane@{domain}", City = city };

    [Fact]
    public void The_order_of_accounts_never_matters() => Holds((accounts, lead) =>
        Index(accounts).Match(lead).Text() == Index([.. accounts.Reverse()]).Match(lead).Text());

    [Fact]
    public void The_order_of_accounts_never_matters_where_more_are_alike_than_are_compared()
    {
        Account[] accounts = [.. Enumerable.Range(0, 60).Select(i => Account($"A{i:000}", "Quixatron Medical", i % 3 == 0 ? "quixatron.io" : null) with { City = Cities[i % Cities.Length] })];
        Account[] shuffled = [.. Enumerable.Range(0, 60).Select(i => accounts[i * 37 % 60])];
        Submission[] leads = [new() { Company = "Quixatron Medical" }, new() { Company = "Quixatron", Email = "j@quixatron.io" }, new() { Company = "Medical Center", City = "Oslo" }];

        Assert.All(leads, lead =>
        {
            string expected = Index(accounts).Match(lead).Text();
            Assert.Equal(expected, Index([.. accounts.Reverse()]).Match(lead).Text());
            Assert.Equal(expected, Index(shuffled).Match(lead).Text());
        });
    }

    [Fact]
    public void How_the_index_came_about_never_matters() => Holds((accounts, lead) =>
    {
        AccountIndex index = AccountIndex.Empty;
        long version = 0;
        foreach (Account account in accounts)
        {
            // Each comes as somebody else first, and another comes and goes.
            index = index.With([new AccountChange.Saved(account with { Name = "Medical Acme Bank", Domains = ["acme.com"] })], ++version);
            index = index.With([new AccountChange.Saved(Account("gone", "Acme Bank of Northgate", "shared.net"))], ++version);
            index = index.With([new AccountChange.Saved(account), new AccountChange.Removed(AccountId.Parse("gone"))], ++version);
        }

        return index.AccountCount == accounts.Length && index.Match(lead).Text() == Index(accounts).Match(lead).Text();
    });

    [Fact]
    public void An_account_that_has_nothing_to_do_with_the_lead_changes_nothing() => Holds((accounts, lead) =>
    {
        AccountIndex before = Index(accounts);
        AccountIndex after = before.With([new AccountChange.Saved(Account("zzz", "Wolkenkuckucksheim", "wolkenkuckucksheim.at") with { City = "Wien" })], 2);

        return before.Match(lead).Text() == after.Match(lead).Text();
    });

    /// <summary>To the last bit, and in directories large enough that their size plays a part: what is rounded away in a reason may still tip a tie.</summary>
    [Fact]
    public void An_account_that_lacks_a_word_leaves_what_the_word_tells_as_it_is()
    {
        AccountIndex before = Index([.. Enumerable.Range(0, 50).Select(i => Account($"A{i:000}", $"{Words[i % Words.Length]} {Words[i * 5 % Words.Length]}"))]);
        AccountIndex after = before.With([new AccountChange.Saved(Account("zzz", "Wolkenkuckucksheim", "wolkenkuckucksheim.at") with { City = "Wien" })], 2);

        Assert.Equal(Told(before), Told(after));

        static double[] Told(AccountIndex index)
        {
            var weights = new WordWeights(index);
            return [.. Words.Select(word => weights.Of(new Word(word.ToLowerInvariant()))), .. Cities.Select(city => weights.OfCity(city.ToLowerInvariant()))];
        }
    }

    /// <summary>One more account with one of the lead's words makes that word one account commoner: at most a bit less telling, and the evidence is weighed in bits.</summary>
    [Fact]
    public void An_account_that_shares_a_word_changes_points_by_no_more_than_the_words_frequency_explains() => Holds((accounts, lead) =>
    {
        string[] words = (lead.Company ?? "Borealis").Split(' ');
        AccountIndex before = Index(accounts);
        AccountIndex after = before.With([new AccountChange.Saved(Account("zzz", $"Wolkenkuckucksheim {words[^1]}") with { City = "Wien" })], 2);
        Dictionary<AccountId, double> points = LeadMatcher.Candidates(Lead(lead), before, MatchModel.Default).ToDictionary(c => c.Account.Id, c => c.Points);

        return LeadMatcher.Candidates(Lead(lead), after, MatchModel.Default).All(c => !points.TryGetValue(c.Account.Id, out double was) || Math.Abs(c.Points - was) <= MostOfOneBit);
    });

    [Fact]
    public void The_order_of_candidates_in_an_answer_is_that_of_their_points_but_for_the_tie_break() => Holds((accounts, lead) =>
    {
        MatchDecision decision = Index(accounts).Match(lead);
        double[] rest = [.. decision.Candidates.Skip(1).Select(c => c.Points)];
        return rest.SequenceEqual(rest.OrderDescending()) && (decision.Candidates.Count < 2 || decision.Candidates[0].Points > rest[0] - MatchModel.Default.Margin);
    });

    [Fact]
    public void Confidence_is_a_probability_and_points_are_the_sum_of_the_evidence() => Holds((accounts, lead) =>
    {
        MatchDecision decision = Index(accounts).Match(lead);
        return decision.Candidates.All(c => c.Confidence is >= 0 and <= 1 && Math.Abs(c.Points - c.Evidence.Sum(reason => reason.Points)) < 1e-6)
            && decision.Candidates.Sum(c => c.Confidence) <= 1.001;
    });

    private static void Holds(Func<Account[], Submission, bool> law) => Prop.ForAll(Directories.ToArbitrary(), Leads.ToArbitrary(), law).QuickCheckThrowOnFailure();
}
