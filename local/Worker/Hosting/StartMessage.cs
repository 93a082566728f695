using Microsoft.Azure.Functions.Worker;

namespace Abm.Local.Hosting;

/// <summary>What the console shows when the app is up.</summary>
internal static class StartMessage
{
    public static void Print(RuntimeSetup setup, RunningFunctions running, bool startedEmulator)
    {
        TextWriter console = Console.Out;
        int width = running.Catalog.Functions.Select(function => function.Name.Length).DefaultIfEmpty(0).Max();
        console.WriteLine();
        console.WriteLine($"{setup.AppAssembly.GetName().Name} is running at {setup.BaseAddress}{(startedEmulator ? ", with its own storage emulator" : "")}");
        foreach (IGrouping<bool, LocalFunction> group in running.Catalog.Functions.GroupBy(function => function.Trigger is HttpTriggerAttribute).OrderByDescending(group => group.Key))
        {
            console.WriteLine();
            foreach (LocalFunction function in group)
                console.WriteLine($"  {function.Name.PadRight(width)}  {running.ProviderOf(function).Describe(function)}{(function.IsDisabled ? "  (disabled)" : "")}");
        }

        console.WriteLine();
        console.WriteLine("Press Ctrl-C to stop.");
        console.WriteLine();
    }
}
