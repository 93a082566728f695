using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Data.Tables.Entities;
using Azure.Data.Tables.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace Abm.Local.Tests.Tables;

/// <summary>Laws that hold for any text, without a service.</summary>
public sealed class RoundTripLaws
{
    [Fact]
    public void Any_text_that_UTF8_can_carry_survives_writing_and_reading() => Prop.ForAll<string, double, long>((text, number, large) =>
    {
        text = WellFormed(text);
        TableEntity row = new("p", "r") { ["Text"] = text, ["Number"] = number, ["Large"] = large };

        Utf8JsonReader json = new(EntitySerializer.Serialize(row));
        json.Read();
        TableEntity read = TableEntityReader.Read(ref json);

        return read.GetString("Text") == text && number.Equals(read.GetDouble("Number")) && read.GetInt64("Large") == large;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_quoted_text_in_a_filter_is_one_literal_that_means_the_text() => Prop.ForAll<string>(text =>
    {
        text = WellFormed(text);
        string literal = TableClient.CreateQueryFilter($"{text}");

        string inner = literal[1..^1];
        return literal[0] == '\'' && literal[^1] == '\'' && inner.Replace("''", "", StringComparison.Ordinal).All(c => c != '\'') && inner.Replace("''", "'", StringComparison.Ordinal) == text;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_allowed_key_stands_unmistakably_in_its_address() => Prop.ForAll<string>(text =>
    {
        string key = string.Concat(WellFormed(text).Where(c => !char.IsControl(c) && c is not ('/' or '\\' or '#' or '?')).Take(512));
        if (!Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(key)).Equals(key, StringComparison.Ordinal))
            return true; // cut through a pair
        TableRules.CheckKey(key, "key");
        TablePipeline pipeline = TablePipeline.From("UseDevelopmentStorage=true", null);

        string path = new Uri(EntityRequests.Address(pipeline, "things", key, "")).AbsolutePath;

        return Uri.UnescapeDataString(path) == $"/devstoreaccount1/things(PartitionKey='{key.Replace("'", "''", StringComparison.Ordinal)}',RowKey='')";
    }).QuickCheckThrowOnFailure();

    private static string WellFormed(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
}
