using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Matching;
using Abm.People;

namespace Abm.Replays;

/// <summary>A question "why did the lead not …?" that a step answers.</summary>
/// <param name="Kind">The word it is asked by, such as <c>rep</c>; unique among all steps.</param>
/// <param name="Ask">The conditions that would all have had to hold, in order.</param>
public sealed record WhyNotKind(string Kind, Func<WhyNotQuestion, WhyNotFinding> Ask);

/// <summary>Why did this lead not get that?</summary>
/// <param name="Target">The account, rep, play, … that is asked about.</param>
/// <param name="Decision">As it was made.</param>
/// <param name="Config">The rules that it was made by.</param>
/// <param name="Accounts">What it read of the accounts.</param>
public sealed record WhyNotQuestion(
    string Target, JourneyDecision Decision, DecisionInputs Inputs, AbmConfig Config, IReadOnlyDictionary<RepId, Rep> Reps, RecordedAccounts Accounts)
{
    /// <summary>The account that it was matched to; null when none.</summary>
    public Account? Account { get; } = Decision.Match is MatchDecision.Matched matched ? Accounts.Find(matched.Account) : null;

    /// <summary>What conditions could ask about when routing and plays were decided.</summary>
    public Facts Facts => new(Decision.Lead, Decision.Match, Account, Decision.Score);
}

/// <summary>What a step finds out.</summary>
/// <param name="IsSo">The lead did get it: there is nothing to ask why not.</param>
/// <param name="Conditions">In the order in which they are needed.</param>
public sealed record WhyNotFinding(bool IsSo, IReadOnlyList<WhyNotCondition> Conditions);

/// <summary>Something that would have had to be true.</summary>
/// <param name="Code">Stable, such as <c>whyNot.account.points</c>.</param>
/// <param name="Says">One sentence that says how it is.</param>
/// <param name="Holds">Null: a fact that it needs is not known, which counts as no.</param>
/// <param name="Details">What it rests on.</param>
public sealed record WhyNotCondition(string Code, string Says, bool? Holds, IReadOnlyList<Reason> Details)
{
    public WhyNotCondition(string code, string says, bool? holds)
        : this(code, says, holds, [])
    {
    }
}

/// <summary>The answer.</summary>
/// <param name="FirstFailed">The first condition that does not hold; null when the lead did get it.</param>
/// <param name="NotRecorded">Questions that the decision had not asked and that were answered from today's accounts, or not at all.</param>
public sealed record WhyNotAnswer(
    string Kind, string Target, string Step, bool IsSo, WhyNotCondition? FirstFailed, IReadOnlyList<WhyNotCondition> Conditions, IReadOnlyList<string> NotRecorded);

/// <summary>Answers "why not …?" by whichever step declares that it can.</summary>
public static class WhyNot
{
    /// <summary>Every word that can be asked by.</summary>
    public static IEnumerable<string> Kinds(IReadOnlyList<JourneyStep> steps) => steps.SelectMany(s => s.WhyNot).Select(w => w.Kind);

    /// <returns>Null: no step answers that kind of question.</returns>
    public static WhyNotAnswer? Ask(string kind, WhyNotQuestion question, IReadOnlyList<JourneyStep> steps)
    {
        foreach (JourneyStep step in steps)
        {
            if (step.WhyNot.FirstOrDefault(w => w.Kind == kind) is not { } declared)
                continue;
            WhyNotFinding finding = declared.Ask(question);
            return new WhyNotAnswer(
                kind, question.Target, step.Name, finding.IsSo, finding.IsSo ? null : finding.Conditions.FirstOrDefault(c => c.Holds != true), finding.Conditions, question.Accounts.NotRecorded);
        }

        return null;
    }
}
