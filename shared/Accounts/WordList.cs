using System.Text;

namespace Abm.Accounts;

/// <summary>Words by number, packed into one piece of memory. Immutable.</summary>
internal sealed class WordList
{
    private readonly byte[] _text;
    private readonly int[] _ends;

    /// <param name="words">None of them longer than <see cref="FuzzyWords.Longest"/>.</param>
    public WordList(IReadOnlyCollection<string> words)
    {
        _ends = new int[words.Count];
        var text = new byte[words.Sum(Encoding.UTF8.GetByteCount)];
        int end = 0;
        int number = 0;
        foreach (string word in words)
        {
            end += Encoding.UTF8.GetBytes(word, text.AsSpan(end));
            _ends[number++] = end;
        }

        _text = text;
    }

    public int Count => _ends.Length;

    /// <summary>Writes a word out.</summary>
    /// <param name="to">As long as the longest word.</param>
    public ReadOnlySpan<char> Get(int number, Span<char> to)
    {
        int start = number == 0 ? 0 : _ends[number - 1];
        return to[..Encoding.UTF8.GetChars(_text.AsSpan(start, _ends[number] - start), to)];
    }
}
