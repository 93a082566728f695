using System.Text.Json;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Journeys;
using Abm.Replays;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Replays;

/// <summary>Why a lead did not get something.</summary>
/// <param name="Kind">What was asked about: <c>account</c>, <c>level</c>, <c>rep</c> or <c>play</c>.</param>
/// <param name="IsSo">The lead did get it.</param>
/// <param name="FirstFailed">The first condition that does not hold; null when it did get it.</param>
/// <param name="Conditions">All of them, in the order in which they are needed.</param>
/// <param name="NotRecorded">What the decision had not asked, and today's accounts or people answered.</param>
public sealed record WhyNotResponse(
    string LeadId,
    string DecisionId,
    string ConfigVersion,
    string Kind,
    string Target,
    string Step,
    bool IsSo,
    ConditionResponse? FirstFailed,
    IReadOnlyList<ConditionResponse> Conditions,
    IReadOnlyList<string> NotRecorded);

/// <summary>Something that would have had to be true.</summary>
/// <param name="Holds">Null: a fact that it needs is not known.</param>
public sealed record ConditionResponse(string Code, string Says, bool? Holds, IReadOnlyList<ReasonResponse> Details)
{
    public static ConditionResponse From(WhyNotCondition condition) => new(condition.Code, condition.Says, condition.Holds, ReasonResponse.From(condition.Details));
}

/// <summary>Answers "why did this lead not go to that rep, match that account, start that play?"</summary>
public sealed class AskWhyNot(DecisionQuestions questions)
{
    private const int MaxBodyBytes = 16 * 1024;
    private const int MaxTargetLength = 200;
    private static readonly string[] Kinds = [.. WhyNot.Kinds(JourneySteps.All)];
    private static readonly string[] Others = ["leadId", "decisionId", "config"];

    /// <summary><c>POST /api/why-not</c> with <c>{leadId | decisionId, account | level | rep | play, config?}</c>: no effects.</summary>
    [Function(nameof(AskWhyNot))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "why-not")] HttpRequest request, CancellationToken cancellationToken)
    {
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return body.Refusal!;
        List<Problem> problems = [];
        Dictionary<string, string> fields = Read(body.Document.RootElement, problems);
        string[] kinds = [.. Kinds.Where(fields.ContainsKey)];
        if (problems.Count == 0 && kinds.Length != 1)
            problems.Add(new Problem("required", "", $"Ask about exactly one of {string.Join(", ", Kinds)}."));
        if (problems.Count == 0 && !fields.ContainsKey("leadId") && !fields.ContainsKey("decisionId"))
            problems.Add(new Problem("required", "leadId", "Name the lead, or one of its decisions."));
        if (problems.Count > 0)
            return Problems.Invalid(problems);

        (AskedDecision? asked, ApiResult? refusal) = await questions.FindAsync(fields.GetValueOrDefault("decisionId"), fields.GetValueOrDefault("leadId"), cancellationToken);
        if (asked is null)
            return refusal!;
        AbmConfig config = asked.Config;
        JourneyDecision decision = asked.Decision;
        RecordedAccounts accounts = new(asked.Inputs.Accounts, asked.Today, new AccountMemory());
        if (fields.GetValueOrDefault("config") is { } version && version != config.Version)
        {
            if (await questions.ConfigAsync(version, cancellationToken) is not { } other)
                return Problems.NotFound("There is no configuration of this version.");
            config = other;
            decision = DecisionReplay.Decide(asked.Inputs, config, asked.Reps, accounts);
        }

        WhyNotAnswer answer = WhyNot.Ask(kinds[0], new WhyNotQuestion(fields[kinds[0]], decision, asked.Inputs, config, asked.Reps, accounts), JourneySteps.All)!;
        return new ApiResult(
            StatusCodes.Status200OK,
            new WhyNotResponse(
                decision.Lead.Id.Value,
                decision.DecisionId,
                config.Version,
                answer.Kind,
                answer.Target,
                answer.Step,
                answer.IsSo,
                answer.FirstFailed is { } failed ? ConditionResponse.From(failed) : null,
                [.. answer.Conditions.Select(ConditionResponse.From)],
                asked.NotRecorded(answer.NotRecorded)));
    }

    private static Dictionary<string, string> Read(JsonElement root, List<Problem> problems)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        if (root.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new Problem("wrongType", "", "A JSON object is expected."));
            return fields;
        }

        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!Kinds.Contains(property.Name, StringComparer.Ordinal) && !Others.Contains(property.Name, StringComparer.Ordinal))
                problems.Add(new Problem("unknownField", "", $"Not a field of this question: what is taken is {string.Join(", ", Others.Concat(Kinds))}."));
            else if (JsonFields.TextOf(property.Value, property.Name, problems) is { } text && FieldText.Clean(text, property.Name, MaxTargetLength, allowsLines: false, problems) is { } clean)
                fields[property.Name] = clean;
        }

        return fields;
    }
}
