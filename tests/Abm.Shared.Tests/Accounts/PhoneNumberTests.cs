using Abm.Accounts;
using FsCheck;
using FsCheck.Fluent;

namespace Abm.Shared.Tests.Accounts;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("1-630-771-6078", "US", "+16307716078")]
    [InlineData("(630) 771-6078 ext. 587", "US", "+16307716078")]
    [InlineData("630.771.6078 x42", "US", "+16307716078")]
    [InlineData("6307716078", null, "+16307716078")]
    [InlineData("+1 630 771 6078", null, "+16307716078")]
    [InlineData("+44 (0)20 7946 0018", null, "+442079460018")]
    [InlineData("020 7946 0018", "GB", "+442079460018")]
    [InlineData("0044 20 7946 0018", "FR", "+442079460018")]
    [InlineData("030 901820", "DE", "+4930901820")]
    [InlineData("06 1 234 5678", "HU", "+3612345678")]
    [InlineData("02 1234 5678", "IT", "+390212345678")]
    [InlineData("011 44 20 7946 0018", "US", "+442079460018")]
    [InlineData("+49 30 901820", "US", "+4930901820")]
    public void A_number_is_read_with_the_country_at_hand(string text, string? country, string e164) => Assert.Equal(e164, PhoneNumber.Read(text, country)?.E164);

    [Theory]
    [InlineData("(212) 555-0121", "US")]
    [InlineData("0000000000", "US")]
    [InlineData("1234567890", "US")]
    [InlineData("n/a", "US")]
    [InlineData("12", "US")]
    [InlineData("030 901820", null)]
    [InlineData("12345678901234567890123", null)]
    [InlineData("", "US")]
    public void What_cannot_be_called_is_no_number(string text, string? country) => Assert.Null(PhoneNumber.Read(text, country));

    [Fact]
    public void Reading_twice_is_reading_once() => Prop.ForAll<long, bool>((digits, international) =>
    {
        PhoneNumber? once = PhoneNumber.Read((international ? "+" : "") + Math.Abs(digits % 100_000_000_000_000), "DE");
        return once is null || PhoneNumber.Read(once.E164, null)?.E164 == once.E164;
    }).QuickCheckThrowOnFailure();
}
