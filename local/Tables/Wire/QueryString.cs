using System.Globalization;
using System.Text;

namespace Azure.Data.Tables.Wire;

/// <summary>Composes an address with its query; parameters without a value are left out.</summary>
internal sealed class QueryString(string path)
{
    private readonly StringBuilder _text = new(path);
    private bool _hasParameter;

    public QueryString Add(string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return this;
        _text.Append(_hasParameter ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        _hasParameter = true;
        return this;
    }

    public QueryString Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
