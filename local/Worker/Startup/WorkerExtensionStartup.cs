using Microsoft.Azure.Functions.Worker.Core;

namespace Microsoft.Azure.Functions.Worker.Core
{
    /// <summary>Lets an extension's assembly register itself in every worker that refers to it.</summary>
    public abstract class WorkerExtensionStartup
    {
        /// <summary>Registers the extension.</summary>
        public abstract void Configure(IFunctionsWorkerApplicationBuilder applicationBuilder);
    }

    /// <summary>Names the assembly's <see cref="WorkerExtensionStartup"/>.</summary>
    [AttributeUsage(AttributeTargets.Assembly)]
    public sealed class WorkerExtensionStartupAttribute : Attribute
    {
        /// <summary>Names it.</summary>
        /// <exception cref="ArgumentException">Not a <see cref="WorkerExtensionStartup"/>.</exception>
        public WorkerExtensionStartupAttribute(Type startupType)
        {
            ArgumentNullException.ThrowIfNull(startupType);
            if (!typeof(WorkerExtensionStartup).IsAssignableFrom(startupType))
                throw new ArgumentException($"{startupType.FullName} is not a {nameof(WorkerExtensionStartup)}.", nameof(startupType));
            StartupType = startupType;
        }

        /// <summary>The startup class; it has a public constructor without parameters.</summary>
        public Type StartupType { get; }
    }
}

namespace Microsoft.Azure.Functions.Worker
{
    /// <summary>What extensions and the app configure the worker through.</summary>
    public interface IFunctionsWorkerApplicationBuilder
    {
        /// <summary>The worker's services.</summary>
        Microsoft.Extensions.DependencyInjection.IServiceCollection Services { get; }

        /// <summary>Adds middleware.</summary>
        IFunctionsWorkerApplicationBuilder Use(Func<Middleware.FunctionExecutionDelegate, Middleware.FunctionExecutionDelegate> middleware);
    }
}
