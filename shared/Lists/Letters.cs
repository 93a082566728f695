namespace Abm.Lists;

/// <summary>How letters follow each other in words of organisation names, so that what is misspelt can be told by how odd it looks: <c>trrmius</c> beside <c>termius</c>.</summary>
internal static class Letters
{
    /// <summary>Bits that a letter of a usual word tells.</summary>
    private const float Usual = 3.5f;

    /// <summary>The end of a word, and the letters.</summary>
    private const int Signs = 27;

    private static readonly Lazy<float[]> Loaded = new(Load);

    /// <summary>How much odder a text looks than another, in bits: what it surprises by beyond what as many usual letters do. Anything but letters from a to z stands for the end of a word.</summary>
    public static double Odder(ReadOnlySpan<char> text, ReadOnlySpan<char> than) => Surprise(text) - Surprise(than);

    private static float Surprise(ReadOnlySpan<char> word)
    {
        float[] bits = Loaded.Value;
        float sum = 0;
        int before = 0;
        int last = 0;
        for (int i = 0; i <= word.Length; i++)
        {
            int sign = i < word.Length && word[i] is >= 'a' and <= 'z' and char c ? c - 'a' + 1 : 0;
            sum += bits[(((before * Signs) + last) * Signs) + sign] - Usual;
            (before, last) = sign == 0 ? (0, 0) : (last, sign);
        }

        return sum;
    }

    private static float[] Load()
    {
        var bits = new float[Signs * Signs * Signs];
        int at = 0;
        foreach (string line in EmbeddedList.Lines("letters.csv"))
        {
            foreach (char sign in line.AsSpan(line.IndexOf(';', StringComparison.Ordinal) + 1))
                bits[at++] = (sign - '0') / 2f;
        }

        return bits;
    }
}
