using Azure.Data.Tables;

namespace Abm.Local.Tests.Tables;

[Collection(nameof(TablesOnAzurite))]
public sealed class ValueTests(TablesFixture azurite)
{
    private static readonly byte[] SomeBytes = [0, 1, 127, 128, 255];
    private static readonly DateTimeOffset Precise = new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.Zero).AddTicks(1_234_567);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, object> Values => new()
    {
        { "text", "plain" },
        { "empty text", "" },
        { "quotes and backslashes", "it's \"quoted\" \\ and / <b>&amp;" },
        { "line ends and tabs", "a\r\nb\tc" },
        { "unicode", "Zürich 東京 🚀 é" },
        { "text that looks like a date", "2026-01-01T00:00:00Z" },
        { "text that looks like a number", "007" },
        { "true", true },
        { "false", false },
        { "zero", 0 },
        { "smallest int", int.MinValue },
        { "largest int", int.MaxValue },
        { "small long", 1L },
        { "smallest long", long.MinValue },
        { "largest long", long.MaxValue },
        { "above double's integers", 9_007_199_254_740_993L },
        { "whole double", 3.0 },
        { "double zero", 0.0 },
        { "fraction", 0.1 },
        { "seventeen digits", 0.30000000000000004 },
        { "largest double", double.MaxValue },
        { "smallest positive double", double.Epsilon },
        { "large whole double", 1e21 },
        { "not a number", double.NaN },
        { "infinity", double.PositiveInfinity },
        { "minus infinity", double.NegativeInfinity },
        { "instant to the tick", Precise },
        { "first instant", new DateTimeOffset(1601, 1, 1, 0, 0, 0, TimeSpan.Zero) },
        { "last instant", DateTimeOffset.MaxValue },
        { "guid", Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e") },
        { "bytes", SomeBytes },
        { "no bytes", Array.Empty<byte>() },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_comes_back_with_its_type(string name, object value)
    {
        TableClient table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["V"] = value }, Token);

        TableEntity one = await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Token);
        TableEntity queried = await table.QueryAsync<TableEntity>(cancellationToken: Token).SingleAsync(Token);

        Assert.True(value.GetType() == one["V"].GetType(), $"{name} came back as {one["V"].GetType()}");
        Assert.Equal(value, one["V"]);
        Assert.Equal(value, queried["V"]);
    }

    [Fact]
    public async Task A_class_with_every_type_comes_back_whole()
    {
        TableClient table = await azurite.NewTableAsync();
        EveryTypeRow row = new()
        {
            Text = "it's",
            Flag = true,
            MaybeFlag = false,
            Small = -1,
            MaybeSmall = 0,
            Large = long.MinValue,
            MaybeLarge = long.MaxValue,
            Natural = long.MaxValue,
            Number = 3.0,
            MaybeNumber = double.NaN,
            Measure = 3.1f,
            At = Precise.UtcDateTime,
            SeenAt = Precise.ToOffset(TimeSpan.FromHours(5)),
            MaybeAt = Precise,
            Id = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"),
            Bytes = SomeBytes,
            Data = BinaryData.FromBytes(SomeBytes),
            Colour = Colour.Blue,
            MaybeColour = Colour.Red,
            Original = "o",
            Ignored = "i",
            InitOnly = "init",
        };
        await table.AddEntityAsync(row, Token);

        EveryTypeRow read = await table.GetEntityAsync<EveryTypeRow>("p", "r", cancellationToken: Token);
        TableEntity columns = await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Token);

        Assert.Equal((row.Text, row.Flag, row.MaybeFlag, row.Small, row.MaybeSmall), (read.Text, read.Flag, read.MaybeFlag, read.Small, read.MaybeSmall));
        Assert.Equal((row.Large, row.MaybeLarge, row.Natural), (read.Large, read.MaybeLarge, read.Natural));
        Assert.Equal((row.Number, row.MaybeNumber, row.Measure), (read.Number, read.MaybeNumber, read.Measure));
        Assert.Equal((row.At, row.SeenAt.UtcDateTime, row.MaybeAt), (read.At, read.SeenAt.UtcDateTime, read.MaybeAt));
        Assert.Equal(DateTimeKind.Utc, read.At.Kind);
        Assert.Equal(TimeSpan.Zero, read.SeenAt.Offset);
        Assert.Equal(row.Id, read.Id);
        Assert.Equal(SomeBytes, read.Bytes);
        Assert.Equal(SomeBytes, read.Data!.ToArray());
        Assert.Equal((Colour.Blue, Colour.Red), (read.Colour, read.MaybeColour));
        Assert.Equal(("o", null, "init"), (read.Original, read.Ignored, read.InitOnly));
        Assert.Equal(("Blue", "o"), (columns.GetString("Colour"), columns.GetString("renamed")));
        Assert.False(columns.ContainsKey("Ignored") || columns.ContainsKey("Original") || columns.ContainsKey("ReadOnly"));
    }

    [Fact]
    public async Task Nulls_are_not_stored_and_read_as_the_default()
    {
        TableClient table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new EveryTypeRow(), Token);

        EveryTypeRow read = await table.GetEntityAsync<EveryTypeRow>("p", "r", cancellationToken: Token);
        TableEntity columns = await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Token);

        Assert.Equal((null, null, null, null), (read.Text, read.MaybeFlag, read.MaybeAt, read.MaybeColour));
        Assert.False(columns.ContainsKey("Text") || columns.ContainsKey("MaybeFlag"));
        Assert.Null(columns["Text"]);
    }

    [Fact]
    public async Task The_largest_text_and_the_largest_bytes_fit()
    {
        TableClient table = await azurite.NewTableAsync();
        string text = string.Create(32_768, 0, (span, _) => span.Fill('é'));
        byte[] bytes = new byte[65_536];
        bytes.AsSpan().Fill(0xA5);

        await table.AddEntityAsync(new TableEntity("p", "r") { ["Text"] = text, ["Bytes"] = bytes }, Token);
        TableEntity read = await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Token);

        Assert.Equal(text, read.GetString("Text"));
        Assert.Equal(bytes, read.GetBinary("Bytes"));
    }

    /// <summary>The emulator decodes a request of more than 64 KB in pieces; wherever one ends, no character may be cut.</summary>
    [Fact]
    public async Task Characters_beyond_ascii_survive_at_every_place_of_a_long_row()
    {
        TableClient table = await azurite.NewTableAsync();
        string text = string.Concat(Enumerable.Repeat("aé東🚀", 6_000));
        for (int shift = 0; shift < 10; shift++)
        {
            TableEntity row = new("é", "r") { ["Shift"] = new string('x', shift) };
            for (int i = 0; i < 6; i++)
                row[$"Größe{i}"] = text;

            await table.UpsertEntityAsync(row, TableUpdateMode.Replace, Token);
            TableEntity read = await table.GetEntityAsync<TableEntity>("é", "r", cancellationToken: Token);

            for (int i = 0; i < 6; i++)
                Assert.True(text == read.GetString($"Größe{i}"), $"Column {i} is spoiled when shifted by {shift}.");
        }
    }

    [Fact]
    public async Task A_column_of_another_type_than_the_property_is_named_in_the_error()
    {
        TableClient table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Small"] = "seven" }, Token);

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => table.GetEntityAsync<EveryTypeRow>("p", "r", cancellationToken: Token));

        Assert.Contains("EveryTypeRow.Small", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_may_hold_quotes_percent_signs_unicode_spaces_and_nothing_at_all()
    {
        TableClient table = await azurite.NewTableAsync();
        string[] keys = ["it's", "''", "100%", "%41", "a b+c", "Zürich", "東京", "🚀", "a&b=c", "semi;colon:@", "(x,y='z')", "..", "", "~!$*[]{}|^`\"<>", "$batch"];
        List<(string Partition, string Row)> pairs = [.. keys.Select(key => (key, "r")), .. keys.Select(key => ("p", key))];
        foreach ((string partition, string row) in pairs)
            await table.UpsertEntityAsync(new NoteRow { PartitionKey = partition, RowKey = row, Note = partition + row }, cancellationToken: Token);

        foreach ((string partition, string row) in pairs)
        {
            NoteRow read = await table.GetEntityAsync<NoteRow>(partition, row, cancellationToken: Token);
            string filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey eq {row}");
            NoteRow found = await table.QueryAsync<NoteRow>(filter, cancellationToken: Token).SingleAsync(Token);
            await table.UpdateEntityAsync(read, read.ETag, TableUpdateMode.Replace, Token);
            Assert.Equal((partition, row, partition + row), (read.PartitionKey, read.RowKey, read.Note));
            Assert.Equal((partition, row), (found.PartitionKey, found.RowKey));
        }

        Assert.Equal(pairs.Distinct().Count(), await table.QueryAsync<NoteRow>(cancellationToken: Token).CountAsync(Token));
        foreach ((string partition, string row) in pairs.Distinct())
            Assert.Equal(204, (await table.DeleteEntityAsync(partition, row, cancellationToken: Token)).Status);
    }
}
