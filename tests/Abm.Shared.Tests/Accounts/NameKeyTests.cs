using System.Globalization;
using Abm.Accounts;
using FsCheck;
using FsCheck.Fluent;

namespace Abm.Shared.Tests.Accounts;

public sealed class NameKeyTests
{
    [Theory]
    [InlineData("ABC Corp", "ABC Corporation")]
    [InlineData("Saviynt Inc.", "Saviynt")]
    [InlineData("Acme Inc.", "Acme Corp")]
    [InlineData("Acme GmbH & Co. KG", "ACME")]
    [InlineData("Nexam Chemical Holding AB (publ)", "Nexam Chemical Hldg.")]
    [InlineData("Müller Maschinenbau AG", "Muller Maschinenbau")]
    [InlineData("Ålesund Verft AS", "Alesund verft")]
    [InlineData("Acme S.A. de C.V.", "Acme, SA DE CV")]
    [InlineData("Kowalski Sp. z o.o.", "KOWALSKI")]
    [InlineData("PT Selamat Sempurna Tbk", "Selamat Sempurna")]
    [InlineData("ООО Ромашка", "Ромашка")]
    [InlineData("株式会社 日立製作所", "日立製作所")]
    [InlineData("株式会社日立製作所", "日立製作所")]
    [InlineData("华为技术有限公司", "华为技术")]
    [InlineData("AT&T Inc.", "ATT")]
    [InlineData("BioMar (United Kingdom)", "BioMar")]
    [InlineData("Youon Technology (Purchasing Dept)", "Youon Technology Co.,Ltd")]
    [InlineData("CSIdentity - R&D", "CSIdentity")]
    [InlineData("Johnson & Johnson", "Johnson and Johnson")]
    [InlineData("St. Joseph's Hosp", "Saint Josephs Hospital")]
    public void Names_that_differ_in_form_only_are_the_same(string one, string other) => Assert.Equal(NameKey.Read(one)!.Full, NameKey.Read(other)!.Full);

    [Theory]
    [InlineData("Delta Air Lines", "Delta Faucet")]
    [InlineData("Company", "Limited")]
    [InlineData("Bank of Korea", "Bank of Japan")]
    [InlineData("Acme Foods", "Acme Roods")]
    public void Names_of_different_companies_stay_different(string one, string other) => Assert.NotEqual(NameKey.Read(one)!.Full, NameKey.Read(other)!.Full);

    [Theory]
    [InlineData("The Acme Group", "Acme")]
    [InlineData("Auto Wave", "AUTOWAVE")]
    [InlineData("University of Bergen", "Bergen University of")]
    public void The_core_leaves_out_what_people_leave_out(string one, string other)
    {
        NameKey a = NameKey.Read(one)!;
        NameKey b = NameKey.Read(other)!;

        Assert.True(a.Squashed == b.Squashed || a.Core.Split(' ').Order().SequenceEqual(b.Core.Split(' ').Order()), $"{a.Core} / {b.Core}");
    }

    [Fact]
    public void A_name_that_is_nothing_but_a_legal_form_is_kept() => Assert.Equal("co", NameKey.Read("Co")!.Full);

    [Theory]
    [InlineData(null)]
    [InlineData("   ")]
    [InlineData("!!! --- ...")]
    [InlineData("🚀🚀")]
    public void What_has_no_letter_and_no_digit_is_no_name(string? text) => Assert.Null(NameKey.Read(text));

    [Theory]
    [InlineData("n/a")]
    [InlineData("Self-Employed")]
    [InlineData("asdf")]
    [InlineData("-")]
    [InlineData("x")]
    [InlineData("aaaa")]
    [InlineData("12345")]
    [InlineData("Stealth Startup")]
    public void What_people_type_when_they_have_no_company_says_nothing(string text) => Assert.True(NameKey.SaysNothing(text));

    [Theory]
    [InlineData("ABB")]
    [InlineData("3M")]
    [InlineData("日立")]
    public void A_short_name_says_something(string text) => Assert.False(NameKey.SaysNothing(text));

    [Fact]
    public void Normalising_twice_is_normalising_once_for_any_text() => Prop.ForAll<string>(IsStable).QuickCheckThrowOnFailure();

    [Fact]
    public void Normalising_twice_is_normalising_once_for_names_made_of_forms_and_abbreviations()
    {
        string[] words = ["Acme", "Inc", "Co", "Ltd", "GmbH", "&", "and", "Intl", "The", "Group", "(UK)", "- HR", "S.A.", "de", "C.V.", "Univ", "of", "PT", "LLC", ",", "Holdings", "Sp.", "z", "o.o.", "Tech", "Svcs", "A.B.", "St."];
        Gen<string> names = Gen.Elements(words).ArrayOf().Select(parts => string.Join(' ', parts));

        Prop.ForAll(names.ToArbitrary(), IsStable).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Normalising_is_the_same_in_Turkey()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");

            Assert.Equal("intel", NameKey.Read("INTEL INC.")!.Full);
            Assert.Equal("international business machines", NameKey.Read("INTERNATIONAL BUSINESS MACHINES")!.Full);
            Assert.Equal("istanbul", NameKey.Read("İSTANBUL A.Ş.")!.Full);
            Assert.Equal("intel.com", CompanyDomain.Read("WWW.INTEL.COM")!.Registrable);
            Assert.Equal("IS", Place.Read(null, null, null, null, "ICELAND").Country);
            Assert.Equal("irvine", Place.Read(null, "IRVINE", "IL", null, "US").City);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static bool IsStable(string text)
    {
        NameKey? once = NameKey.Read(text);
        return once is null || NameKey.Read(once.Full) is { } twice && twice.Full == once.Full && twice.Core == once.Core;
    }
}
