namespace Abm.Configuration;

/// <summary>What happened to a value from one configuration to another.</summary>
public enum ConfigChangeKind
{
    Added,
    Removed,
    Changed,

    /// <summary>It is the same, at another place in an order that matters.</summary>
    Moved,
}

/// <summary>One difference.</summary>
/// <param name="Path">Where, entries of lists by their name where they have one: <c>routing[Americas].to</c>.</param>
/// <param name="Before">As it was, in short words; null when it was not there.</param>
/// <param name="After">As it is; null when it is gone. Of something moved: its new place.</param>
/// <param name="Says">The whole difference in a sentence for people.</param>
public sealed record ConfigChange(string Path, ConfigChangeKind Kind, string? Before, string? After, string Says);

/// <summary>What differs between two configurations, for people who approve, publish and look back.</summary>
public static class ConfigDiff
{
    private const int MostShown = 200;

    /// <summary>Every difference, in the order of the model's sections. Entries of lists are paired by name; what is only at another place in an order that matters is moved, not changed.</summary>
    public static IReadOnlyList<ConfigChange> Between(AbmConfig before, AbmConfig after) => Between<AbmConfig>(before, after);

    internal static IReadOnlyList<ConfigChange> Between<T>(T before, T after)
        where T : class
    {
        List<ConfigChange> changes = [];
        Record(ConfigModel.Of<T>(), before, after, "", "", changes);
        return changes;
    }

    private static void Record(ObjectShape shape, object before, object after, string path, string words, List<ConfigChange> changes)
    {
        foreach (ConfigProperty property in shape.Properties)
            Value(property.Shape, property, property.Get(before), property.Get(after), ConfigPath.Join(path, property.Name), Join(words, property.Label), changes);
    }

    private static void Value(ConfigShape shape, ConfigProperty? property, object? before, object? after, string path, string words, List<ConfigChange> changes)
    {
        if (before is null && after is null)
            return;
        if (before is null || after is null)
        {
            changes.Add(OneSided(shape, property, before, after, path, words));
            return;
        }

        switch (shape)
        {
            case ObjectShape record:
                Record(record, before, after, path, words, changes);
                break;
            case MapShape map:
                Named(map.Item, Pairs(map.Items(before)), Pairs(map.Items(after)), (name => ConfigPath.Join(path, name)), words, isOrdered: false, changes);
                break;
            case ListShape { Item: ObjectShape or HolidayForm } list:
                Named(list.Item, Names(property, list, before), Names(property, list, after), (name => ConfigPath.At(path, name)), words, isOrdered: list.Item is ObjectShape, changes);
                break;
            default:
                if (CanonicalConfig.Write(shape.Write(before)) != CanonicalConfig.Write(shape.Write(after)))
                {
                    (string was, string now) = (Say(shape, property, before), Say(shape, property, after));
                    changes.Add(new ConfigChange(path, ConfigChangeKind.Changed, was, now, $"{ConfigWords.Capital(words)}: {now} instead of {was}."));
                }

                break;
        }
    }

    private static ConfigChange OneSided(ConfigShape shape, ConfigProperty? property, object? before, object? after, string path, string words) => after is not null
        ? new ConfigChange(path, ConfigChangeKind.Added, null, Say(shape, property, after), $"{ConfigWords.Capital(words)} is new: {Say(shape, property, after)}.")
        : new ConfigChange(path, ConfigChangeKind.Removed, Say(shape, property, before!), null, $"{ConfigWords.Capital(words)} is gone; it was: {Say(shape, property, before!)}.");

    private static void Named(
        ConfigShape item,
        IReadOnlyList<(string Name, object Value)> before,
        IReadOnlyList<(string Name, object Value)> after,
        Func<string, string> at,
        string words,
        bool isOrdered,
        List<ConfigChange> changes)
    {
        Dictionary<string, object> old = before.ToDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal);
        Dictionary<string, object> current = after.ToDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal);
        foreach ((string name, object value) in before.Where(e => !current.ContainsKey(e.Name)))
            changes.Add(OneSided(item, null, value, null, at(name), $"{words} › {name}"));
        foreach ((string name, object value) in after)
            Value(item, null, old.GetValueOrDefault(name), value, at(name), $"{words} › {name}", changes);
        if (isOrdered)
            Moves([.. before.Select(e => e.Name).Where(current.ContainsKey)], [.. after.Select(e => e.Name).Where(old.ContainsKey)], at, words, changes);
    }

    /// <summary>The fewest entries that were put elsewhere: all but a longest run that kept its order.</summary>
    private static void Moves(string[] before, string[] after, Func<string, string> at, string words, List<ConfigChange> changes)
    {
        if (before.SequenceEqual(after, StringComparer.Ordinal))
            return;
        Dictionary<string, int> place = before.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal);
        int[] length = new int[after.Length];
        int[] previous = new int[after.Length];
        int last = -1;
        for (int i = 0; i < after.Length; i++)
        {
            (length[i], previous[i]) = (1, -1);
            for (int j = 0; j < i; j++)
            {
                if (place[after[j]] < place[after[i]] && length[j] + 1 > length[i])
                    (length[i], previous[i]) = (length[j] + 1, j);
            }

            if (last < 0 || length[i] > length[last])
                last = i;
        }

        HashSet<int> kept = [];
        for (int i = last; i >= 0; i = previous[i])
            kept.Add(i);
        for (int i = 0; i < after.Length; i++)
        {
            if (kept.Contains(i))
                continue;
            (string was, string now) = (ConfigWords.Ordinal(place[after[i]] + 1), ConfigWords.Ordinal(i + 1));
            string where = i == 0 ? "before all others" : $"after '{after[i - 1]}'";
            changes.Add(new ConfigChange(at(after[i]), ConfigChangeKind.Moved, was, now, $"{ConfigWords.Capital(words)} › {after[i]} now stands {where}."));
        }
    }

    private static List<(string, object)> Pairs(IReadOnlyList<KeyValuePair<string, object>> items) => [.. items.Select(i => (i.Key, i.Value))];

    /// <summary>Entries with their names; a second one of the same name gets a number, one without gets its place.</summary>
    private static List<(string Name, object Value)> Names(ConfigProperty? property, ListShape list, object value)
    {
        List<(string, object)> named = [];
        HashSet<string> used = new(StringComparer.Ordinal);
        int place = 0;
        foreach (object item in list.Items(value))
        {
            place++;
            string name = ConfigNames.OfEntry(property, list.Item, item) ?? FormattableString.Invariant($"{place}");
            for (int again = 2; !used.Add(name); again++)
                name = FormattableString.Invariant($"{ConfigNames.OfEntry(property, list.Item, item)}#{again}");
            named.Add((name, item));
        }

        return named;
    }

    private static string Say(ConfigShape shape, ConfigProperty? property, object value)
    {
        string words = shape is ObjectShape record ? record.Words(value, except: "name") : ConfigWords.WithUnit(property, shape.Words(value));
        return words.Length == 0 ? "nothing" : ConfigWords.Short(words, MostShown);
    }

    private static string Join(string words, string label) => words.Length == 0 ? label : $"{words} › {label}";
}
