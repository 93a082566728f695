using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Abm.Local.Tests.Tables;

/// <summary>What filters look like; that the service reads them so is the business of <see cref="FilterTests"/>.</summary>
public sealed class FilterTextTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 30, 0, TimeSpan.FromHours(2));

    public static TheoryData<object, string> Literals => new()
    {
        { "it's", "'it''s'" },
        { "", "''" },
        { 'c', "'c'" },
        { true, "true" },
        { -5, "-5" },
        { 5L, "5L" },
        { 5UL, "5L" },
        { 1.5, "1.5" },
        { 3.0, "3.0" },
        { 1e21, "1000000000000000000000.0" },
        { -1.25e-7, "-0.000000125" },
        { 12345678901234568.0, "12345678901234568.0" },
        { 1.5f, "1.5" },
        { 1.5m, "1.5" },
        { At, "datetime'2026-03-01T10:30:00.0000000Z'" },
        { At.UtcDateTime, "datetime'2026-03-01T10:30:00.0000000Z'" },
        { Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"), "guid'0f8fad5b-d9cb-469f-a165-70867728950e'" },
        { new byte[] { 0, 10, 255 }, "X'000AFF'" },
        { BinaryData.FromBytes(new byte[] { 1 }), "X'01'" },
        { Colour.Blue, "'Blue'" },
    };

    [Theory]
    [MemberData(nameof(Literals))]
    public void A_value_in_an_interpolated_filter_has_the_literal_of_its_type(object value, string literal) =>
        Assert.Equal($"V eq {literal}", TableClient.CreateQueryFilter($"V eq {value}"));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(null)]
    public void A_value_without_a_literal_is_refused(object? value) =>
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"V eq {value}"));

    [Fact]
    public void Braces_in_values_stay_what_they_are() =>
        Assert.Equal("V eq '{0}'", TableClient.CreateQueryFilter($"V eq {"{0}"}"));

    [Fact]
    public void Conditions_are_translated()
    {
        string name = "it's";
        EveryTypeRow captured = new() { Small = 7 };
        Guid id = Guid.Empty;

        Assert.Equal("PartitionKey eq 'it''s'", TableClient.CreateQueryFilter<EveryTypeRow>(row => row.PartitionKey == name));
        Assert.Equal("(PartitionKey eq 'a') and (Small ge 7)", TableClient.CreateQueryFilter<EveryTypeRow>(row => row.PartitionKey == "a" && row.Small >= captured.Small));
        Assert.Equal("(Small lt 1) or (not (Flag eq true))", TableClient.CreateQueryFilter<EveryTypeRow>(row => row.Small < 1 || !row.Flag));
        Assert.Equal("Small gt 8", TableClient.CreateQueryFilter<EveryTypeRow>(row => captured.Small + 1 < row.Small));
        Assert.Equal("Large eq 5L", TableClient.CreateQueryFilter<EveryTypeRow>(row => row.Large == 5));
        Assert.Equal("Number le 3.0", TableClient.CreateQueryFilter<EveryTypeRow>(row => row.Number <= 3));
        Assert.Equal("MaybeSmall eq 7", TableClient.CreateQueryFilter<EveryTypeRow>(row => row.MaybeSmall == captured.Small));
        Assert.Equal("MaybeFlag eq true", TableClient.CreateQueryFilter<EveryTypeRow>(row => row.MaybeFlag == true));
        Assert.Equal("Colour eq 'Blue'", TableClient.CreateQueryFilter<EveryTypeRow>(row => row.Colour == Colour.Blue));
        Assert.Equal("MaybeColour ne 'Red'", TableClient.CreateQueryFilter<EveryTypeRow>(row => row.MaybeColour != Colour.Red));
        Assert.Equal("SeenAt gt datetime'2026-03-01T10:30:00.0000000Z'", TableClient.CreateQueryFilter<EveryTypeRow>(row => row.SeenAt > At));
        Assert.Equal("Timestamp gt datetime'2026-03-01T10:30:00.0000000Z'", TableClient.CreateQueryFilter<EveryTypeRow>(row => row.Timestamp > At));
        Assert.Equal("Id eq guid'00000000-0000-0000-0000-000000000000'", TableClient.CreateQueryFilter<EveryTypeRow>(row => row.Id == id));
        Assert.Equal("renamed eq 'o'", TableClient.CreateQueryFilter<EveryTypeRow>(row => row.Original == "o"));
#pragma warning disable CA1309 // translated, never run: the service compares ordinally
        Assert.Equal("(RowKey ge 'abc') and (RowKey lt 'abd')", TableClient.CreateQueryFilter<EveryTypeRow>(row => string.Compare(row.RowKey, "abc") >= 0 && row.RowKey.CompareTo("abd") < 0));
        Assert.Equal("RowKey le 'abc'", TableClient.CreateQueryFilter<EveryTypeRow>(row => 0 >= string.Compare(row.RowKey, "abc")));
#pragma warning restore CA1309
        Assert.Equal("Name eq 'x'", TableClient.CreateQueryFilter<TableEntity>(row => row.GetString("Name") == "x"));
        Assert.Equal("Name eq 'x'", TableClient.CreateQueryFilter<TableEntity>(row => (string)row["Name"] == "x"));
        Assert.Equal("Count ge 3", TableClient.CreateQueryFilter<TableEntity>(row => row.GetInt32("Count") >= 3));
        Assert.Equal("TableName eq 't'", TableServiceClient.CreateQueryFilter(item => item.Name == "t"));
    }

    [Fact]
    public void The_condition_true_is_no_filter() => Assert.Equal("", TableClient.CreateQueryFilter<NoteRow>(_ => true));

    [Fact]
    public void What_filters_cannot_say_is_refused_by_name()
    {
        string? nothing = null;

        Assert.Contains("StartsWith", Refused(row => row.Text!.StartsWith('a')).Message, StringComparison.Ordinal);
        Assert.Contains("null", Refused(row => row.Text == nothing).Message, StringComparison.Ordinal);
        Assert.Contains("Compare", Refused(row => string.Compare(row.Text, "a", StringComparison.OrdinalIgnoreCase) > 0).Message, StringComparison.Ordinal);
        Refused(row => row.Small == row.MaybeSmall);
        Refused(row => row.Small + 1 == 2);
        Refused(row => row.Text!.Length == 2);
        Refused(row => row.ETag == Azure.ETag.All);
        Refused(row => row.Number > double.PositiveInfinity);
        Refused(row => string.CompareOrdinal(row.Text, "a") > 0);
    }

    private static NotSupportedException Refused(System.Linq.Expressions.Expression<Func<EveryTypeRow, bool>> condition) =>
        Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter(condition));
}
