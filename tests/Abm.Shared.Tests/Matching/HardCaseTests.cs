using Abm.Accounts;
using Abm.Leads;
using Abm.Matching;
using static Abm.Shared.Tests.Matching.MatchScenario;

namespace Abm.Shared.Tests.Matching;

/// <summary>What a look-up cannot do. All names are invented.</summary>
public sealed class HardCaseTests
{
    private static readonly AccountIndex Index = Index(
        Account("TECH", "Compello Tech LLC", "compello.io"),
        Account("LONG", "Brennwick Laboratories Licensing Corporation", "brennwick.com"),
        Account("MORT", "Arbor Health Quillmore General Hospital", "quillmoregeneral.org") with { City = "Quillmore", State = "WA", Country = "US" },
        Account("SCHOOL", "Tamsin University", "tamsin.edu"),
        Account("ISP", "Velnet Communications", "velnet.net"),
        Account("HOSP", "Saint Orrin Hospital", "orrinhealth.org") with { City = "Dayton", State = "OH", Country = "US" },
        Account("BANK", "Orrin Bank", "orrinbank.com") with { City = "Dayton", State = "OH", Country = "US" },
        Account("VOX", "Vexloria", "vexloria.com") with { City = "Reno", State = "NV", Country = "US" },
        Account("STATE", "Brackley Vermont Regional Hospital", null) with { City = "Brackley", State = "VT", Country = "US" },
        Account("GLUED", "Hartmoor21llc", null));

    [Theory]
    [InlineData("Compellotech", "TECH")]
    [InlineData("Hartmoor21 LLC", "GLUED")]
    [InlineData("Brennwick Laboratories Licensing Corpo", "LONG")]
    [InlineData("Brennwick Labratories Licensing", "LONG")]
    public void A_name_is_found_however_it_is_spaced_cut_off_or_its_trade_words_misspelt(string company, string account) => Assert.Equal(account, Index.Match(new() { Company = company }).Matched());

    [Fact]
    public void A_state_in_a_name_may_be_abbreviated() =>
        Assert.Equal("STATE", Index.Match(new() { Company = "Brackley VT Regional Hosp", City = "Brackley", State = "Vermont", Country = "USA" }).Matched());

    [Fact]
    public void A_former_name_lives_on_in_the_domain()
    {
        MatchDecision decision = Index.Match(new() { Company = "Quillmore General Hospital", City = "Quillmore", State = "WA", Country = "USA" });

        Assert.Equal("MORT", decision.Matched());
        Assert.Contains("match.name.fillsDomain", decision.Codes());
    }

    [Fact]
    public void A_slip_of_the_fingers_matches_in_the_same_city_and_another_name_does_not()
    {
        Submission slip = new() { Company = "Vexlroia", City = "Reno", State = "NV", Country = "US" };

        Assert.Equal("VOX", Index.Match(slip).Matched());
        Assert.IsNotType<MatchDecision.Matched>(Index.Match(slip with { Company = "Vexlomia", City = null, State = null }));
        Assert.IsNotType<MatchDecision.Matched>(Index.Match(slip with { Email = "jane@vexlroia.com", City = null }));
    }

    [Fact]
    public void Two_letters_swapped_are_likelier_a_slip_than_another_letter()
    {
        double swapped = PointsOf(new() { Company = "Vexlroia" }, "match.name.swapped");
        double neighbour = PointsOf(new() { Company = "Vexlotia" }, "match.name.doubtful");
        double odd = PointsOf(new() { Company = "Vexlomia" }, "match.name.oddSlip");

        Assert.True(swapped > neighbour && neighbour > odd, $"{swapped}, {neighbour}, {odd}");
    }

    [Theory]
    [InlineData("trrmius", "termius")]
    [InlineData("beesafw", "beesafe")]
    public void What_looks_less_like_a_word_than_the_name_is_likelier_misspelt(string typed, string meant)
    {
        Assert.True(Abm.Lists.Letters.Odder(typed, meant) > 3);
        Assert.Equal(-Abm.Lists.Letters.Odder(typed, meant), Abm.Lists.Letters.Odder(meant, typed), 3);
    }

    [Fact]
    public void Companies_of_one_name_are_told_apart_by_their_legal_forms()
    {
        AccountIndex index = Index(Account("LLC", "Quixatron Land LLC"), Account("CORP", "Quixatron Land Corporation"));

        MatchDecision decision = index.Match(new() { Company = "QUIXATRON LAND, L.L.C." });

        Assert.Equal("LLC", decision.Matched());
        Assert.Contains(decision.Candidates[1].Evidence, reason => reason.Code == "match.name.legalFormDiffers");
        Assert.IsType<MatchDecision.Review>(index.Match(new() { Company = "Quixatron Land" }));
    }

