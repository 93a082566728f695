using System.Text;
using Microsoft.Extensions.Configuration;

namespace Abm.Local.Hosting;

/// <summary>Replaces <c>%Setting%</c> in attribute values by the setting's value.</summary>
public static class SettingNames
{
    /// <summary>Replaces every <c>%Name%</c>.</summary>
    /// <param name="text">The attribute's value.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="usedBy">The function, for the message.</param>
    /// <exception cref="LocalRuntimeException">A setting is missing, or a <c>%</c> has no partner.</exception>
    public static string Resolve(string text, IConfiguration configuration, string usedBy)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(configuration);
        var resolved = new StringBuilder();
        int position = 0;
        while (text.IndexOf('%', position) is >= 0 and int start)
        {
            int end = text.IndexOf('%', start + 1);
            if (end < 0)
                throw new LocalRuntimeException($"{usedBy}: '{text}' has a % without its partner; a setting is written %Name%.");
            string name = text[(start + 1)..end];
            resolved.Append(text, position, start - position);
            resolved.Append(configuration[name.Replace("__", ":", StringComparison.Ordinal)]
                ?? throw new LocalRuntimeException($"{usedBy}: the setting '{name}' in '{text}' does not exist; add it to Values in local.settings.json or to the environment."));
            position = end + 1;
        }

        return resolved.Append(text, position, text.Length - position).ToString();
    }
}
