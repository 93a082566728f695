using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>The verbs a function listens to; none: all.</summary>
internal sealed record VerbMetadata(IReadOnlyList<string> Verbs)
{
    public bool Allows(string verb) => Verbs.Count == 0 || Verbs.Contains(verb, StringComparer.OrdinalIgnoreCase);
}

/// <summary>Makes verbs part of the route: a wrong one is an unknown route (404), as on the Functions host, not 405.</summary>
internal sealed class VerbMatcherPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => -500;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<VerbMetadata>() is { Verbs.Count: > 0 });

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (int i = 0; i < candidates.Count; i++)
            if (candidates.IsValidCandidate(i) && candidates[i].Endpoint.Metadata.GetMetadata<VerbMetadata>() is { } verbs && !verbs.Allows(httpContext.Request.Method))
                candidates.SetValidity(i, false);
        return Task.CompletedTask;
    }
}
