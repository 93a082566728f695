using Abm.Accounts;
using Abm.Decisions;
using Abm.Matching;
using Abm.Shared.Tests.Matching;
using static Abm.Shared.Tests.Matching.MatchScenario;

namespace Abm.Shared.Tests.Accounts;

public sealed class AccountIndexTests
{
    private static readonly AccountIndex Before = Index([.. Enumerable.Range(0, 500).Select(i => Account($"A{i}", $"Company{i:x} Works", $"company{i:x}.com"))]);

    [Fact]
    public void An_account_that_was_added_matches_the_very_next_lead()
    {
        AccountIndex after = Before.With([new AccountChange.Saved(Account("new", "Zyxomat", "zyxomat.com"))], 2);

        Assert.Equal("new", after.Match(new() { Email = "j@zyxomat.com" }).Matched());
        Assert.Equal(UnmatchedReason.NoCandidate, Before.Match(new() { Email = "j@zyxomat.com" }).Unmatched());
        Assert.Equal((501, 2L), (after.AccountCount, after.Version));
        Assert.Equal((500, 1L), (Before.AccountCount, Before.Version));
    }

    [Fact]
    public void An_account_that_was_edited_is_found_by_what_it_is_now_only()
    {
        AccountIndex after = Before.With([new AccountChange.Saved(Account("A7", "Zyxomat", "zyxomat.com"))], 2);

        Assert.Equal("A7", after.Match(new() { Email = "j@zyxomat.com" }).Matched());
        Assert.IsNotType<MatchDecision.Matched>(after.Match(new() { Email = "j@company7.com" }));
        Assert.Equal("Zyxomat", after.Find(AccountId.Parse("A7"))!.Name);
        Assert.Equal(500, after.AccountCount);
    }

    [Fact]
    public void An_account_that_was_removed_matches_nobody()
    {
        AccountIndex after = Before.With([new AccountChange.Removed(AccountId.Parse("A7")), new AccountChange.Removed(AccountId.Parse("unheard-of"))], 2);

        Assert.Null(after.Find(AccountId.Parse("A7")));
        Assert.IsNotType<MatchDecision.Matched>(after.Match(new() { Email = "j@company7.com" }));
        Assert.Equal(499, after.AccountCount);
    }

    [Fact]
    public void A_contact_is_found_by_the_address_it_has_now()
    {
        Contact contact = new() { Id = ContactId.Parse("C1"), AccountId = AccountId.Parse("A1"), Email = "Jane@Gmail.com" };
        AccountIndex with = Before.With([new AccountChange.ContactSaved(contact)], 2);
        AccountIndex moved = with.With([new AccountChange.ContactSaved(contact with { Email = "jane@web.de" })], 3);
        AccountIndex without = moved.With([new AccountChange.ContactRemoved(contact.Id)], 4);

        Assert.Equal("C1", with.FindContact("jane@gmail.com")!.Id.Value);
        Assert.Null(moved.FindContact("jane@gmail.com"));
        Assert.Equal("C1", moved.FindContact("jane@web.de")!.Id.Value);
        Assert.Null(without.FindContact("jane@web.de"));
    }

    [Fact]
    public void Of_several_contacts_with_one_address_the_lowest_id_counts()
    {
        AccountIndex index = AccountIndex.Build([], [.. new[] { "C2", "C10", "C3" }.Select(id => new Contact { Id = ContactId.Parse(id), AccountId = AccountId.Parse("A1"), Email = "info@acme.com" })], 1);

        Assert.Equal("C10", index.FindContact("info@acme.com")!.Id.Value);
    }

    [Fact]
    public void Many_small_changes_leave_an_index_that_answers_like_one_built_at_once()
    {
        AccountIndex index = AccountIndex.Empty;
        for (int i = 0; i < 300; i++)
            index = index.With([new AccountChange.Saved(Account($"A{i % 100}", $"Company{i:x} Works", $"company{i:x}.com"))], i + 1);
        AccountIndex built = Index([.. Enumerable.Range(200, 100).Select(i => Account($"A{i % 100}", $"Company{i:x} Works", $"company{i:x}.com"))]);

        Assert.Equal(100, index.AccountCount);
        foreach (int i in (int[])[0, 99, 150, 199, 200, 250, 299])
            Assert.Equal(built.Match(new() { Email = $"j@company{i:x}.com", Company = "Works" }).Text(), index.Match(new() { Email = $"j@company{i:x}.com", Company = "Works" }).Text());
    }
}