    [Fact]
    public void A_countrys_branch_is_not_matched_with_leads_of_another_country()
    {
        AccountIndex index = Index(Account("CA", "Quixatron (Canada)", "quixatron.com") with { Country = "Canada" });

        Assert.Equal("CA", index.Match(new() { Company = "Quixatron", Email = "j@quixatron.com", Country = "CA" }).Matched());
        Assert.IsNotType<MatchDecision.Matched>(index.Match(new() { Company = "Quixatron", Email = "j@quixatron.com", Country = "NL" }));
    }

    [Fact]
    public void Where_the_lead_names_no_place_the_ending_of_its_address_tells_namesakes_apart()
    {
        AccountIndex index = Index(Account("DE", "Quixatron") with { Country = "Germany" }, Account("US", "Quixatron") with { Country = "United States" });

        Assert.Equal("DE", index.Match(new() { Company = "Quixatron", Email = "j@web.de" }).Matched());
        Assert.IsType<MatchDecision.Review>(index.Match(new() { Company = "Quixatron", Email = "j@gmail.com" }));
        Assert.IsType<MatchDecision.Review>(index.Match(new() { Company = "Quixatron", Email = "j@quixatron.io" }));
    }

    [Fact]
    public void What_is_named_after_a_county_is_not_the_county()
    {
        AccountIndex index = Index(Account("COUNTY", "Quillmore County") with { City = "Quillmore", State = "WA", Country = "US" });

        Assert.IsNotType<MatchDecision.Matched>(index.Match(new() { Company = "Quillmore County Memorial Hospital", City = "Quillmore", State = "WA", Country = "US" }));
        Assert.Equal("COUNTY", index.Match(new() { Company = "County of Quillmore", City = "Quillmore", State = "WA", Country = "US" }).Matched());
    }

    [Theory]
    [InlineData("VEXLORIA HOLDINGDL-,0001", "VEXLORIA HOLDING")]
    [InlineData("Vexloria AG EO 1,50", "Vexloria AG")]
    [InlineData("VEXLORIA AG NA O.N.", "VEXLORIA AG")]
    [InlineData("Vexloria 12,5", "Vexloria 12,5")]
    [InlineData("DL-,01", "DL-,01")]
    public void What_a_stock_exchange_says_of_the_share_is_no_part_of_the_name(string listed, string name) => Assert.Equal(name, ListedName.WithoutShare(listed));

    private static double PointsOf(Submission lead, string code)
    {
        MatchDecision decision = Index.Match(lead);
        MatchCandidate candidate = Assert.Single(decision.Candidates, c => c.Account.Value == "VOX");
        Assert.Contains(candidate.Evidence, reason => reason.Code == code);
        return candidate.Points;
    }

    [Fact]
    public void A_mailbox_named_like_a_private_persons_is_no_employees() =>
        Assert.IsNotType<MatchDecision.Matched>(Index.Match(new() { Email = "jane.doe1984@velnet.net" }));

    [Fact]
    public void The_same_mailbox_matches_when_the_company_is_named_too() =>
        Assert.Equal("ISP", Index.Match(new() { Email = "jane.doe1984@velnet.net", Company = "Velnet Communications" }).Matched());

    [Fact]
    public void Alike_names_of_two_kinds_are_two_organisations()
    {
        MatchDecision decision = Index.Match(new() { Company = "Orrin Insurance Agency", City = "Dayton", State = "OH", Country = "US" });

        Assert.IsNotType<MatchDecision.Matched>(decision);
    }

    [Fact]
    public void A_page_at_a_platform_is_nobodys_domain()
    {
        AccountIndex index = Index(Account("P", "Somebody Else") with { Website = "https://sites.google.com/site/somebody" });

        Assert.IsType<MatchDecision.Unmatched>(index.Match(new() { Email = "jane@gmail.com", Company = "Quixatron", Website = "https://sites.google.com/view/jane" }));
    }

    [Theory]
    [InlineData("jane@gmial.com")]
    [InlineData("jane@hotnail.com")]
    [InlineData("jane@outlook.con")]
    public void A_mistyped_provider_is_a_provider(string email) => Assert.Equal(EmailKind.Free, EmailAddress.Read(email)!.Kind);

    [Fact]
    public void Names_in_two_scripts_do_not_speak_against_a_domain() => Assert.Equal("VOX", Index.Match(new() { Email = "jane@vexloria.com", Company = "Векслория" }).Matched());
}
