using Abm.Accounts;
using Abm.Leads;
using Abm.Matching;
using Abm.Replays;
using FsCheck;
using FsCheck.Fluent;
using static Abm.Shared.Tests.Matching.MatchScenario;

namespace Abm.Shared.Tests.Matching;

public sealed class BadInputTests
{
    private static readonly AccountIndex Index = Index([Account("A1", "Acme Robotics", "acme.com"), Account("A2", "אלמוג מערכות") with { Aliases = ["חברת אלמוג"] }, .. Enumerable.Range(0, 2000).Select(i => Account($"N{i}", "National Bank Center " + (i % 7), "shared.net"))]);

    /// <summary>What one lead may allocate, in bytes: some thousand times what an ordinary one does.</summary>
    private const long MostBytes = 2_000_000;

    public static TheoryData<string> Texts =>
    [
        "", " ", "x", "🚀", "🚀 Rockets 🚀", "\ud800", "\udc00Acme\ud800", "\uffff", "a\0b", "شركة المراعي", "‮acme‬", "חברה בעמ", "…", "((((((((((", "))))((((", "<<<<@@@@>>>>", "%00%ff", "'; DROP TABLE leads; --",
        new string('a', 10_000), new string('(', 10_000), new string('.', 10_000), new string('@', 10_000), string.Concat(Enumerable.Repeat("a.", 5_000)), string.Concat(Enumerable.Repeat("co ltd ", 1_500)),
        string.Concat(Enumerable.Repeat("National Bank Center ", 500)), string.Concat(Enumerable.Repeat("ﷺ", 3_000)), string.Concat(Enumerable.Repeat("e\u0301\u0301\u0301", 3_000)), string.Concat(Enumerable.Repeat("- hr ", 2_000)),
    ];

    /// <summary>What each line of bad input ends in, by name.</summary>
    public static TheoryData<string, Submission, string> Outcomes => new()
    {
        { "empty name", new() { Company = "" }, "NoDomain" },
        { "blank name", new() { Company = " \t\u00A0" }, "NoDomain" },
        { "one letter", new() { Company = "x" }, "NoDomain" },
        { "one letter, free mail", new() { Company = "x", Email = "jane@gmail.com" }, "FreemailNoCompany" },
        { "one sign that is a name", new() { Company = "日" }, "NoCandidate" },
        { "emoji", new() { Company = "🚀👩‍🚀" }, "NoDomain" },
        { "emoji around a name", new() { Company = "🚀 Acme Robotics 🚀" }, "matched" },
        { "10,000 times one letter", new() { Company = new string('a', 10_000) }, "NoDomain" },
        { "10,000 letters of words", new() { Company = string.Concat(Enumerable.Range(0, 2_000).Select(i => $"w{i:x} ")) }, "NoCandidate" },
        { "10,000 letters that begin like an account", new() { Company = "Acme Robotics" + new string(' ', 9_000) + "Wolkenheim" }, "matched" },
        { "right to left", new() { Company = "شركة المراعي" }, "NoCandidate" },
        { "right to left, known", new() { Company = "חברת אלמוג בע\"מ" }, "matched" },
        { "marks that turn the direction", new() { Company = "\u202EAcme\u202C Robotics\u200F" }, "matched" },
        { "comment in an address", new() { Email = "jane(the (other) one)@(at work)acme.com" }, "matched" },
        { "quoted mailbox", new() { Email = "\"jane\"@acme.com" }, "matched" },
        { "quoted at sign", new() { Email = "\"jane@home\"@acme.com" }, "NoDomain" },
        { "several at signs", new() { Email = "jane@doe@acme.com" }, "NoDomain" },
        { "two addresses", new() { Email = "jane@acme.com, joe@acme.com" }, "NoDomain" },
        { "IP address", new() { Email = "jane@127.0.0.1", Website = "http://192.168.1.1:8080/x" }, "NoDomain" },
        { "IP address in brackets", new() { Email = "jane@[10.0.0.1]", Website = "http://[::1]/" }, "NoDomain" },
        { "local host", new() { Email = "jane@localhost", Website = "http://localhost:7071" }, "NoDomain" },
        { "local name", new() { Email = "jane@mail.local", Website = "printer.lan" }, "NoDomain" },
        { "bare suffix", new() { Email = "jane@co.uk" }, "NoDomain" },
        { "lone surrogate in an address", new() { Email = "j\ud800ane@acme.com" }, "NoDomain" },
        { "lone surrogates around a name", new() { Company = "\udc00Acme Robotics\ud800" }, "matched" },
        { "lone surrogate in a domain", new() { Website = "acme\ud800.com" }, "NoDomain" },
        { "no characters", new() { Company = "\uffff\ufffe" }, "NoDomain" },
        { "everybody's words", new() { Company = "National Bank Center" }, "NoCandidate" },
        { "everybody's domain", new() { Email = "jane@shared.net" }, "NoCandidate" },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void Each_line_of_bad_input_ends_in_an_outcome_with_a_name(string what, Submission lead, string outcome)
    {
        MatchDecision decision = Index.Match(lead);

        string named = decision switch { MatchDecision.Matched => "matched", MatchDecision.Review review => $"{review.Why}", MatchDecision.Unmatched unmatched => $"{unmatched.Why}", _ => "" };
        Assert.True(named == outcome, $"{what}: {decision.Text()}");
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Any_text_in_any_field_is_bounded_work(string text)
    {
        foreach (Submission lead in InEachField(text))
        {
            LeadIdentity identity = LeadIdentity.From(lead);
            LeadProfile profile = new(identity, new WordWeights(Index));

            Assert.True((identity.Company?.Full.Length ?? 0) <= 2 * 400 && profile.Names.Length <= 6 && profile.Names.ToArray().All(name => name.Words.Length <= LeadName.MostWords));
            Assert.True(LeadMatcher.Candidates(Lead(lead), Index, MatchModel.Default).Count <= 24);
            RecordingAccounts asked = new(Index);
            LeadMatcher.Match(Lead(lead), asked, MatchModel.Default);
            Assert.True(asked.Read.Counts.Count <= 300, $"{asked.Read.Counts.Count} frequencies were asked for");
            long before = GC.GetAllocatedBytesForCurrentThread();
            Index.Match(lead);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(bytes <= MostBytes, $"{bytes} bytes for {text[..Math.Min(20, text.Length)]}");
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Any_text_in_any_field_matches_nobody_by_accident(string text)
    {
        foreach (Submission lead in InEachField(text))
            Assert.IsNotType<MatchDecision.Matched>(Index.Match(lead));
    }

    private static Submission[] InEachField(string text) =>
    [
        new() { Company = text }, new() { Email = text }, new() { Email = $"{text}@acme.org" }, new() { Email = $"jane@{text}" }, new() { Website = text }, new() { Website = $"https://{text}/x" },
        new() { Phone = text, Country = text }, new() { Company = text, City = text, State = text, Address = text, AccountId = text },
    ];

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
