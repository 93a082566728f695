using Abm.Matching;

namespace Abm.Shared.Tests.Matching;

public sealed class MatchWeightsTests
{
    private static readonly MatchWeights Weights = MatchWeights.Default;

    [Fact]
    public void What_is_missing_weighs_nothing() =>
        Assert.All((EvidenceKind[])[EvidenceKind.DomainMissing, EvidenceKind.NameMissing, EvidenceKind.PhoneMissing, EvidenceKind.PlaceMissing], kind => Assert.Equal(0, Weights.Of(kind)));

    [Fact]
    public void Stronger_evidence_is_never_worth_less()
    {
        Assert.True(Weights.KnownContact > Weights.DomainPrimary);
        Assert.True(Weights.DomainPrimary >= Weights.DomainSecondary && Weights.DomainSecondary >= Weights.DomainRelated);
        Assert.True(Weights.NameSame >= Weights.NameSameCore && Weights.NameSameCore >= Weights.NameMisspelt && Weights.NameMisspelt >= Weights.NameDoubtful);
        Assert.True(Weights.CityDiffers >= Weights.RegionDiffers && Weights.RegionDiffers >= Weights.CountryDiffers);
        Assert.True(Weights.NameDiffers < 0 && Weights.DomainDiffers < 0 && Weights.OtherBranch < 0);
    }

    [Fact]
    public void Every_kind_of_evidence_but_what_is_missing_has_a_weight_of_its_own()
    {
        EvidenceKind[] without = [EvidenceKind.DomainMissing, EvidenceKind.NameMissing, EvidenceKind.PhoneMissing, EvidenceKind.PhoneDiffers, EvidenceKind.PlaceMissing];
        var weights = typeof(MatchWeights).GetProperties().Where(property => property.PropertyType == typeof(double)).ToList();

        foreach (EvidenceKind kind in Enum.GetValues<EvidenceKind>().Except(without))
        {
            Assert.Single(weights, property =>
            {
                MatchWeights changed = Weights with { };
                property.SetValue(changed, 77.0);
                return changed.Of(kind) == 77.0;
            });
        }
    }
}
