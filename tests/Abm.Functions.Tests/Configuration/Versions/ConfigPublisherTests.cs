using Abm.Functions.Configuration;
using Abm.Functions.Configuration.Versions;
using Abm.Ports;

namespace Abm.Functions.Tests.Configuration.Versions;

public sealed class ConfigPublisherTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_folder_is_taken_over_once_and_again_only_when_it_has_changed()
    {
        PublishingWorld world = new();

        Assert.NotNull(await world.Publisher.TakeOverFolderAsync(PublishingWorld.Files(8), "config", Token));
        Assert.Null(await world.Publisher.TakeOverFolderAsync(PublishingWorld.Files(8), "config", Token));
        ConfigDraft byHand = PublishingWorld.Draft(9);
        await world.PublishAsync(byHand);
        Assert.Null(await world.Publisher.TakeOverFolderAsync(PublishingWorld.Files(8), "config", Token));
        Assert.Equal(byHand.Version, await world.ActiveAsync());

        Assert.NotNull(await world.Publisher.TakeOverFolderAsync(PublishingWorld.Files(7), "config", Token));
        Assert.Equal(PublishingWorld.Draft(7).Version, await world.ActiveAsync());
        Assert.Equal([("folder", ActivationKind.Publish), ("ana", ActivationKind.Publish), ("folder", ActivationKind.Publish)], world.Store.Log.Select(e => (e.By, e.Kind)));
    }

    [Fact]
    public async Task A_folder_that_brings_what_was_published_by_hand_is_only_noted()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync(8);
        await world.PublishAsync(PublishingWorld.Draft(9));

        Assert.Null(await world.Publisher.TakeOverFolderAsync(PublishingWorld.Files(9), "config", Token));
        await world.Publisher.RollbackAsync(PublishingWorld.Draft(8).Version, PublishingWorld.Order(), _ => true, Token);
        Assert.Null(await world.Publisher.TakeOverFolderAsync(PublishingWorld.Files(9), "config", Token));
        Assert.Equal(PublishingWorld.Draft(8).Version, await world.ActiveAsync());
    }

    [Fact]
    public async Task Two_processes_that_start_at_once_take_the_folder_over_once()
    {
        PublishingWorld world = new();
        string? theirs = null;
        world.Store.BeforeAppend = async () => theirs = await world.Publisher.TakeOverFolderAsync(PublishingWorld.Files(8), "config", Token);

        string? mine = await world.Publisher.TakeOverFolderAsync(PublishingWorld.Files(8), "config", Token);

        Assert.Equal((PublishingWorld.Draft(8).Version, null), (theirs, mine));
        Assert.Single(world.Store.Log);
    }

    [Fact]
    public async Task A_folder_with_a_secret_in_it_is_refused_before_anything_is_kept()
    {
        PublishingWorld world = new();

        ConfigurationRefusedException refused = await Assert.ThrowsAsync<ConfigurationRefusedException>(
            () => world.Publisher.TakeOverFolderAsync(PublishingWorld.Files(8, $"# -----BEGIN {"RSA"} PRIVATE KEY-----\n"), "config", Token));

        Assert.Equal(("secret", "rules.yaml", 3), (Assert.Single(refused.Problems).Code, refused.Problems[0].File, refused.Problems[0].Line));
        Assert.Empty(world.Store.Log);
    }

    [Fact]
    public async Task The_built_in_defaults_are_for_an_empty_store_only()
    {
        PublishingWorld world = new();

        Assert.NotNull(await world.Publisher.TakeOverFolderAsync([], folder: null, Token));
        await world.PublishAsync(PublishingWorld.Draft(9));
        Assert.Null(await world.Publisher.TakeOverFolderAsync([], folder: null, Token));
        Assert.Equal(PublishingWorld.Draft(9).Version, await world.ActiveAsync());
    }

    [Fact]
    public async Task Of_two_people_who_publish_at_once_one_is_told_that_the_other_was_faster()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        string tag = await world.TagAsync();
        PublishOutcome? bob = null;
        world.Store.BeforeAppend = async () => bob = await world.Publisher.PublishAsync(PublishingWorld.Draft(7), PublishingWorld.Order("bob"), now => now.ETag == tag, Token);

        PublishOutcome ana = await world.Publisher.PublishAsync(PublishingWorld.Draft(9), PublishingWorld.Order(), now => now.ETag == tag, Token);

        Assert.IsType<PublishOutcome.Done>(bob);
        Assert.Equal(PublishingWorld.Draft(7).Version, Assert.IsType<PublishOutcome.ChangedMeanwhile>(ana).Now.Activation!.Version);
        Assert.Equal(PublishingWorld.Draft(7).Version, await world.ActiveAsync());
    }

    [Fact]
    public async Task Publishing_the_same_again_changes_nothing_and_the_log_keeps_one_entry()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        await world.PublishAsync(PublishingWorld.Draft(9));

        PublishOutcome.Done again = Assert.IsType<PublishOutcome.Done>(await world.Publisher.PublishAsync(PublishingWorld.Draft(9), PublishingWorld.Order(), _ => false, Token));

        Assert.False(again.IsNew);
        Assert.Equal(2, world.Store.Log.Count);
        Assert.Equal(2, world.Audit.Entries.Count(e => e.Kind == AuditKinds.Publish));
    }

    [Fact]
    public async Task The_gate_is_shut_without_a_dry_run_and_when_too_many_leads_flip_unless_somebody_accepts()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        ConfigDraft draft = PublishingWorld.Draft(9);
        string before = await world.ActiveAsync();
        PublishOrder careful = PublishingWorld.Order(accept: false);

        Assert.Null(Assert.IsType<PublishOutcome.Blocked>(await world.PublishAsync(draft, careful)).Run);
        await world.Store.NoteAsync(new DryRunSummary(draft.Version, before, 1000, 51, world.Clock.GetUtcNow()), Token);
        PublishOutcome.Blocked blocked = Assert.IsType<PublishOutcome.Blocked>(await world.PublishAsync(draft, careful));
        Assert.Equal((51, 5.0), (blocked.Run!.Flips, blocked.MaxFlipsPercent));
        Assert.Equal(before, await world.ActiveAsync());

        await world.Store.NoteAsync(new DryRunSummary(draft.Version, before, 1000, 50, world.Clock.GetUtcNow()), Token);
        Assert.IsType<PublishOutcome.Done>(await world.PublishAsync(draft, careful));
    }

    [Fact]
    public async Task A_dry_run_against_another_base_opens_nothing()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        ConfigDraft draft = PublishingWorld.Draft(9);
        await world.Store.NoteAsync(new DryRunSummary(draft.Version, await world.ActiveAsync(), 1000, 0, world.Clock.GetUtcNow()), Token);
        await world.PublishAsync(PublishingWorld.Draft(7));

        Assert.IsType<PublishOutcome.Blocked>(await world.PublishAsync(draft, PublishingWorld.Order(accept: false)));
    }

    [Fact]
    public async Task What_was_accepted_is_in_the_log_and_the_audit()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        ConfigDraft draft = PublishingWorld.Draft(9);
        await world.Store.NoteAsync(new DryRunSummary(draft.Version, await world.ActiveAsync(), 1000, 400, world.Clock.GetUtcNow()), Token);

        await world.PublishAsync(draft, PublishingWorld.Order(accept: true));

        Assert.Equal(400, world.Store.Log[^1].AcceptedFlips);
        Assert.Equal("400", world.Audit.Entries.Single(e => e.Subject == draft.Version && e.Kind == AuditKinds.Publish).Details["acceptedFlips"]);
    }

    [Fact]
    public async Task Other_comments_and_the_same_rules_pass_the_gate_and_are_another_version()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync(8);
        ConfigDraft draft = PublishingWorld.Draft(8, "# why eight\n");

        PublishOutcome.Done done = Assert.IsType<PublishOutcome.Done>(await world.PublishAsync(draft, PublishingWorld.Order(accept: false)));

        Assert.True(done.IsNew);
        Assert.NotEqual(PublishingWorld.Draft(8).Version, draft.Version);
    }

    [Fact]
    public async Task The_rules_in_force_say_whether_a_second_person_must_approve_not_the_draft()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync(8);
        ConfigDraft strict = PublishingWorld.Draft(8, "publishing: { requireApproval: true }\n");
        Assert.IsType<PublishOutcome.Done>(await world.PublishAsync(strict));

        Assert.IsType<PublishOutcome.NeedsApproval>(await world.PublishAsync(PublishingWorld.Draft(9)));
        Assert.IsType<PublishOutcome.NeedsApproval>(await world.PublishAsync(PublishingWorld.Draft(9), PublishingWorld.Order("ana", approver: "Ana")));
        Assert.IsType<PublishOutcome.Done>(await world.PublishAsync(PublishingWorld.Draft(9), PublishingWorld.Order("ana", approver: "bob")));
        Assert.Equal("bob", world.Store.Log[^1].Approver);
    }

    [Fact]
    public async Task Whoever_publishes_while_something_is_scheduled_says_what_becomes_of_it()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        DateTimeOffset noon = world.Clock.GetUtcNow().AddHours(2);
        await world.PublishAsync(PublishingWorld.Draft(9), PublishingWorld.Order(at: noon));
        await world.PublishAsync(PublishingWorld.Draft(9.5), PublishingWorld.Order(at: noon.AddHours(1), pending: PendingChoice.Keep));

        Assert.Equal(2, Assert.IsType<PublishOutcome.PendingUndecided>(await world.PublishAsync(PublishingWorld.Draft(7))).Pending.Count);
        PublishOutcome.Done done = Assert.IsType<PublishOutcome.Done>(await world.PublishAsync(PublishingWorld.Draft(7), PublishingWorld.Order(pending: PendingChoice.Cancel)));

        Assert.Empty(done.Now.Pending);
        world.Clock.MoveTo(noon.AddDays(1));
        Assert.Equal(PublishingWorld.Draft(7).Version, await world.ActiveAsync());
        Assert.Equal(2, world.Audit.Entries.Count(e => e.Kind == AuditKinds.Cancel));
    }

    [Fact]
    public async Task Going_back_needs_no_gate_but_a_version_that_was_in_force()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync(8);
        string first = await world.ActiveAsync();
        await world.PublishAsync(PublishingWorld.Draft(9));
        await world.Publisher.KeepAsync(PublishingWorld.Draft(7), PublishingWorld.Order(), Token);

        Assert.IsType<PublishOutcome.Unknown>(await world.Publisher.RollbackAsync(PublishingWorld.Draft(7).Version, PublishingWorld.Order(accept: false), _ => true, Token));
        Assert.IsType<PublishOutcome.Done>(await world.Publisher.RollbackAsync(first, PublishingWorld.Order(accept: false), _ => true, Token));

        Assert.Equal(first, (await world.Source.CurrentAsync(Token)).Version);
        Assert.Equal(ActivationKind.Rollback, world.Store.Log[^1].Kind);
    }

    [Fact]
    public async Task Of_two_publishers_with_different_clocks_the_later_one_wins()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        ActivationHead head = await world.Store.ReadAsync(Token);
        await world.Publisher.KeepAsync(PublishingWorld.Draft(7), PublishingWorld.Order(), Token);
        DateTimeOffset fast = world.Clock.GetUtcNow().AddSeconds(-1);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.Store.AppendAsync(head, [new Activation(2, ActivationKind.Publish, PublishingWorld.Draft(7).Version, world.Clock.GetUtcNow(), null, fast, "fast", "because", null)], null, fast, Token);

        await world.PublishAsync(PublishingWorld.Draft(9));

        Assert.Equal(PublishingWorld.Draft(9).Version, await world.ActiveAsync());
    }

    [Fact]
    public async Task What_one_who_died_did_not_tell_the_audit_the_next_one_tells()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        world.Audit.IsDown = true;
        await Assert.ThrowsAsync<HttpRequestException>(() => world.PublishAsync(PublishingWorld.Draft(9)));
        world.Audit.IsDown = false;

        await world.Publisher.TakeOverFolderAsync(PublishingWorld.Files(8), "config", Token);

        AuditEntry told = world.Audit.Entries.Single(e => e.Subject == PublishingWorld.Draft(9).Version && e.Kind == AuditKinds.Publish);
        Assert.Equal(("ana", "because"), (told.By, told.Why));
    }

    [Fact]
    public async Task A_version_keeps_its_author_its_base_and_what_it_changed()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync(8);
        string first = await world.ActiveAsync();
        await world.Publisher.KeepAsync(PublishingWorld.Draft(9), PublishingWorld.Order("ana"), Token);
        KeptDraft again = await world.Publisher.KeepAsync(PublishingWorld.Draft(9), PublishingWorld.Order("bob"), Token);

        Assert.False(again.IsNew);
        Assert.Equal(("ana", first, "because"), (again.Version.Author, again.Version.BaseVersion, again.Version.Reason));
        Assert.Contains("automaticFrom", again.Version.Changes, StringComparison.Ordinal);
    }
}
