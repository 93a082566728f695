using FsCheck;
using FsCheck.Fluent;

namespace Abm.Shared.Tests.Accounts;

/// <summary>Texts as nobody should write them: pieces that normalising treats specially, put together at random, with what Unicode has to offer between them.</summary>
internal static class HostileTexts
{
    private static readonly string[] Pieces =
    [
        "Acme", "acme", "ACME", "Co", "Co.", "Ltd", "GmbH", "& Co. KG", "S.A. de C.V.", "s.r.o.", "(UK)", "(HR)", "[x]", "{", ")", "((", "- Purchasing", "/", "|", "@", "@@", ".", "..", "…", "_", "-", "–", "'", "’", "\"", "<", ">", ";", ",", ":", "+", "&", "AT&T", "A.B.C.", "1", "007", "²", "½", "Ⅳ", "①",
        "ß", "ẞ", "æ", "Œ", "ø", "Ł", "đ", "ð", "ħ", "ı", "İ", "I", "ς", "Σ", "ﬁ", "ﬃ", "Å", "Å", "ö", "o\u0308", "e\u0301\u0301\u0301", "\u0301", "\u0345", "\u1E9B\u0323", "ﷺ", "株式会社", "有限公司", "日立", "ｱｸﾒ", "Ａｃｍｅ", "각", "\u1100\u1161\u11A8", "ООО", "שלום", "בע\"מ", "شركة", "ไทย", "บริษัท", "नमस्ते",
        "\u200B", "\u200D", "\u200E", "\u202E", "\u2066", "\uFE0F", "\uFEFF", "\u00AD", "\u0000", "\u0007", "\u0085", "\u2028", "\uFFFD", "\uFFFE", "\uFFFF", "\uD800", "\uDC00", "🚀", "👩‍🚀", "𝔸𝕔𝕞𝕖", "𐐀", " ", "  ", "\t", "\r\n", "\u00A0", "\u3000",
        "www.", "www.www.acme.com", "http://", "https://www.", "mailto:", ".com", ".co.uk", ".github.io", "xn--", "xn--bcher-kva", "bücher.de", "。", ":443", "/path?x#y", "127.0.0.1", "[::1]", "localhost", "+49", "0049", "(0)", "x12", "ext", "St", "Saint", "N", "Suite 5", "Holdings", "The", "of", "dba", " at ",
    ];

    /// <summary>Most are short; some are longer than what is looked at.</summary>
    public static Gen<string> Any { get; } =
        from pieces in Gen.Elements(Pieces).ArrayOf()
        from separator in Gen.Elements("", "", " ")
        from times in Gen.Frequency((19, Gen.Constant(1)), (1, Gen.Constant(200)))
        select string.Concat(Enumerable.Repeat(string.Join(separator, pieces), times));

    /// <summary>Fails where a law does not hold for some text; more tries than usual, since there are many ways to be hostile.</summary>
    public static void Hold(Func<string, bool> law) => Prop.ForAll(Any.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(600));
}
