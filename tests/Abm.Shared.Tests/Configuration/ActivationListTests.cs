using Abm.Ports;

namespace Abm.Shared.Tests.Configuration;

public sealed class ActivationListTests
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_began_last_is_in_force_and_of_two_that_began_together_the_one_written_later()
    {
        ActivationList list = new([Entry(1, "A", 0), Entry(2, "B", 60), Entry(3, "C", 30), Entry(4, "D", 30)]);

        Assert.Equal("A", list.InForceAt(T0)!.Version);
        Assert.Equal("A", list.InForceAt(At(29.9))!.Version);
        Assert.Equal("D", list.InForceAt(At(30))!.Version);
        Assert.Equal("B", list.InForceAt(At(60))!.Version);
        Assert.Equal("B", list.InForceAt(At(1e6))!.Version);
    }

    [Fact]
    public void Before_the_first_began_the_first_is_in_force_and_without_any_nothing()
    {
        Assert.Equal("A", new ActivationList([Entry(1, "A", 0), Entry(2, "B", 10)]).InForceAt(At(-5))!.Version);
        Assert.Null(ActivationList.Empty.InForceAt(T0));
    }

    [Fact]
    public void What_was_taken_back_never_comes_into_force()
    {
        ActivationList list = new([Entry(1, "A", 0), Entry(2, "B", 60), Cancel(3, of: 2, at: 10), Entry(4, "C", 90)]);

        Assert.Equal("A", list.InForceAt(At(75))!.Version);
        Assert.Equal(["C"], list.PendingAt(At(20)).Select(p => p.Version));
    }

    [Fact]
    public void What_the_head_forgets_changes_no_answer_from_then_on()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            List<Activation> log = [];
            ActivationList head = ActivationList.Empty;
            double now = 0;
            for (int sequence = 1; sequence <= 40; sequence++)
            {
                now += random.Next(0, 4);
                IReadOnlyList<Activation> pending = head.PendingAt(At(now));
                Activation entry = random.Next(4) switch
                {
                    0 => Entry(sequence, $"v{random.Next(6)}", now + random.Next(1, 30), now),
                    1 when pending.Count > 0 => Cancel(sequence, pending[random.Next(pending.Count)].Sequence, now),
                    _ => Entry(sequence, $"v{random.Next(6)}", now),
                };
                log.Add(entry);
                head = head.With([entry], At(now));

                ActivationList whole = new(log);
                for (double later = now; later < now + 40; later += 0.5)
                {
                    (Activation? InForce, IReadOnlyList<Activation> Pending) expected = (whole.InForceAt(At(later)), whole.PendingAt(At(later)));
                    (Activation? InForce, IReadOnlyList<Activation> Pending) answer = (head.InForceAt(At(later)), head.PendingAt(At(later)));
                    if (expected.InForce != answer.InForce || !expected.Pending.SequenceEqual(answer.Pending))
                        Assert.Fail($"seed {seed}, {sequence}: at {later}");
                }
            }

            Assert.True(head.Entries.Count < log.Count, "The head does not grow with the log.");
        }
    }

    [Fact]
    public void The_order_in_which_entries_are_read_makes_no_difference()
    {
        Activation[] entries = [Entry(1, "A", 0), Entry(2, "B", 60), Entry(3, "C", 30), Cancel(4, of: 2, at: 40), Entry(5, "D", 60)];
        ActivationList forwards = new(entries), backwards = new([.. entries.Reverse()]);

        for (double at = -10; at < 100; at++)
            Assert.Equal(forwards.InForceAt(At(at)), backwards.InForceAt(At(at)));
    }

    [Fact]
    public void A_version_is_named_after_every_byte_of_its_files_and_what_they_say()
    {
        string id = ConfigVersion.IdOf("{}", [File("a.yaml", "x: 1"), File("b.yaml", "y: 2")]);

        Assert.Equal(id, ConfigVersion.IdOf("{}", [File("b.yaml", "y: 2"), File("a.yaml", "x: 1")]));
        Assert.Equal(6, new[]
        {
            id,
            ConfigVersion.IdOf("{}", [File("a.yaml", "x: 1 "), File("b.yaml", "y: 2")]),
            ConfigVersion.IdOf("{}", [File("a.yml", "x: 1"), File("b.yaml", "y: 2")]),
            ConfigVersion.IdOf("[]", [File("a.yaml", "x: 1"), File("b.yaml", "y: 2")]),
            ConfigVersion.IdOf("{}", [File("a.yaml", "y: 2"), File("b.yaml", "x: 1")]),
            ConfigVersion.IdOf("{}", []),
        }.Distinct().Count());
    }

    private static ConfigSourceFile File(string name, string text) => new(name, System.Text.Encoding.UTF8.GetBytes(text));

    private static DateTimeOffset At(double seconds) => T0 + TimeSpan.FromSeconds(seconds);

    private static Activation Entry(long sequence, string version, double from, double? at = null) =>
        new(sequence, at is null ? ActivationKind.Publish : ActivationKind.Schedule, version, At(from), null, At(at ?? from), "me", "why", null);

    private static Activation Cancel(long sequence, long of, double at) => new(sequence, ActivationKind.Cancel, "x", At(at), of, At(at), "me", "why", null);
}
