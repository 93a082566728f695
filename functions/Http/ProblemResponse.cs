using Abm.Decisions;

namespace Abm.Functions.Http;

/// <summary>What is wrong with a request, after RFC 9457: all problems at once.</summary>
/// <param name="Type">Stable URI of the kind of problem; not meant to be opened.</param>
/// <param name="Title">The kind of problem, always the same words.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="Problems">One entry for each field that is wrong; empty when the request as a whole is.</param>
public record ProblemResponse(string Type, string Title, int Status, string Detail, IReadOnlyList<Problem> Problems);

/// <summary>Makes problem+json answers.</summary>
public static class Problems
{
    private const string TypePrefix = "urn:abm:problem:";

    /// <summary>400: the input was read and is wrong.</summary>
    public static ApiResult Invalid(IReadOnlyList<Problem> problems) =>
        Of(400, "invalid-input", "The input is not valid.", Summary(problems), problems);

    /// <summary>400: the input was read and one thing is wrong.</summary>
    public static ApiResult Invalid(string code, string field, string message) => Invalid([new Problem(code, field, message)]);

    /// <summary>404.</summary>
    public static ApiResult NotFound(string detail) => Of(404, "not-found", "There is no such thing.", detail, []);

    /// <summary>412: somebody saved first.</summary>
    public static ApiResult PreconditionFailed(string detail) => Of(412, "changed-meanwhile", "It was changed meanwhile.", detail, []);

    /// <summary>413.</summary>
    /// <param name="limit">The limit, in bytes.</param>
    public static ApiResult TooLarge(long limit) =>
        Of(413, "too-large", "The body is too large.", FormattableString.Invariant($"At most {limit} bytes are taken."), []);

    /// <summary>415.</summary>
    public static ApiResult UnsupportedMediaType(string detail) => Of(415, "unsupported-media-type", "This kind of body is not taken here.", detail, []);

    /// <summary>422: the key was used with another body.</summary>
    public static ApiResult KeyReused(string detail, params IReadOnlyList<Problem> problems) => Of(422, "key-reused", "The key belongs to another body.", detail, problems);

    /// <summary>428: an edit must say which version it changes.</summary>
    public static ApiResult PreconditionRequired(string detail) => Of(428, "precondition-required", "The edit must name the version it changes.", detail, []);

    /// <summary>503: nothing was lost on our side, try again.</summary>
    public static ApiResult Unavailable(string detail, TimeSpan retryAfter) =>
        Of(503, "storage-unavailable", "The storage cannot be reached.", detail, []).WithRetryAfter(retryAfter);

    /// <summary>Any other.</summary>
    /// <param name="type">Kebab-case name of the kind, such as <c>not-found</c>.</param>
    public static ApiResult Of(int status, string type, string title, string detail, IReadOnlyList<Problem> problems) =>
        new(status, new ProblemResponse(TypePrefix + type, title, status, detail, problems));

    private static string Summary(IReadOnlyList<Problem> problems) =>
        problems.Count == 1 ? problems[0].Message : FormattableString.Invariant($"{problems.Count} problems were found.");
}
