using System.Text;
using System.Text.Json.Nodes;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Crm;
using Abm.TestKit;

namespace Abm.Functions.Tests.Crm;

public sealed class CrmMessageReaderTests
{
    private const string Plain = """
        { "version": 1, "type": "account.ownerChanged", "id": "evt-1", "occurredAt": "2026-11-18T09:00:00Z", "accountId": "A1", "changes": { "ownerId": "R2" } }
        """;

    private static readonly DateTimeOffset Now = ManualTimeProvider.WednesdayMorning;

    [Fact]
    public void A_plain_message_is_read()
    {
        CrmChange change = Change(Plain);

        Assert.Equal(("A1", false), (change.Account.Value, change.IsRemoval));
        Assert.Equal(new ChangeStamp(new(2026, 11, 18, 9, 0, 0, TimeSpan.Zero), "evt-1"), change.Stamp);
        Assert.Equal(["ownerId"], change.Fields);
        Assert.Equal("R2", change.Values.OwnerId!.Value);
    }

    [Theory]
    [InlineData("""{"specversion":"1.0","id":"e","source":"/crm","type":"example.crm.account.edited","subject":"A1","time":"2026-11-18T10:00:00+01:00","data":{"changes":{"city":"Oslo"}}}""")]
    [InlineData("""{"specversion":"1.0","id":"e","source":"/crm","type":"account.edited","subject":"x","time":"2026-01-01T00:00:00Z","data":{"version":1,"accountId":"A1","occurredAt":"2026-11-18T09:00:00Z","changes":{"city":"Oslo"}}}""")]
    public void A_CloudEvent_is_read_and_its_data_goes_before_its_envelope(string body)
    {
        CrmChange change = Change(body);

        Assert.Equal(("A1", "Oslo"), (change.Account.Value, change.Values.City));
        Assert.Equal(new ChangeStamp(new(2026, 11, 18, 9, 0, 0, TimeSpan.Zero), "e"), change.Stamp);
    }

    [Fact]
    public void Every_field_of_an_account_can_be_set_and_cleared()
    {
        string[] fields =
        [
            "domains", "website", "phone", "street", "city", "state", "zip", "country", "industry", "employees", "aliases", "parentAccountId", "ownerId", "tier", "status", "openOpportunity",
            "opportunityOwnerId", "contacts", "leads", "opportunities", "createdAt",
        ];
        JsonObject full = JsonNode.Parse("""
            {
              "name": "Acme", "domains": ["acme.example"], "website": "https://acme.example", "phone": "+44 20 7946 0112", "street": "1 Quay", "city": "Leeds", "state": "WY", "zip": "LS1",
              "country": "United Kingdom", "industry": "pumps", "employees": 12, "aliases": ["ACM"], "parentAccountId": "A0", "ownerId": "R1", "tier": "1:few", "status": "customer", "openOpportunity": true,
              "opportunityOwnerId": "R2", "contacts": 1, "leads": 2, "opportunities": 3, "createdAt": "2025-01-01T00:00:00Z", "custom": { "stage": "won" }
            }
            """)!.AsObject();
        Account blank = new() { Id = AccountId.Parse("A1"), Name = "A1" };
        CrmChange set = Change(Message("account.created", full));
        Account account = AccountPatch.Carry(blank, set.Values, set.Fields);

        Assert.Equal(fields.Length + 2, set.Fields.Count);
        foreach (string field in fields)
        {
            CrmChange one = Change(Message("account.edited", new JsonObject { [field] = full[field]!.DeepClone() }));
            CrmChange cleared = Change(Message("account.edited", new JsonObject { [field] = null }));

            Assert.NotEqual(Text(blank), Text(AccountPatch.Carry(blank, one.Values, one.Fields)));
            Assert.NotEqual(Text(account), Text(AccountPatch.Carry(account, cleared.Values, cleared.Fields)));
            Assert.Equal(Text(AccountPatch.Carry(account, blank, [field])), Text(AccountPatch.Carry(account, cleared.Values, cleared.Fields)));
        }
    }

