using System.Globalization;
using System.Text;
using Abm.Functions.Import;
using CsvHelper;
using CsvReader = Abm.Functions.Import.CsvReader;

namespace Abm.Functions.Tests.Import;

public sealed class CsvReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a,b\n1,2\n", "a|b", "1|2")]
    [InlineData("a,b\r\n1,2", "a|b", "1|2")]
    [InlineData("a,b\r1,2\r", "a|b", "1|2")]
    [InlineData("a;b\n1;2,5\n", "a|b", "1|2,5")]
    [InlineData("a\tb\n1\t2;,\n", "a|b", "1|2;,")]
    [InlineData("sep=;\na;b\n1;2\n", "a|b", "1|2")]
    [InlineData("sep=,\r\na,b\r\n1,2\r\n", "a|b", "1|2")]
    [InlineData("\"a,x\";b\n1;2\n", "a,x|b", "1|2")]
    [InlineData("a,b\n\n\n1,2\n\n", "a|b", "1|2")]
    [InlineData("a,b\n\"1,\n\r\n2\",\"say \"\"hi\"\"\"\n", "a|b", "1,\n\r\n2|say \"hi\"")]
    [InlineData("a,b\n\"\",\n", "a|b", "|")]
    [InlineData("a,b\n5\" pipe,2\"\"\n", "a|b", "5\" pipe|2\"\"")]
    [InlineData("a,b\n\"x\"y,\"p\"q\"r,\"\n", "a|b", "xy|pqr,")]
    [InlineData("a\nb", "a", "b")]
    [InlineData("a,b\n1,2,\n", "a|b", "1|2|")]
    public async Task Every_dialect_is_read(string text, params string[] expected) =>
        Assert.Equal(expected, (await ReadAsync(text)).Select(record => string.Join('|', record.Fields)));

    [Fact]
    public async Task Lines_are_counted_through_quotes_and_blank_lines()
    {
        List<CsvRecord> records = await ReadAsync("h\r\n\"1\r\n2\r\n3\"\r\n\r\nx\n\"a\rb\nc\"\ny");

        Assert.Equal([1, 2, 6, 7, 10], records.Select(record => record.Line));
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_costs_one_row()
    {
        List<CsvRecord> records = await ReadAsync("a,b\n1,2\n\"3,4\n5,6\n7,8\n");

        Assert.Equal([null, null, CsvFault.UnclosedQuote, null, null], records.Select(record => record.Fault));
        Assert.Equal((3, "7"), (records[2].Line, records[4].Fields[0]));
    }

    [Fact]
    public async Task A_quote_that_swallows_too_much_costs_one_row_although_another_quote_follows()
    {
        string rows = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{i},x\n"));

        List<CsvRecord> records = await ReadAsync("a,b\n\"bad,1\n" + rows + "\"good\",2\n");

        Assert.Equal(30_003, records.Count);
        Assert.Equal(CsvFault.UnclosedQuote, Assert.Single(records, record => record.Fault is not null).Fault);
        Assert.Equal("good", records[^1].Fields[0]);
        Assert.Equal(30_003, records[^1].Line);
    }

    [Fact]
    public async Task A_line_without_end_is_dropped_in_bounded_memory_and_reading_goes_on()
    {
        var reader = new CsvReader(new RepeatingReader("a\n", 'x', 5_000_000, "\nlast\n"));
        long before = GC.GetAllocatedBytesForCurrentThread();
        var records = new List<CsvRecord>();
        while (await reader.ReadAsync(Token) is { } record)
            records.Add(record);

        Assert.Equal([null, CsvFault.TooLong, null], records.Select(record => record.Fault));
        Assert.Equal("last", records[2].Fields[0]);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 3_000_000);
    }

    [Fact]
    public async Task Too_many_values_cost_one_row()
    {
        List<CsvRecord> records = await ReadAsync("a\n" + new string(',', 2_000) + "\nb\n");

        Assert.Equal([null, CsvFault.TooManyFields, null], records.Select(record => record.Fault));
    }

    [Fact]
    public async Task An_empty_text_has_no_records() => Assert.Empty(await ReadAsync(""));

    [Fact]
    public async Task The_size_of_the_pieces_that_arrive_makes_no_difference()
    {
        const string text = "a,b\r\n\"1\r\n\",\"\"\"\"\r\n3,4";
        List<CsvRecord> whole = await ReadAsync(text);

        for (int size = 1; size < 6; size++)
        {
            var reader = new CsvReader(new SlowReader(text, size));
            await reader.FindDelimiterAsync(1, Token);
            foreach (CsvRecord expected in whole)
            {
                CsvRecord? record = await reader.ReadAsync(Token);
                Assert.Equal(expected.Fields, record!.Fields);
                Assert.Equal(expected.Line, record.Line);
            }

            Assert.Null(await reader.ReadAsync(Token));
        }
    }

    [Fact]
    public async Task What_a_peer_writes_is_read_as_it_was()
    {
        string[] values = ["", "x", " padded ", "a,b", "quote\"d", "\"", "\"\"", "line\nbreak", "cr\rlf\r\n", ",", "ünï", "\t", ";"];
        for (int seed = 0; seed < 300; seed++)
        {
            string[][] rows = [.. Enumerable.Range(0, 4).Select(r => Enumerable.Range(0, 3).Select(c => values[((seed * 31) + (r * 7) + (c * 3) + (seed / 13)) % values.Length]).ToArray())];
            rows[0] = ["h1", "h2", "h3"];
            var text = new StringWriter(CultureInfo.InvariantCulture);
            using (CsvWriter writer = CsvWriter.Create(text, null, leaveOpen: true))
            {
                foreach (string[] row in rows)
                {
                    foreach (string value in row)
                        writer.WriteField(value);
                    writer.EndRecord();
                }
            }

            List<CsvRecord> records = await ReadAsync(text.ToString());

            Assert.Equal(rows, records.Select(record => record.Fields.ToArray()));
        }
    }

    private static async Task<List<CsvRecord>> ReadAsync(string text)
    {
        var reader = new CsvReader(new StringReader(text));
        await reader.FindDelimiterAsync(64 * 1024, Token);
        var records = new List<CsvRecord>();
        while (await reader.ReadAsync(Token) is { } record)
            records.Add(record);
        return records;
    }

    private sealed class SlowReader(string text, int size) : TextReader
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            int count = Math.Min(Math.Min(size, buffer.Length), text.Length - _at);
            text.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return ValueTask.FromResult(count);
        }
    }

    private sealed class RepeatingReader(string before, char repeated, int times, string after) : TextReader
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            int count = 0;
            while (count < buffer.Length && _at < before.Length + times + after.Length)
            {
                buffer.Span[count++] = _at < before.Length ? before[_at] : _at < before.Length + times ? repeated : after[_at - before.Length - times];
                _at++;
            }

            return ValueTask.FromResult(count);
        }
    }
}
