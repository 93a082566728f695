using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Abm.Local.Hosting;

/// <summary>Listens for one or more kinds of trigger and runs their functions through the <see cref="FunctionInvoker"/>. Registered in DI as this interface.</summary>
public interface IFunctionTriggerProvider
{
    /// <summary>Whether functions with this trigger are this provider's.</summary>
    bool Handles(TriggerBindingAttribute trigger);

    /// <summary>
    /// Takes all functions whose trigger this provider handles, disabled ones too, and checks them; called once, before anything starts
    /// and also when there are none.
    /// </summary>
    /// <exception cref="LocalRuntimeException">A function cannot work: the message names it and the mend.</exception>
    void Prepare(IReadOnlyList<LocalFunction> functions);

    /// <summary>What starts the function, for the list printed at start: a queue, a schedule, a URL.</summary>
    string Describe(LocalFunction function);

    /// <summary>Starts to listen for those of the prepared functions that are not disabled; returns as soon as that is under way. Storage is reachable by then.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Fetches nothing new and waits for what runs; the token ends the patience.</summary>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>Starts a function by hand (<c>POST /admin/functions/{name}</c>) without waiting for its end.</summary>
    /// <param name="function">One of the prepared functions.</param>
    /// <param name="input">The <c>input</c> of the request; null for none.</param>
    /// <param name="cancellationToken">Ends the attempt to start it.</param>
    /// <returns>False: this kind of function cannot be started by hand.</returns>
    Task<bool> TryStartByHandAsync(LocalFunction function, string? input, CancellationToken cancellationToken) => Task.FromResult(false);
}
