using System.Text.Json;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Accounts;
using Abm.Functions.Crm;
using Abm.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Abm.Functions.Tests.Crm;

/// <summary>Whatever order changes arrive in, and however often each does, the account ends as if they had come in their own order, once.</summary>
public sealed class AccountMergeLaws
{
    private static readonly string[] Fields = ["name", "city", "ownerId", "openOpportunity", "custom.stage", "custom.segment"];

    /// <summary>A change with few instants and ids, so that ties, repeats of fields and removals in between are common.</summary>
    private static readonly Gen<CrmChange> Changes =
        from minute in Gen.Choose(0, 9)
        from kind in Gen.Choose(0, 5)
        from fields in Gen.SubListOf<string>(Fields)
        from value in Gen.Choose(0, 3)
        select Change(minute, kind == 0, [.. fields], value);

    /// <summary>A history with an id of its own for each change, and the order in which it arrives: every change at least once.</summary>
    private static readonly Gen<(CrmChange[] History, CrmChange[] Arrival, bool IsKnown)> Histories =
        from size in Gen.Choose(1, 9)
        from made in Gen.ArrayOf(Changes, size)
        from isKnown in ArbMap.Default.GeneratorFor<bool>()
        let history = made.Select((change, i) => change with { Stamp = change.Stamp with { Id = $"evt-{(i * 7) % 10}" } }).ToArray()
        from repeated in Gen.SubListOf(history)
        from arrival in Gen.Shuffle<CrmChange>([.. history, .. repeated])
        select (history, arrival, isKnown);

    private static readonly Config Quiet = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2_000);

    [Fact]
    public void Any_order_and_any_repetition_end_in_the_same_account() => Prop.ForAll(Histories.ToArbitrary(), given =>
    {
        OrderedAccount expected = given.History.OrderBy(change => change.Stamp).Aggregate(Begin(given.IsKnown), AccountMerge.Apply);

        OrderedAccount after = given.Arrival.Aggregate(Begin(given.IsKnown), AccountMerge.Apply);

        return (Text(after) == Text(expected)).Label($"expected {Text(expected)}\nbut was {Text(after)}");
    }).Check(Quiet);

    [Fact]
    public void In_their_own_order_changes_do_what_they_say() => Prop.ForAll(Histories.ToArbitrary(), given =>
    {
        Account? expected = given.IsKnown ? Known : null;
        foreach (CrmChange change in given.History.OrderBy(change => change.Stamp))
        {
            expected = change.IsRemoval
                ? null
                : AccountPatch.Carry(expected ?? new Account { Id = change.Account, Name = change.Account.Value }, change.Values, change.Fields);
        }

        return AccountText(given.History.OrderBy(change => change.Stamp).Aggregate(Begin(given.IsKnown), AccountMerge.Apply).Account) == AccountText(expected);
    }).Check(Quiet);

    [Fact]
    public void A_repeat_is_told_by_bringing_nothing() => Prop.ForAll(Histories.ToArbitrary(), given =>
    {
        OrderedAccount after = given.Arrival.Aggregate(Begin(given.IsKnown), AccountMerge.Apply);

        return given.History.All(change => ReferenceEquals(after, AccountMerge.Apply(after, change)));
    }).Check(Quiet);

    private static Account Known { get; } = A.Account() with { City = "Bergen", Custom = new Dictionary<string, string> { ["segment"] = "imported" } };

    private static OrderedAccount Begin(bool isKnown) => new(isKnown ? Known : null, AccountOrder.None);

    private static CrmChange Change(int minute, bool isRemoval, IReadOnlyList<string> fields, int value)
    {
        Account values = A.Account() with
        {
            Name = $"Name {value}",
            City = value == 0 ? null : $"City {value}",
            OwnerId = value == 0 ? null : RepId.Parse($"R{value}"),
            HasOpenOpportunity = value > 1,
            Custom = value == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["stage"] = $"s{value}", ["segment"] = $"g{value}" },
        };
        return new CrmChange(values.Id, isRemoval, new ChangeStamp(ManualTimeProvider.WednesdayMorning.AddMinutes(minute), ""), values, isRemoval ? [] : fields);
    }

    private static string Text(OrderedAccount known) => $"{AccountText(known.Account)} {JsonSerializer.Serialize(known.Order)}";

    private static string AccountText(Account? account) => account is null
        ? "none"
        : JsonSerializer.Serialize(AccountResponse.From(account with { Custom = new SortedDictionary<string, string>(account.Custom.ToDictionary(), StringComparer.Ordinal) }));
}
