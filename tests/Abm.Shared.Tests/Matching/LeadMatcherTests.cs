using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;
using static Abm.Shared.Tests.Matching.MatchScenario;

namespace Abm.Shared.Tests.Matching;

public sealed class LeadMatcherTests
{
    private static readonly AccountIndex Index = Index(
        Account("A1", "Acme Robotics Inc", "acme.com") with { City = "Chicago", State = "IL", Country = "United States", Phone = "(312) 867-4400", Street = "200 West Adams Street" },
        Account("A2", "Saviynt", "saviynt.com") with { Country = "US" },
        Account("A3", "Delta Faucet Company", "deltafaucet.com"),
        Account("A4", "Northgate Medical Center", null) with { City = "Fargo", State = "ND", Country = "US" },
        Account("A5", "Zentrum für Angewandte Luftfahrt", "zal.aero") with { City = "Hamburg", Country = "Germany" });

    [Fact]
    public void A_business_address_at_the_accounts_domain_matches() => Assert.Equal("A1", Index.Match(new() { Email = "jane@acme.com" }).Matched());

    [Fact]
    public void A_mailbox_at_a_sub_domain_matches() => Assert.Equal("A1", Index.Match(new() { Email = "jane@mail.eu.acme.com" }).Matched());

    [Theory]
    [InlineData("lead10@acme.com", null)]
    [InlineData("jane.miller42@acme.com", "Acme")]
    [InlineData("jane1984@acme.com", "Acme Robotics")]
    public void Digits_in_a_mailbox_name_do_not_take_it_from_its_company(string email, string? company) => Assert.Equal("A1", Index.Match(new() { Email = email, Company = company }).Matched());

    [Fact]
    public void A_mailbox_named_like_a_private_persons_with_another_company_does_not_match_on_its_domain() =>
        Assert.IsNotType<MatchDecision.Matched>(Index.Match(new() { Email = "jane1984@acme.com", Company = "Hollis Bakery" }));

    [Fact]
    public void A_website_stands_in_for_a_free_mail_address() => Assert.Equal("A1", Index.Match(new() { Email = "jane@gmail.com", Website = "https://www.acme.com/team" }).Matched());

    [Theory]
    [InlineData("jane@notacme.com")]
    [InlineData("jane@acme.com.ar")]
    [InlineData("jane@acme.co.uk")]
    [InlineData("jane@my-acme.com")]
    public void Another_domain_that_contains_the_accounts_does_not_match(string email) => Assert.IsNotType<MatchDecision.Matched>(Index.Match(new() { Email = email }));

    [Theory]
    [InlineData("Saviynt Inc.")]
    [InlineData("SAVIYNT")]
    [InlineData("Saviynt, LLC")]
    public void A_rare_name_alone_matches_with_low_confidence(string company)
    {
        var matched = Assert.IsType<MatchDecision.Matched>(Index.Match(new() { Email = "jane@gmail.com", Company = company }));

        Assert.Equal("A2", matched.Account.Value);
        Assert.True(matched.IsLowConfidence);
    }

    [Fact]
    public void A_shared_first_word_does_not_match() => Assert.IsNotType<MatchDecision.Matched>(Index.Match(new() { Email = "jane@gmail.com", Company = "Delta Air Lines" }));

    [Fact]
    public void A_name_of_common_words_needs_more_than_itself()
    {
        AccountIndex hospitals = Index(Account("H1", "Medical Center") with { City = "Fargo", State = "ND", Country = "US" });

        Assert.Equal(UnmatchedReason.BelowThreshold, hospitals.Match(new() { Company = "Medical Center" }).Reviewed());
        Assert.Equal("H1", hospitals.Match(new() { Company = "Medical Center", City = "Fargo", State = "North Dakota", Country = "USA" }).Matched());
    }

    [Fact]
    public void A_misspelt_name_matches_in_the_same_city() =>
        Assert.Equal("A4", Index.Match(new() { Company = "Northgaet Medical Center", City = "Fargo", State = "ND", Country = "US" }).Matched());

    [Fact]
    public void A_telephone_number_matches() => Assert.Equal("A1", Index.Match(new() { Company = "-", Phone = "312.867.4400 x12", Country = "US" }).Matched());

    [Fact]
    public void Initials_match_in_the_same_city() => Assert.Equal("A5", Index.Match(new() { Company = "ZAL", City = "Hamburg", Country = "DE" }).Matched());

    [Fact]
    public void The_same_name_in_another_country_is_reviewed() => Assert.Equal(UnmatchedReason.BelowThreshold, Index.Match(new() { Company = "Saviynt", Country = "Poland" }).Reviewed());

    [Fact]
    public void The_account_that_the_sender_names_beats_everything()
    {
        var matched = Assert.IsType<MatchDecision.Matched>(Index.Match(new() { AccountId = "A3", Email = "jane@acme.com" }));

        Assert.Equal(("A3", 1.0), (matched.Account.Value, matched.Confidence));
        Assert.Contains(MatchReasons.Claimed, matched.Codes());
    }

