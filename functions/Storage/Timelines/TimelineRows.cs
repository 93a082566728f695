using Abm.Ports;
using Abm.Signals;
using Azure.Data.Tables;

namespace Abm.Functions.Storage.Timelines;

/// <summary>How timelines lie in the table: an account's state, entries and ids in one partition, so that one transaction changes them together.</summary>
internal static class TimelineRows
{
    public const string StateRow = "state";
    public const string Live = "live";
    public const string Waiting = "waiting";
    public const string EntriesFrom = "e|";
    public const string EntriesUntil = "e}";

    public static string Account(string accountId) => $"a|{accountId}";

    public static string Person(string personKey) => $"p|{personKey}";

    public static string Waits(WaitingSubject subject) => $"w|{subject}";

    public static string Key(AccountEvent e) => $"e|{TimeKey.Falling(e.At)}|{e.EventId}";

    public static string Id(string eventId) => $"i|{eventId}";

    /// <summary>Entries from the earlier to the later instant, both included; newest first.</summary>
    public static string Between(string accountId, DateTimeOffset from, DateTimeOffset to) => TableClient.CreateQueryFilter(
        $"PartitionKey eq {Account(accountId)} and RowKey ge {EntriesFrom + TimeKey.Falling(to)} and RowKey lt {EntriesFrom + TimeKey.Falling(from) + "}"}");

    public static string All(string accountId) =>
        TableClient.CreateQueryFilter($"PartitionKey eq {Account(accountId)} and RowKey ge {EntriesFrom} and RowKey lt {EntriesUntil}");

    public static TableEntity State(string accountId, SignalState state)
    {
        TableEntity row = new(Account(accountId), StateRow);
        row.SetText("Doc", StoredJson.Write(state));
        return row;
    }

    public static SignalState ToState(TableEntity row) => StoredJson.Read<SignalState>(row.GetText("Doc")!);

    public static TableEntity Entry(string accountId, TimelineEntry entry, IReadOnlyList<EntryAnswer> answers)
    {
        TableEntity row = new(Account(accountId), Key(entry.Event));
        row.SetText("Doc", StoredJson.Write(entry));
        if (answers.Count > 0)
            row.SetText("Answers", StoredJson.Write(answers));
        return row;
    }

    public static StoredEntry ToEntry(TableEntity row) => new(
        row.PartitionKey[2..],
        row.RowKey,
        StoredJson.Read<TimelineEntry>(row.GetText("Doc")!),
        row.GetText("Answers") is { } answers ? StoredJson.Read<IReadOnlyList<EntryAnswer>>(answers) : []);

    public static TableEntity IdRow(string accountId, AccountEvent e) => new(Account(accountId), Id(e.EventId)) { ["Key"] = Key(e) };

    /// <summary>Where an entry of a person is found. Written before the entry: one that leads nowhere harms nobody.</summary>
    public static TableEntity PersonRow(string accountId, AccountEvent e) => new(Person(e.PersonKey!), $"{accountId}|{e.EventId}") { ["AccountId"] = accountId, ["EntryKey"] = Key(e) };
}
