using System.Diagnostics;
using Abm.Accounts;
using Abm.Leads;
using Abm.Matching;
using FsCheck;
using FsCheck.Fluent;
using static Abm.Shared.Tests.Matching.MatchScenario;

namespace Abm.Shared.Tests.Matching;

public sealed class BadInputTests
{
    private static readonly AccountIndex Index = Index([Account("A1", "Acme Robotics", "acme.com"), .. Enumerable.Range(0, 2000).Select(i => Account($"N{i}", "National Bank Center " + (i % 7), "shared.net"))]);

    public static TheoryData<string> Texts =>
    [
        "", " ", "x", "🚀", "🚀 Rockets 🚀", "\ud800", "\udc00Acme\ud800", "\uffff", "a\0b", "شركة المراعي", "‮acme‬", "חברה בעמ", "…", "((((((((((", "))))((((", "<<<<@@@@>>>>", "%00%ff", "'; DROP TABLE leads; --",
        new string('a', 10_000), new string('(', 10_000), new string('.', 10_000), new string('@', 10_000), string.Concat(Enumerable.Repeat("a.", 5_000)), string.Concat(Enumerable.Repeat("co ltd ", 1_500)),
        string.Concat(Enumerable.Repeat("National Bank Center ", 500)), string.Concat(Enumerable.Repeat("ﷺ", 3_000)), string.Concat(Enumerable.Repeat("e\u0301\u0301\u0301", 3_000)), string.Concat(Enumerable.Repeat("- hr ", 2_000)),
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Any_text_in_any_field_ends_in_a_named_outcome_in_bounded_time(string text)
    {
        var clock = Stopwatch.StartNew();
        foreach (Submission lead in (Submission[])[new() { Company = text }, new() { Email = text }, new() { Email = $"{text}@acme.org" }, new() { Email = $"jane@{text}" }, new() { Website = text }, new() { Website = $"https://{text}/x" },
            new() { Phone = text, Country = text }, new() { Company = text, City = text, State = text, Address = text, AccountId = text }])
        {
            MatchDecision decision = Index.Match(lead);

            Assert.True(decision is MatchDecision.Unmatched or MatchDecision.Review, decision.Text());
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"{clock.ElapsedMilliseconds} ms");
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Any_text_can_be_an_accounts(string text)
    {
        Account odd = Account("odd", text, text) with { Website = text, Phone = text, Street = text, City = text, State = text, Zip = text, Country = text, Aliases = [text] };

        AccountIndex index = Index.With([new AccountChange.Saved(odd)], 2);

        Assert.Equal("A1", index.Match(new() { Email = "jane@acme.com" }).Matched());
    }

    [Fact]
    public void Random_texts_never_throw() => Prop.ForAll<string, string, string>((a, b, c) =>
        Index.Match(new() { Company = a, Email = $"{b}@{c}", Website = c, Phone = a, City = b, Country = c, Address = a }) is not null).QuickCheckThrowOnFailure();

    [Fact]
    public void A_domain_that_two_thousand_accounts_share_is_no_answer() => Assert.IsNotType<MatchDecision.Matched>(Index.Match(new() { Email = "jane@shared.net" }));
}
