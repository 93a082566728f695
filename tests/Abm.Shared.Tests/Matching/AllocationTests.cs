using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;

namespace Abm.Shared.Tests.Matching;

/// <summary>A match by an exact key allocates its answer and nothing else: no timing, only bytes.</summary>
public sealed class AllocationTests
{
    private const int Many = 200;
    private const int Rounds = 120;

    private static readonly AccountIndex Index = AccountIndex.Build(
        Enumerable.Range(0, 2_000).Select(i => MatchScenario.Account($"A{i:D4}", $"Zyxo{i:x} Works", $"zyxo{i:x}.com")),
        Enumerable.Range(0, 500).Select(i => new Contact { Id = ContactId.Parse($"C{i}"), AccountId = AccountId.Parse($"A{i:D4}"), Email = $"ada{i}@gmail.com" }),
        1);

    [Fact]
    public void A_domain_that_decides_allocates_nothing_beyond_the_answer() =>
        AssertOnlyTheAnswer(i => new Submission { FirstName = "Ada", LastName = "Byron", Email = $"ada{i}@zyxo{i:x}.com" }, decision => decision.Matched().Length == 5);

    [Fact]
    public void A_domain_and_a_company_that_decide_allocate_nothing_beyond_the_answer() =>
        AssertOnlyTheAnswer(i => new Submission { Email = $"ada{i}@zyxo{i:x}.com", Company = $"Zyxo{i:x} Works Ltd", City = "Oslo", Country = "Norway" }, decision => decision.Matched().Length == 5);

    [Fact]
    public void A_company_that_decides_alone_allocates_nothing_beyond_the_answer() =>
        AssertOnlyTheAnswer(i => new Submission { Email = $"ada.byron.{i}@gmail.com", Company = $"zyxo{i:x} works" }, decision => decision.Candidates.Count > 0);

    [Fact]
    public void A_known_contact_allocates_nothing_beyond_the_answer() =>
        AssertOnlyTheAnswer(i => new Submission { Email = $"ada{i}@gmail.com" }, decision => decision.Reasons.Any(reason => reason.Code == "match.contact"));

    [Fact]
    public void A_domain_that_nobody_has_allocates_nothing_beyond_the_answer() =>
        AssertOnlyTheAnswer(i => new Submission { Email = $"ada@nobody{i:x}known.com" }, decision => decision is MatchDecision.Unmatched);

    [Fact]
    public void A_sentence_is_made_when_it_is_read_and_then_kept()
    {
        Reason reason = Match(Read(new Submission { Email = "ada1@zyxo1.com" })).Reasons[0];

        string says = reason.Says;

        Assert.Contains("zyxo1.com", says, StringComparison.Ordinal);
        Assert.Same(says, reason.Says);
        Assert.Equal(new Reason(reason.Code, says, reason.Points), Match(Read(new Submission { Email = "ada1@zyxo1.com" })).Reasons[0]);
        Assert.Equal("other", (reason with { Says = "other" }).Says);
    }

    [Fact]
    public void The_same_answer_is_measured_twice_as_large_when_it_is_made_twice()
    {
        Lead lead = Read(new Submission { Email = "ada1@zyxo1.com" });
        MatchDecision decision = Match(lead);

        long once = Allocated(() => Copy(decision));
        Assert.InRange(once, 200, 10_000);
        Assert.Equal(2 * once, Allocated(() =>
        {
            Copy(decision);
            Copy(decision);
        }));
    }

    private static void AssertOnlyTheAnswer(Func<int, Submission> of, Predicate<MatchDecision> isExpected)
    {
        // What is read once: the leads; and the accounts that they meet, which are kept unpacked.
        Lead[] leads = [.. Enumerable.Range(0, Many).Select(i => Read(of(i)))];
        MatchDecision[] answers = [.. leads.Select(Match)];
        Assert.All(answers, answer => Assert.True(isExpected(answer)));
        long copied = Allocated(() => Array.ForEach(answers, Copy));

        long matched = Allocated(() =>
        {
            foreach (Lead lead in leads)
                Match(lead);
        });

        Assert.InRange(matched, 1, copied);
    }

    /// <summary>The fewest bytes that this allocates, out of many times: code that has not been optimised yet boxes here and there.</summary>
    private static long Allocated(Action action)
    {
        long fewest = long.MaxValue;
        for (int i = 0; i < Rounds; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }

    private static Lead Read(Submission submitted)
    {
        var lead = new Lead(LeadId.From("test", "1"), submitted, DateTimeOffset.UnixEpoch);
        LeadIdentity.From(lead);
        return lead;
    }

    private static MatchDecision Match(Lead lead) => LeadMatcher.Match(lead, Index, MatchModel.Default);

    /// <summary>Makes every object of an answer once more, but for what it shares with the account, ids and names, and for sentences, which are made when they are read.</summary>
    private static void Copy(MatchDecision decision)
    {
        MatchCandidate[] candidates = decision.Candidates.Count == 0 ? [] : new MatchCandidate[decision.Candidates.Count];
        for (int i = 0; i < candidates.Length; i++)
            candidates[i] = decision.Candidates[i] with { Evidence = Copy(decision.Candidates[i].Evidence, null, null) };
        IReadOnlyList<Reason> told = decision.Candidates.Count == 0 ? [] : decision.Candidates[0].Evidence;
        Reason[] reasons = Copy(decision.Reasons, told, candidates.Length == 0 ? null : candidates[0].Evidence);
        GC.KeepAlive(decision switch
        {
            MatchDecision.Matched matched => matched with { },
            MatchDecision.Review review => review with { },
            MatchDecision.Unmatched unmatched => unmatched with { },
            _ => decision,
        });
        GC.KeepAlive(reasons);
    }

    // Reasons of the winner stand in the decision as well: the same objects.
    private static Reason[] Copy(IReadOnlyList<Reason> reasons, IReadOnlyList<Reason>? shared, IReadOnlyList<Reason>? copies)
    {
        var copy = new Reason[reasons.Count];
        for (int i = 0; i < copy.Length; i++)
        {
            int at = shared is null ? -1 : IndexOf(shared, reasons[i]);
            copy[i] = at >= 0 ? copies![at] : reasons[i] with { };
        }

        return copy;
    }

    private static int IndexOf(IReadOnlyList<Reason> reasons, Reason reason)
    {
        for (int i = 0; i < reasons.Count; i++)
        {
            if (ReferenceEquals(reasons[i], reason))
                return i;
        }

        return -1;
    }
}
