using Abm.Accounts;
using Abm.Configuration;
using Abm.Leads;
using Abm.TestKit;

namespace Abm.Shared.Tests.Configuration;

/// <summary>What lint proves about conditions is held against the evaluator itself, on leads drawn with a fixed seed.</summary>
public sealed class ConditionSpaceTests
{
    private static readonly string?[] Texts = [null, "a", "ab", "abc", "B", "xyz", "3", "5", "10", "10.2", "10.5", "12", "007"];
    private static readonly int?[] Sizes = [null, 1, 49, 50, 51, 199, 200, 201, 5000, 6000];

    [Fact]
    public void A_condition_that_is_called_never_true_is_true_of_no_lead()
    {
        Draw draw = new(11);
        IReadOnlyList<Facts> leads = Leads();
        int proved = 0;
        for (int i = 0; i < 1000; i++)
        {
            Predicate predicate = draw.Predicate(3);
            if (ConditionSpace.Of([predicate], FactFields.Find)?.WhereTrue(predicate) is not { } boxes)
                continue;
            bool isTrueOfSome = leads.Any(l => PredicateEvaluator.Evaluate(predicate, l).IsTrue);
            Assert.False(boxes.Count == 0 && isTrueOfSome, PredicateWords.Say(predicate));
            proved += boxes.Count == 0 ? 1 : 0;
        }

        Assert.True(proved > 20, $"Only {proved} conditions were never true: the draw shows nothing.");
    }

    [Fact]
    public void Where_one_condition_is_said_to_be_covered_by_others_every_lead_agrees()
    {
        Draw draw = new(12);
        IReadOnlyList<Facts> leads = Leads();
        int proved = 0;
        for (int i = 0; i < 500; i++)
        {
            Predicate mine = draw.Predicate(2);
            Predicate[] others = [draw.Predicate(2), draw.Predicate(1), draw.Predicate(1)];
            if (ConditionSpace.Of([mine, .. others], FactFields.Find) is not { } space || space.WhereTrue(mine) is not { Count: > 0 } boxes)
                continue;
            Box[] covers = [.. others.SelectMany(o => space.WhereTrue(o) ?? [])];
            if (!boxes.All(b => space.Covered(b, covers)))
                continue;
            proved++;
            foreach (Facts lead in leads.Where(l => PredicateEvaluator.Evaluate(mine, l).IsTrue))
                Assert.True(others.Any(o => PredicateEvaluator.Evaluate(o, lead).IsTrue), $"{PredicateWords.Say(mine)} is not covered by {string.Join(" | ", others.Select(PredicateWords.Say))}");
        }

        Assert.True(proved > 20, $"Only {proved} were covered: the draw shows nothing.");
    }

    [Fact]
    public void Of_values_and_numbers_it_proves_exactly_what_the_evaluator_shows()
    {
        // Without texts that contain or fit something the space is exact: the leads stand for every value that is compared and for those between them.
        Draw draw = new(13, isExact: true);
        IReadOnlyList<Facts> leads = [.. Leads().Where(l => l.Text("account.tier") == "none")];
        for (int i = 0; i < 1000; i++)
        {
            Predicate[] both = [draw.Predicate(2), draw.Predicate(2)];
            ConditionSpace space = ConditionSpace.Of(both, FactFields.Find)!;
            IReadOnlyList<Box> first = space.WhereTrue(both[0])!;
            IReadOnlyList<Box> second = space.WhereTrue(both[1])!;
            bool proved = first.All(b => space.Covered(b, second));
            bool seen = leads.All(l => !PredicateEvaluator.Evaluate(both[0], l).IsTrue || PredicateEvaluator.Evaluate(both[1], l).IsTrue);
            Assert.True(proved == seen, $"{PredicateWords.Say(both[0])} / {PredicateWords.Say(both[1])}: proved {proved}, seen {seen}");
        }
    }

    [Theory]
    [InlineData("account.employees", "gte 5000", "gte 1000", true)]
    [InlineData("account.employees", "gte 1000", "gte 5000", false)]
    [InlineData("account.employees", "between 200,999", "gt 199", true)]
    [InlineData("account.employees", "gt 199", "gte 200", true)]
    [InlineData("lead.custom.size", "gt 199", "gte 200", false)]
    [InlineData("lead.custom.size", "gte 200", "exists", true)]
    [InlineData("account.industry", "in a,b", "in B,c,A", true)]
    [InlineData("account.industry", "equals rail transport", "contains transport", true)]
    [InlineData("account.industry", "contains rail transport", "contains transport", true)]
    [InlineData("account.industry", "contains transport", "contains rail transport", false)]
    [InlineData("account.industry", "startsWith rail", "contains ai", true)]
    [InlineData("account.industry", "equals x", "notEquals y", true)]
    [InlineData("account.industry", "notEquals y", "exists false", false)]
    [InlineData("account.tier", "notIn oneToOne,oneToFew", "in none,oneToMany", true)]
    [InlineData("account.known", "notEquals true", "equals false", true)]
    [InlineData("account.employees", "gt 1e3", "gt 1000", true)]
    public void Implications_are_seen(string field, string one, string other, bool implied)
    {
        Predicate[] both = [Test(field, one), Test(field, other)];
        ConditionSpace space = ConditionSpace.Of(both, FactFields.Find)!;

        Assert.Equal(implied, space.WhereTrue(both[0])!.All(b => space.Covered(b, space.WhereTrue(both[1])!)));
    }