    [Fact]
    public void Custom_fields_are_named_each_on_its_own_and_properties_nobody_knows_are_custom_fields()
    {
        CrmChange change = Change(Message("account.stageChanged", new JsonObject { ["stage"] = "won", ["custom"] = new JsonObject { ["segment"] = null, ["region"] = "north" } }));

        Assert.Equal(["custom.stage", "custom.segment", "custom.region"], change.Fields);
        Account after = AccountPatch.Carry(
            A.Account() with { Custom = new Dictionary<string, string> { ["segment"] = "old", ["other"] = "stays" } }, change.Values, change.Fields);
        Assert.Equal([("other", "stays"), ("region", "north"), ("stage", "won")], after.Custom.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, c.Value)));
    }

    [Theory]
    [InlineData("account.created", null)]
    [InlineData("account.deleted", null)]
    [InlineData("account.opportunityChanged", """{"openOpportunity":true}""")]
    [InlineData("account.ownerChanged", """{"ownerId":null}""")]
    public void Every_type_is_read(string type, string? changes) => Assert.Equal(type == "account.deleted", Change(Message(type, changes is null ? null : JsonNode.Parse(changes))).IsRemoval);

    [Theory]
    [InlineData("", "notJson", "")]
    [InlineData("nonsense", "notJson", "")]
    [InlineData("[]", "notJson", "")]
    [InlineData("null", "notJson", "")]
    [InlineData("""{"\ud800":"account.edited"}""", "notJson", "")]
    [InlineData("""{"type":"\ud800"}""", "invalid", "invalidText type, required id, required occurredAt, required accountId")]
    [InlineData("""{"version":2}""", "unknownVersion", "")]
    [InlineData("""{"version":"1"}""", "unknownVersion", "")]
    [InlineData("""{"specversion":"0.3"}""", "unknownVersion", "")]
    [InlineData("""{"specversion":"1.0","data":"text"}""", "invalid", "wrongType data")]
    [InlineData("{}", "invalid", "required type, required id, required occurredAt, required accountId")]
    [InlineData("""{"type":"account.merged","id":"1","occurredAt":"2026-11-18T09:00:00Z","accountId":"A1"}""", "unknownType", "")]
    [InlineData("""{"type":"subaccount.edited","id":"1","occurredAt":"2026-11-18T09:00:00Z","accountId":"A1","changes":{"city":"Oslo"}}""", "unknownType", "")]
    [InlineData("""{"type":"account.edited","id":"1","occurredAt":"2026-11-18 09:00","accountId":"A/1","changes":{}}""", "invalid", "wrongType occurredAt, invalidId accountId")]
    [InlineData("""{"type":"account.edited","id":"1","occurredAt":"2026-11-18T10:15:01Z","accountId":"A1","changes":{"city":"Oslo"}}""", "invalid", "outOfRange occurredAt")]
    [InlineData("""{"type":"account.edited","id":"1","occurredAt":"2026-11-18T09:00:00Z","accountId":"A1"}""", "invalid", "required changes")]
    [InlineData("""{"type":"account.edited","id":"1","occurredAt":"2026-11-18T09:00:00Z","accountId":"A1","changes":[]}""", "invalid", "wrongType changes")]
    [InlineData("""{"type":"account.edited","id":"1","occurredAt":"2026-11-18T09:00:00Z","accountId":"A1","changes":{"custom":"x"}}""", "invalid", "wrongType custom, wrongType custom")]
    [InlineData("""{"type":"account.edited","id":"1","occurredAt":"2026-11-18T09:00:00Z","accountId":"A1","changes":{"name":null,"tier":"gold","parentAccountId":"A1"}}""", "invalid", "required name, invalidValue parentAccountId, unknownValue tier")]
    [InlineData("""{"type":"account.ownerChanged","id":"1","occurredAt":"2026-11-18T09:00:00Z","accountId":"A1","changes":{"city":"Oslo"}}""", "invalid", "required changes.ownerId")]
    public void What_nobody_can_apply_says_why(string body, string reason, string problems)
    {
        CrmMessage.Unreadable unreadable = Assert.IsType<CrmMessage.Unreadable>(CrmMessageReader.Read(Encoding.UTF8.GetBytes(body), Now));

        Assert.Equal(reason, unreadable.Reason);
        Assert.Equal(problems, string.Join(", ", unreadable.Problems.Select(p => $"{p.Code} {p.Field}")));
    }

    internal static string Message(string type, JsonNode? changes, string id = "evt-1", string account = "A1", string at = "2026-11-18T09:00:00Z") => new JsonObject
    {
        ["version"] = 1,
        ["type"] = type,
        ["id"] = id,
        ["occurredAt"] = at,
        ["accountId"] = account,
        ["changes"] = changes?.DeepClone(),
    }.ToJsonString();

    private static CrmChange Change(string body)
    {
        CrmMessage read = CrmMessageReader.Read(Encoding.UTF8.GetBytes(body), Now);
        return read is CrmMessage.Readable readable ? readable.Change : throw new Xunit.Sdk.XunitException($"{body}\n{string.Join('\n', ((CrmMessage.Unreadable)read).Problems)}");
    }

    private static string Text(Account account) => System.Text.Json.JsonSerializer.Serialize(Functions.Accounts.AccountResponse.From(account));
}
