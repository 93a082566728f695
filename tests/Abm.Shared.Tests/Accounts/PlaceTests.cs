using Abm.Accounts;
using FsCheck;
using FsCheck.Fluent;

namespace Abm.Shared.Tests.Accounts;

public sealed class PlaceTests
{
    [Theory]
    [InlineData("U.S.", "US")]
    [InlineData("United States of America", "US")]
    [InlineData("the netherlands", "NL")]
    [InlineData("Holland", "NL")]
    [InlineData("Deutschland", "DE")]
    [InlineData("DEU", "DE")]
    [InlineData("de", "DE")]
    [InlineData("Côte d'Ivoire", "CI")]
    [InlineData("Türkiye", "TR")]
    [InlineData("England", "GB")]
    [InlineData("中国", "CN")]
    [InlineData("Viet Nam", "VN")]
    public void A_country_is_known_by_many_names(string text, string code) => Assert.Equal(code, Place.Read(null, null, null, null, text).Country);

    [Theory]
    [InlineData("California", "US", "CA")]
    [InlineData("calif.", "USA", "CA")]
    [InlineData("CA", null, "CA")]
    [InlineData("Bayern", "Germany", "BY")]
    [InlineData("Bavaria", "DE", "BY")]
    [InlineData("Québec", "Canada", "QC")]
    [InlineData("Île-de-France", "France", "ile de france")]
    public void A_region_is_its_code_where_we_know_it_and_its_name_elsewhere(string state, string? country, string region) => Assert.Equal(region, Place.Read(null, null, state, null, country).Region);

    [Theory]
    [InlineData("525 East Market St", "525 E. Market Street")]
    [InlineData("1406 Sixth Ave North", "1406 6th Avenue N")]
    [InlineData("350 Fifth Avenue, Suite 2000", "350 5th Ave")]
    [InlineData("1 Mt. Athos Rd.", "1 Mount Athos Road")]
    public void A_street_is_the_same_however_it_is_abbreviated(string one, string other) =>
        Assert.Equal(Place.Read(one, null, null, null, null).Street, Place.Read(other, null, null, null, null).Street);

    [Theory]
    [InlineData("St Cloud", "Saint Cloud")]
    [InlineData("N Charleston", "North Charleston")]
    [InlineData("São Paulo", "Sao Paulo")]
    [InlineData("Cebu City", "Cebu")]
    public void A_city_is_the_same_however_it_is_abbreviated(string one, string other) =>
        Assert.Equal(Place.Read(null, one, null, null, null).City, Place.Read(null, other, null, null, null).City);

    [Theory]
    [InlineData("02134-1234", "2134")]
    [InlineData("SE1 8SB", "SE18SB")]
    public void A_postal_code_is_letters_and_digits(string zip, string expected) => Assert.Equal(expected, Place.Read(null, null, null, zip, null).Zip);

    [Fact]
    public void Reading_twice_is_reading_once_for_any_text() => Prop.ForAll<string, string, string>((street, city, state) =>
    {
        Place once = Place.Read(street, city, state, street, null);
        return Place.Read(once.Street, once.City, once.Region, once.Zip, null) == once;
    }).QuickCheckThrowOnFailure();
}
