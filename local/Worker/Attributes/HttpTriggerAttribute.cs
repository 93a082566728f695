using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Who may call an HTTP function; keys are checked only when the Local runtime runs with <c>--enable-auth</c>.</summary>
public enum AuthorizationLevel
{
    /// <summary>Anybody.</summary>
    Anonymous,

    /// <summary>A signed-in user.</summary>
    User,

    /// <summary>A function, host or master key.</summary>
    Function,

    /// <summary>The system key of an extension, or the master key.</summary>
    System,

    /// <summary>The master key.</summary>
    Admin,
}

/// <summary>Starts a function by an HTTP request.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Every verb, level <see cref="AuthorizationLevel.Function"/>.</summary>
    public HttpTriggerAttribute()
    {
        AuthLevel = AuthorizationLevel.Function;
        IsLevelWritten = true;
    }

    /// <summary>
    /// These verbs. The property then reads <see cref="AuthorizationLevel.Anonymous"/> although the host enforces
    /// <see cref="AuthorizationLevel.Function"/>: write the level as the first argument instead.
    /// </summary>
    public HttpTriggerAttribute(params string[] methods) => Methods = methods;

    /// <summary>Every verb, this level.</summary>
    public HttpTriggerAttribute(AuthorizationLevel authLevel)
    {
        AuthLevel = authLevel;
        IsLevelWritten = true;
    }

    /// <summary>These verbs, this level.</summary>
    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
        IsLevelWritten = true;
    }

    /// <summary>The route template below the route prefix, with ASP.NET constraints; default: the function's name.</summary>
    public string? Route { get; set; }

    /// <summary>The verbs; null or none: all of them.</summary>
    public string[]? Methods { get; private set; }

    /// <summary>Who may call.</summary>
    public AuthorizationLevel AuthLevel { get; private set; }

    /// <summary>False for the constructor that takes verbs only: the level is then not written in the metadata, and the host applies its default.</summary>
    private bool IsLevelWritten { get; }

    /// <summary>The level that the host enforces, which is not always what <see cref="AuthLevel"/> reads.</summary>
    internal AuthorizationLevel EnforcedLevel => IsLevelWritten ? AuthLevel : AuthorizationLevel.Function;
}

/// <summary>Marks the HTTP response among the properties of a result with several outputs.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HttpResultAttribute : OutputBindingAttribute;
