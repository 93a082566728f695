using Abm.Decisions;
using Abm.People;
using Abm.TestKit;

namespace Abm.Shared.Tests.Routing;

public sealed class TeamsTests
{
    private static readonly IReadOnlyDictionary<RepId, Rep> Reps = new[]
    {
        A.Rep("sue") with { Email = "Sue@corp.example" }, A.Rep("sam").Under("sue"), A.Rep("ann").Under("sam") with { Email = "ann@corp.example" },
        A.Rep("x").Under("y") with { Email = "twice@corp.example" }, A.Rep("y").Under("x") with { Email = "twice@corp.example" }, A.Rep("orphan").Under("nobody"),
    }.ById();

    [Theory]
    [InlineData("sue@CORP.example", "sue")]
    [InlineData("ann", "ann")]
    [InlineData("twice@corp.example", null)]
    [InlineData("", null)]
    [InlineData("somebody else", null)]
    public void Who_signs_in_is_known_by_one_address_or_the_id(string name, string? rep) => Assert.Equal(rep, Teams.Of(name, Reps)?.Value);

    [Theory]
    [InlineData("ann", "ann", true)]
    [InlineData("sam", "ann", true)]
    [InlineData("sue", "ann", true)]
    [InlineData("ann", "sam", false)]
    [InlineData("x", "y", true)]
    [InlineData("ann", "x", false)]
    [InlineData("ann", "orphan", false)]
    public void A_rep_speaks_for_themselves_and_for_those_whom_they_manage(string who, string of, bool may) =>
        Assert.Equal(may, Teams.IsInCharge(RepId.Parse(who), RepId.Parse(of), Reps));
}
