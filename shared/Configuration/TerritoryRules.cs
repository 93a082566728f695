namespace Abm.Configuration;

/// <summary>Whose leads of a part of the market are: where the company is, how large, in which industry, for which product. What is not said is not restricted.</summary>
/// <remarks>Of several that fit a lead the one that restricts the most wins, then the one with the higher priority, then the first by id.</remarks>
[Says("territory"), CheckedBy(typeof(TerritoryCheck))]
public sealed record TerritoryRules
{
    /// <summary>The key it stands under.</summary>
    [NotWritten]
    public string Name { get; init; } = "";

    /// <summary>Countries, two capital letters each.</summary>
    [Says("countries"), Format(TextFormat.Country)]
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>States or provinces, as they are written.</summary>
    [Says("states")]
    public IReadOnlyList<string> States { get; init; } = [];
    [Says("cities")]
    public IReadOnlyList<string> Cities { get; init; } = [];
    [Says("industries")]
    public IReadOnlyList<string> Industries { get; init; } = [];

    /// <summary>Least number of the account's employees; null = any.</summary>
    [Says("employees from"), Between(0, 100_000_000)]
    public int? EmployeesFrom { get; init; }

    /// <summary>Greatest number of the account's employees, included; null = any.</summary>
    [Says("employees up to"), Between(0, 100_000_000)]
    public int? EmployeesTo { get; init; }

    /// <summary>Values of the custom field <c>product</c>, of the lead or else of the account.</summary>
    [Says("products")]
    public IReadOnlyList<string> Products { get; init; } = [];

    /// <summary>A further condition; null = none.</summary>
    [Says("when")]
    public Predicate? When { get; init; }

    /// <summary>Decides between territories that restrict equally much; the higher wins.</summary>
    [Says("priority"), Between(-1000, 1000)]
    public int Priority { get; init; }

    /// <summary>A rep, a pool, the pod of the segment, the account's owner, or a queue.</summary>
    [Says("goes to")]
    public required RouteTarget To { get; init; }

    /// <summary>Why it is so, for whoever reads the rule book.</summary>
    [Says("why")]
    public string? Why { get; init; }

    /// <summary>How much it restricts: one for each of country, state, city, industry, size, product and a further condition.</summary>
    [NotWritten]
    public int Specificity =>
        (Countries.Count > 0 ? 1 : 0) + (States.Count > 0 ? 1 : 0) + (Cities.Count > 0 ? 1 : 0) + (Industries.Count > 0 ? 1 : 0)
        + (EmployeesFrom is not null || EmployeesTo is not null ? 1 : 0) + (Products.Count > 0 ? 1 : 0) + (When is null ? 0 : 1);

    /// <summary>All that it asks for as one condition; null = it takes everything.</summary>
    [NotWritten]
    public Predicate? Condition
    {
        get
        {
            List<Predicate> parts = [];
            In("territory.countryCode", Countries);
            In("territory.state", States);
            In("territory.city", Cities);
            In("account.industry", Industries);
            if (EmployeesFrom is { } from)
                parts.Add(new Predicate.Test("account.employees", PredicateOp.Gte, [from.ToString(System.Globalization.CultureInfo.InvariantCulture)]));
            if (EmployeesTo is { } to)
                parts.Add(new Predicate.Test("account.employees", PredicateOp.Lte, [to.ToString(System.Globalization.CultureInfo.InvariantCulture)]));
            In("territory.product", Products);
            if (When is not null)
                parts.Add(When);
            return parts.Count switch { 0 => null, 1 => parts[0], _ => new Predicate.All(parts) };

            void In(string fact, IReadOnlyList<string> values)
            {
                if (values.Count > 0)
                    parts.Add(new Predicate.Test(fact, PredicateOp.In, values));
            }
        }
    }
}

/// <summary>A pool for a segment of accounts: a pod that knows them.</summary>
[Says("pod")]
public sealed record PodRule : IRule
{
    /// <summary>Short name in words, unique among the pods.</summary>
    [Says("name")]
    public required string Name { get; init; }

    /// <summary>The segment; null = every account that no pod before has.</summary>
    [Says("segment")]
    public Predicate? When { get; init; }

    [Says("pool"), RefersTo("pools", "pool")]
    public required string Pool { get; init; }

    /// <summary>Why it is so, for whoever reads the rule book.</summary>
    [Says("why")]
    public string? Why { get; init; }
}
