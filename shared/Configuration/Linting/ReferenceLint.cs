namespace Abm.Configuration;

/// <summary>What is defined and used by nobody, and names that can be taken for each other.</summary>
internal static class ReferenceLint
{
    public static void Add(LintScope scope)
    {
        ILookup<string, string> used = scope.Parts.SelectMany(ConfigReferences.In).ToLookup(r => r.Section, r => r.Name, StringComparer.Ordinal);
        foreach (ConfigPart section in scope.Sections.Where(s => s.Value is not null && s.Shape is MapShape))
        {
            MapShape map = (MapShape)section.Shape;
            IReadOnlyList<KeyValuePair<string, object>> items = map.Items(section.Value!);
            if (section.Property?.Declared<DefinitionsAttribute>() is { } definitions)
                Unused(section, definitions, items, used, map, scope);
            foreach (IGrouping<string, string> alike in items.Select(i => i.Key).GroupBy(k => k, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
                scope.Add(LintCodes.NameCase, ConfigPath.Join(section.Path, alike.Last()), $"{string.Join(" and ", alike.Select(n => $"'{n}'"))} differ in capital letters only.");
        }
    }

    private static void Unused(ConfigPart section, DefinitionsAttribute definitions, IReadOnlyList<KeyValuePair<string, object>> items, ILookup<string, string> used, MapShape map, LintScope scope)
    {
        if (definitions.AlsoNamedByReps && scope.Context.Reps is null)
            return;
        string[] byReps = definitions.AlsoNamedByReps ? [.. scope.Context.Reps!.Select(r => r.Calendar).OfType<string>()] : [];
        foreach ((string name, object value) in items)
        {
            if (!used[section.Path].Contains(name, StringComparer.Ordinal) && !byReps.Contains(name, StringComparer.Ordinal) && !ChoosesItself(value) && !IsBuiltIn(section.Property!, name, value, map))
                scope.Add(LintCodes.Unused, ConfigPath.Join(section.Path, name), $"Nothing refers to {definitions.What} '{name}'.");
        }
    }

    /// <summary>A calendar that says for which pools, teams or countries it is needs nobody to name it.</summary>
    private static bool ChoosesItself(object value) => value is CalendarRules calendar && calendar.Pools.Count + calendar.Teams.Count + calendar.Countries.Count > 0;

    /// <summary>What the product brings itself is nobody's leftover.</summary>
    private static bool IsBuiltIn(ConfigProperty section, string name, object value, MapShape map)
    {
        if (ConfigModel.Abm.Find(section.Name) is not { Shape: MapShape known } own || known.GetType() != map.GetType() || own.Get(AbmConfig.Default) is not { } defaults)
            return false;
        return known.Items(defaults).Any(d => d.Key == name && CanonicalConfig.Write(map.Item.Write(d.Value)) == CanonicalConfig.Write(map.Item.Write(value)));
    }
}
