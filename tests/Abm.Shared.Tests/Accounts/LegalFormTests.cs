using Abm.Accounts;

namespace Abm.Shared.Tests.Accounts;

public sealed class LegalFormTests
{
    /// <summary>Country, and a form that companies there have at the end of their names (at the start where it begins with '^').</summary>
    public static TheoryData<string, string> Forms => new()
    {
        { "AE", "FZE" }, { "AL", "Sh.p.k." }, { "AM", "LLC" }, { "AR", "S.R.L." }, { "AT", "GesmbH" }, { "AU", "Pty Ltd" }, { "AZ", "MMC" }, { "BA", "d.o.o." }, { "BD", "Ltd." }, { "BE", "BVBA" },
        { "BG", "EOOD" }, { "BG", "АД" }, { "BO", "S.A." }, { "BR", "Ltda." }, { "BR", "S/A" }, { "BY", "ОАО" }, { "CA", "Ltée" }, { "CH", "GmbH" }, { "CH", "Sàrl" }, { "CL", "SpA" },
        { "CL", "Limitada" }, { "CN", "Co., Ltd." }, { "CN", "有限公司" }, { "CO", "S.A.S." }, { "CR", "S.A." }, { "CY", "Limited" }, { "CZ", "s.r.o." }, { "CZ", "a.s." }, { "DE", "GmbH & Co. KG" }, { "DE", "UG (haftungsbeschränkt)" },
        { "DE", "e.V." }, { "DK", "ApS" }, { "DK", "A/S" }, { "EC", "S.A." }, { "EE", "OÜ" }, { "EG", "S.A.E." }, { "ES", "S.L.U." }, { "ES", "S.A." }, { "FI", "Oyj" }, { "FI", "Oy" },
        { "FR", "SARL" }, { "FR", "SAS" }, { "GB", "PLC" }, { "GB", "LLP" }, { "GE", "LLC" }, { "GR", "A.E." }, { "GR", "ΑΕ" }, { "HK", "Limited" }, { "HR", "d.d." }, { "HU", "Kft." },
        { "HU", "Zrt." }, { "ID", "Tbk" }, { "ID", "^PT" }, { "IE", "DAC" }, { "IL", "בע\"מ" }, { "IN", "Pvt. Ltd." }, { "IR", "PJSC" }, { "IS", "ehf." }, { "IT", "S.p.A." }, { "IT", "S.r.l." },
        { "JP", "K.K." }, { "JP", "株式会社" }, { "KE", "Ltd" }, { "KR", "Co., Ltd." }, { "KR", "주식회사" }, { "KW", "K.S.C." }, { "KZ", "ТОО" }, { "LI", "AG" }, { "LT", "^UAB" }, { "LU", "S.à r.l." },
        { "LV", "^SIA" }, { "MK", "DOOEL" }, { "MT", "Ltd" }, { "MX", "S.A. de C.V." }, { "MX", "S. de R.L. de C.V." }, { "MY", "Sdn. Bhd." }, { "MY", "Berhad" }, { "NG", "Plc" }, { "NL", "B.V." }, { "NL", "N.V." },
        { "NO", "ASA" }, { "NO", "AS" }, { "NZ", "Limited" }, { "PE", "S.A.C." }, { "PH", "Inc." }, { "PK", "(Pvt.) Ltd." }, { "PL", "Sp. z o.o." }, { "PL", "S.A." }, { "PT", "Lda." }, { "RO", "S.R.L." },
        { "RS", "a.d." }, { "RU", "ООО" }, { "RU", "ПАО" }, { "SA", "LLC" }, { "SE", "AB" }, { "SE", "AB (publ)" }, { "SG", "Pte. Ltd." }, { "SI", "d.o.o." }, { "SK", "spol. s r.o." }, { "TH", "Public Company Limited" },
        { "TR", "A.Ş." }, { "TR", "Ltd. Şti." }, { "TW", "Co., Ltd." }, { "UA", "ТОВ" }, { "UA", "LLC" }, { "US", "Inc." }, { "US", "Corp." }, { "US", "L.L.C." }, { "US", "PLLC" }, { "UY", "S.A." },
        { "VE", "S.A." }, { "VN", "JSC" }, { "ZA", "(Pty) Ltd" }, { "LK", "PLC" }, { "MA", "SARL" }, { "QA", "Q.P.S.C." }, { "BH", "W.L.L." }, { "OM", "SAOG" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_legal_form_is_no_part_of_the_name(string country, string form)
    {
        string name = form[0] == '^' ? $"{form[1..]} Quixatron" : $"Quixatron {form}";

        Assert.True(NameKey.Read(name)!.Full == "quixatron", $"{country}: {name} is {NameKey.Read(name)!.Full}");
    }

    [Fact]
    public void Forms_of_sixty_countries_are_tried() => Assert.True(Forms.Select(row => row.Data.Item1).Distinct().Count() >= 60);
}