    [Fact]
    public void Too_many_alternatives_are_left_alone_instead_of_taking_for_ever()
    {
        Predicate[] fields = [.. Enumerable.Range(0, 40).Select(i => new Predicate.Any([A.Test($"lead.custom.a{i}", PredicateOp.Equals, "x"), A.Test($"lead.custom.b{i}", PredicateOp.Equals, "y")]))];
        Predicate huge = new Predicate.All(fields);
        ConditionSpace space = ConditionSpace.Of([huge], FactFields.Find)!;

        Assert.Null(space.WhereTrue(huge));
        Assert.Null(ConditionSpace.Of([.. Enumerable.Range(0, 9).Select(i => A.Test("lead.title", PredicateOp.Contains, $"t{i}"))], FactFields.Find));
    }

    private static Predicate Test(string field, string comparison)
    {
        string[] words = comparison.Split(' ', 2);
        return new Predicate.Test(field, Enum.Parse<PredicateOp>(words[0], ignoreCase: true), words.Length == 1 ? [] : words[1].Split(','));
    }

    private static List<Facts> Leads()
    {
        List<Facts> leads = [];
        foreach (string? text in Texts)
        {
            foreach (int? size in Sizes)
            {
                foreach (AccountTier? tier in new AccountTier?[] { null, AccountTier.None, AccountTier.OneToOne, AccountTier.OneToFew, AccountTier.OneToMany })
                {
                    Lead lead = text is null ? A.Lead() : A.Lead().With("x", text);
                    Account? account = tier is null ? null : A.Account() with { Tier = tier.Value, EmployeeCount = size };
                    leads.Add(new Facts(lead, A.Match(account), account));
                }
            }
        }

        return leads;
    }

    /// <summary>Draws conditions, the same ones every time.</summary>
    private sealed class Draw(uint seed, bool isExact = false)
    {
        private uint _state = seed;

        public Predicate Predicate(int depth) => depth == 0 || Next(4) == 0 ? Test() : Next(3) switch
        {
            0 => new Predicate.All([Predicate(depth - 1), Predicate(depth - 1)]),
            1 => new Predicate.Any([Predicate(depth - 1), Predicate(depth - 1)]),
            _ => new Predicate.Not(Predicate(depth - 1)),
        };

        private Predicate.Test Test() => (isExact ? Next(2) * 2 : Next(3)) switch
        {
            0 => Number("account.employees", () => $"{Pick(50, 51, 200, 5000)}"),
            1 => new Predicate.Test("account.tier", Pick(PredicateOp.Equals, PredicateOp.NotEquals, PredicateOp.In, PredicateOp.NotIn), [Pick("oneToOne", "oneToFew", "oneToMany", "none")]),
            _ => Next(3) == 0 ? Number("lead.custom.x", () => Pick("5", "10", "10.5")) : Text(),
        };

        private Predicate.Test Number(string field, Func<string> value) => Pick(PredicateOp.Gt, PredicateOp.Gte, PredicateOp.Lt, PredicateOp.Lte, PredicateOp.Equals, PredicateOp.Exists, PredicateOp.Between) switch
        {
            PredicateOp.Exists => new Predicate.Test(field, PredicateOp.Exists, [Pick("true", "false")]),
            PredicateOp.Between => new Predicate.Test(field, PredicateOp.Between, [.. new[] { value(), value() }.OrderBy(PredicateEvaluator.Number)]),
            PredicateOp op => new Predicate.Test(field, op, [value()]),
        };

        private Predicate.Test Text() => !isExact && Next(2) == 0
            ? new Predicate.Test("lead.custom.x", Pick(PredicateOp.Contains, PredicateOp.StartsWith, PredicateOp.EndsWith, PredicateOp.Regex), [Pick("a", "ab", "b", "0")])
            : new Predicate.Test("lead.custom.x", Pick(PredicateOp.Equals, PredicateOp.NotEquals, PredicateOp.In, PredicateOp.NotIn), [Pick("a", "AB", "10.0", "7")]);

        private T Pick<T>(params T[] among) => among[Next(among.Length)];

        private int Next(int below)
        {
            _state = (_state * 1_664_525) + 1_013_904_223;
            return (int)((_state >> 8) % (uint)below);
        }
    }
}
