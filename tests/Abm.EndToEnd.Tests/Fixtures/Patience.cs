namespace Abm.EndToEnd.Tests;

/// <summary>How long tests ask for what comes by itself. Nothing is measured by it: what is there at once is found at once, and a machine may be busy with other things.</summary>
public static class Patience
{
    public static readonly TimeSpan OfBusyMachines = TimeSpan.FromMinutes(5);
}
