using Abm.Accounts;
using FsCheck;
using FsCheck.Fluent;

namespace Abm.Shared.Tests.Accounts;

public sealed class NameReadingsTests
{
    [Theory]
    [InlineData("Marketing at Azure Summit", "azure summit")]
    [InlineData("Jacobs Technology Inc DBA Jacobs", "jacobs")]
    [InlineData("Content Analytics Inc Formerly Con", "content analytics")]
    [InlineData("COMERICA INC.  DL 5", "comerica")]
    [InlineData("flexEngage (Warehouse 7)", "flexengage")]
    [InlineData("Mercy - Providence Campus", "providence campus")]
    [InlineData("Pave / Northgate", "northgate")]
    [InlineData("Mochila USA", "mochila")]
    public void A_text_that_holds_a_second_name_is_read_as_that_too(string text, string other) =>
        Assert.Contains(other, NameReadings.OfLead(text, NameKey.Read(text)).Select(reading => reading.Name.Full));

    [Theory]
    [InlineData("Acme Robotics")]
    [InlineData("Acme Robotics Inc.")]
    [InlineData("Acme Co., Ltd.")]
    [InlineData("Acme (Pty) Ltd")]
    [InlineData("Pave / Purchasing")]
    [InlineData("Bank of Ireland")]
    [InlineData(null)]
    public void Most_names_have_one_reading(string? text) => Assert.Empty(NameReadings.OfLead(text, NameKey.Read(text)));

    [Fact]
    public void There_are_at_most_four_and_never_the_whole_again() => Prop.ForAll<string[]>(parts =>
    {
        string text = string.Join(" - ", parts.Select(part => part ?? ""));
        NameKey? whole = NameKey.Read(text);
        IReadOnlyList<NameReading> others = NameReadings.OfLead(text, whole);
        return others.Count <= 4 && others.All(other => other.Name != whole);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Northwest University (NWU)", "nwu")]
    [InlineData("Acme dba Quixatron", "quixatron")]
    public void An_account_goes_by_its_other_names(string name, string other) => Assert.Contains(other, NameReadings.OfAccount(name).Select(part => NameKey.Read(part)!.Full));
}
