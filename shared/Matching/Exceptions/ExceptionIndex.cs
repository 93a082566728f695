using System.Runtime.CompilerServices;
using Abm.Accounts;
using Abm.Configuration;

namespace Abm.Matching;

/// <summary>Which exceptions can concern a lead at all, and which an account: found by what their conditions must equal, without trying them all. Made once for a list of rules.</summary>
/// <remarks>
/// A rule that can only hold where a fact of the lead has one of some values (<c>lead.emailDomain is one of a, b</c>) is found by these. One that names an account and asks nothing is found by the account.
/// All others are always tried. What is not found would not have held: leaving it out changes no outcome.
/// </remarks>
internal sealed class ExceptionIndex
{
    private static readonly ConditionalWeakTable<IReadOnlyList<ExceptionRule>, ExceptionIndex> Made = [];

    // A bit for each hash of an account that a rule is about whatever the lead is.
    private readonly ulong[] _mayBeAbout = new ulong[1024];
    private readonly int[] _always;
    private readonly Dictionary<string, Dictionary<string, List<int>>> _byFact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _byAccount = new(StringComparer.Ordinal);

    private ExceptionIndex(IReadOnlyList<ExceptionRule> rules)
    {
        List<int> always = [];
        for (int i = 0; i < rules.Count; i++)
        {
            if (rules[i].When is null && rules[i] is { Account: { } account, Effect: not (ExceptionEffect.Pin or ExceptionEffect.Ignore) })
                AddAbout(account, i);
            else if (rules[i].When is { } when && Needed(when) is { } needed)
                AddAll(needed, i);
            else
                always.Add(i);
        }

        _always = [.. always];
    }

    public static ExceptionIndex Of(IReadOnlyList<ExceptionRule> rules) => Made.GetValue(rules, static list => new(list));

    /// <summary>Places of the rules that are to be tried for a lead, in order.</summary>
    public ReadOnlySpan<int> For(Facts lead)
    {
        List<int>? found = null;
        foreach ((string field, Dictionary<string, List<int>> values) in _byFact)
        {
            if (lead.Text(field) is { } value && values.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(value.AsSpan().Trim(), out List<int>? rules))
                (found ??= [.. _always]).AddRange(rules);
        }

        if (found is null)
            return _always;
        found.Sort();
        return found.Distinct().ToArray();
    }

    /// <summary>Whether <see cref="About"/> may name a rule; false for nearly all accounts that no rule is about.</summary>
    public bool MayBeAbout(uint idHash) => (_mayBeAbout[WordOf(idHash)] & (1UL << (int)(idHash & 63))) != 0;

    /// <summary>Places of the rules that are about this account whatever the lead is, in order.</summary>
    public IReadOnlyList<int> About(string account) => _byAccount.TryGetValue(account, out List<int>? rules) ? rules : [];

    // Facts of which one must have the value that stands with it; null: no such facts. One part of "all" is enough, of "any" every part must have some.
    private static List<(string Field, string Value)>? Needed(Predicate when) => when switch
    {
        Predicate.Test { Op: PredicateOp.Equals or PredicateOp.In } test when test.Field.StartsWith("lead.", StringComparison.Ordinal) && test.Values.All(value => PredicateEvaluator.Number(value) is null)
            => [.. test.Values.Select(value => (test.Field, value.Trim()))],
        Predicate.All all => all.Parts.Select(Needed).OfType<List<(string Field, string Value)>>().MinBy(needed => (needed.Max(one => Spread(one.Field)), needed.Count)),
        Predicate.Any any when any.Parts.Select(Needed).ToArray() is var parts && Array.TrueForAll(parts, part => part is not null) => [.. parts.SelectMany(part => part!)],
        _ => null,
    };

    // How many leads have the same value of a fact: few, some, many.
    private static int Spread(string field) => field switch
    {
        "lead.domain" or "lead.emailDomain" or "lead.companyKey" or "lead.company" or "lead.accountId" => 0,
        "lead.city" or "lead.title" => 1,
        _ => 2,
    };

    private int WordOf(uint idHash) => (int)(idHash >> 6) & (_mayBeAbout.Length - 1);

    private void AddAbout(string account, int rule)
    {
        Add(_byAccount, account, rule);
        uint hash = IndexKey.OfId(account);
        _mayBeAbout[WordOf(hash)] |= 1UL << (int)(hash & 63);
    }

    private void AddAll(List<(string Field, string Value)> needed, int rule)
    {
        foreach ((string field, string value) in needed)
        {
            if (!_byFact.TryGetValue(field, out Dictionary<string, List<int>>? values))
                _byFact[field] = values = new(StringComparer.OrdinalIgnoreCase);
            Add(values, value, rule);
        }
    }

    private static void Add(Dictionary<string, List<int>> to, string key, int rule)
    {
        if (!to.TryGetValue(key, out List<int>? rules))
            to[key] = rules = [];
        rules.Add(rule);
    }
}
