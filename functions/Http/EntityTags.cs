using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Abm.Functions.Http;

/// <summary>ETags of what people edit: derived from the content, so that equal content has an equal tag on every instance.</summary>
public static class EntityTags
{
    /// <summary>The strong tag of this content, quotes included.</summary>
    public static string Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return $"\"{Convert.ToHexStringLower(hash[..12])}\"";
    }

    /// <summary>What the request demands of the version it changes.</summary>
    public static EditCondition Condition(HttpRequest request)
    {
        if (request.Headers.IfNoneMatch == "*")
            return new EditCondition.MustBeNew();
        if (request.Headers.IfMatch.Count == 0)
            return new EditCondition.Unstated();
        return EntityTagHeaderValue.TryParseList([.. request.Headers.IfMatch.OfType<string>()], out IList<EntityTagHeaderValue>? tags)
            ? new EditCondition.MustBeOneOf([.. tags.Select(tag => tag.ToString())])
            : new EditCondition.Unreadable();
    }

    /// <summary>Whether the reader has this version already.</summary>
    public static bool IsUnchanged(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList([.. request.Headers.IfNoneMatch.OfType<string>()], out IList<EntityTagHeaderValue>? tags)
        && tags.Any(known => known.ToString() is "*" || known.Compare(new EntityTagHeaderValue(tag), useStrongComparison: false));
}

/// <summary>What an edit demands of the version it changes.</summary>
public abstract record EditCondition
{
    private EditCondition()
    {
    }

    /// <summary>Neither If-Match nor If-None-Match was sent.</summary>
    public sealed record Unstated : EditCondition;

    /// <summary><c>If-None-Match: *</c></summary>
    public sealed record MustBeNew : EditCondition;

    /// <summary><c>If-Match</c>: the version must have one of these tags; <c>*</c> = any version that exists.</summary>
    public sealed record MustBeOneOf(IReadOnlyList<string> Tags) : EditCondition
    {
        public bool Allows(string? tag) => tag is not null && (Tags.Contains(tag, StringComparer.Ordinal) || Tags.Contains("*", StringComparer.Ordinal));
    }

    /// <summary>An If-Match that is no list of tags.</summary>
    public sealed record Unreadable : EditCondition;
}