    [Theory]
    [InlineData("A99")]
    [InlineData("no/id")]
    public void An_unknown_account_named_by_the_sender_is_a_reason_and_the_rest_decides(string claimed)
    {
        MatchDecision decision = Index.Match(new() { AccountId = claimed, Email = "jane@acme.com" });

        Assert.Equal("A1", decision.Matched());
        Assert.Contains(MatchReasons.ClaimedUnknown, decision.Codes());
    }

    [Fact]
    public void A_known_contacts_address_is_the_strongest_evidence()
    {
        Contact contact = new() { Id = ContactId.Parse("C1"), AccountId = AccountId.Parse("A2"), Email = "Jane <jane+x@ACME.com>" };
        IAccountIndex index = Index.With([new AccountChange.ContactSaved(contact)], 2);

        MatchDecision decision = index.Match(new() { Email = "jane@acme.com" });

        Assert.Equal("A2", decision.Matched());
        Assert.Contains("match.contact", decision.Codes());
    }

    [Fact]
    public void A_rare_name_is_worth_more_than_a_common_one()
    {
        AccountIndex index = Index(Account("A", "Quixatron"), Account("B", "National Bank"), Account("C", "City Bank"), Account("D", "First National Bank"));

        Assert.True(index.Match(new() { Company = "Quixatron" }).Candidates[0].Points > index.Match(new() { Company = "National Bank" }).Candidates[0].Points);
    }

    [Fact]
    public void A_domain_that_accounts_share_is_worth_less_and_the_place_decides()
    {
        AccountIndex index = Index(
            Account("N", "Mercy North", "mercy.org") with { City = "Fargo", State = "ND", Country = "US" },
            Account("S", "Mercy South", "mercy.org") with { City = "Austin", State = "TX", Country = "US" },
            Account("O", "Lone Oak", "loneoak.org"));

        Assert.True(index.Match(new() { Email = "j@mercy.org" }).Candidates[0].Points < index.Match(new() { Email = "j@loneoak.org" }).Candidates[0].Points);
        Assert.Equal(UnmatchedReason.Ambiguous, index.Match(new() { Email = "j@mercy.org" }).Reviewed());
        Assert.Equal("S", index.Match(new() { Email = "j@mercy.org", City = "Austin", State = "Texas", Country = "USA" }).Matched());
    }

    [Fact]
    public void A_review_keeps_three_candidates_wherever_there_are_three_and_the_best_comes_first()
    {
        Account[] branches = [.. new[] { "Fargo", "Austin", "Reno", "Dayton" }.Select((city, i) => Account($"B{i}", $"Quillmore Hospital {city}", "quillmore.org") with { City = city, Country = "US" })];

        MatchDecision decision = Index(branches).Match(new() { Email = "j@quillmore.org", Company = "Zentrale", City = "Boise", Country = "US" }, MatchModel.Default with { ReviewFrom = -20 });

        Assert.IsType<MatchDecision.Review>(decision);
        Assert.True(decision.Candidates.Count >= 3 && decision.Candidates[2].Points < 0);
        Assert.Equal(decision.Candidates.Select(c => c.Points).OrderDescending(), decision.Candidates.Select(c => c.Points));
    }

    [Fact]
    public void What_is_missing_weighs_nothing()
    {
        MatchDecision decision = Index.Match(new() { Email = "jane@acme.com" });

        Assert.All(decision.Candidates[0].Evidence.Where(reason => reason.Code.EndsWith(".missing", StringComparison.Ordinal)), reason => Assert.Equal(0, reason.Points));
        Assert.Contains(decision.Candidates[0].Evidence, reason => reason.Code == "match.phone.missing");
    }

    [Fact]
    public void Points_are_the_sum_of_the_evidence()
    {
        foreach (Submission lead in (Submission[])[new() { Email = "jane@acme.com", Company = "Acme", City = "Chicago" }, new() { Company = "Delta Air Lines" }, new() { Company = "Saviynt", Country = "Poland" }])
        {
            foreach (MatchCandidate candidate in Index.Match(lead).Candidates)
                Assert.Equal(candidate.Evidence.Sum(reason => reason.Points), candidate.Points, 6);
        }
    }

    [Fact]
    public void Every_reason_is_a_sentence_for_people()
    {
        MatchDecision decision = Index.Match(new() { Email = "jane@acme.com", Company = "Acme Robotics", City = "Chicago", State = "IL", Country = "US", Phone = "312 867 4400", Address = "200 W Adams St" });

        Assert.All(decision.Reasons, reason =>
        {
            Assert.StartsWith("match.", reason.Code, StringComparison.Ordinal);
            Assert.True(char.IsUpper(reason.Says[0]) || char.IsDigit(reason.Says[0]), reason.Says);
            Assert.EndsWith(".", reason.Says, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void An_index_that_cannot_be_searched_is_refused() =>
        Assert.Throws<ArgumentException>(() => LeadMatcher.Match(Lead(new() { Email = "jane@acme.com" }), new NoIndex(), MatchModel.Default));

    private sealed class NoIndex : IAccountIndex
    {
        public long Version => 0;
        public int AccountCount => 0;

        public Account? Find(AccountId id) => null;

        public Contact? FindContact(string normalisedEmail) => null;
    }
}
