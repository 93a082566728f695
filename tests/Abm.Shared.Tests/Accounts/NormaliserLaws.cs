using Abm.Accounts;
using Abm.Leads;
using Abm.Lists;

namespace Abm.Shared.Tests.Accounts;

/// <summary>Normalising twice is normalising once, for any text at all, and what comes out is bounded.</summary>
public sealed class NormaliserLaws
{
    [Fact]
    public void Folding_twice_is_folding_once() => HostileTexts.Hold(text => TextFold.Fold(text) is var once && TextFold.Fold(once) == once);

    [Fact]
    public void A_name_is_stable_and_bounded() => HostileTexts.Hold(text =>
        NameKey.Read(text) is not { } once || (NameKey.Read(once.Full) is { } twice && twice == once && twice.Core == once.Core && twice.Squashed == once.Squashed && once.Full.Length <= TextFold.MaxLength * 2));

    [Fact]
    public void A_domain_is_stable_and_ASCII() => HostileTexts.Hold(text =>
        CompanyDomain.Read(text) is not { } once || (CompanyDomain.Read(once.Host) == once && once.Host.EndsWith(once.Registrable, StringComparison.Ordinal) && System.Text.Ascii.IsValid(once.Host) && once.Host.Length <= 253));

    [Fact]
    public void An_address_is_stable() => HostileTexts.Hold(text =>
        new[] { text, $"{text}@acme.com", $"jane@{text}", $"jane@{text}.com" }.All(address => EmailAddress.Read(address) is not { } once || EmailAddress.Read(once.Normalised) == once));

    [Fact]
    public void A_number_is_stable_wherever_it_was_written() => HostileTexts.Hold(text =>
        new[] { "US", "DE", "GB", "IT", "JP", null }.All(country => new[] { text, $"+49 30 {text}", $"030 90{text}1820", $"(630) 771{text}6078" }.All(number =>
            PhoneNumber.Read(number, country) is not { } once || (PhoneNumber.Read(once.E164, country) == once && PhoneNumber.Read(once.E164, null) == once && once.E164.Length is >= 9 and <= 17))));

    [Fact]
    public void A_place_is_stable() => HostileTexts.Hold(text =>
    {
        Place once = Place.Read(text, text, text, text, text);
        return Place.Read(once.Street, once.City, once.Region, once.Zip, once.Country) == once && Place.Read(text, text, text, text, "US") is var here && Place.Read(here.Street, here.City, here.Region, here.Zip, here.Country) == here;
    });

    [Fact]
    public void Other_readings_are_few_and_none_is_the_whole() => HostileTexts.Hold(text =>
        NameReadings.OfLead(text, NameKey.Read(text)) is var others && others.Count <= 5 && others.All(other => other.Name != NameKey.Read(text)));
}
