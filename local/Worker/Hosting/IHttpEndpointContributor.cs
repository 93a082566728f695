using Microsoft.AspNetCore.Routing;

namespace Abm.Local.Hosting;

/// <summary>Adds HTTP endpoints beside the functions, below <c>/runtime/webhooks/</c> or <c>/admin/</c>. Registered in DI as this interface.</summary>
public interface IHttpEndpointContributor
{
    /// <summary>Maps them.</summary>
    void Map(IEndpointRouteBuilder endpoints);
}
