using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Local.Hosting;

/// <summary>Where code stands, as file and line, from the symbols beside the assembly; used in messages only.</summary>
internal static class SourceLines
{
    /// <summary>Whether the assembly has symbols, as an app's own assemblies do and packages do not.</summary>
    public static bool HasSymbols(Assembly assembly) => assembly.Location.Length > 0 && File.Exists(Path.ChangeExtension(assembly.Location, ".pdb"));

    /// <summary><c>file:line</c> of a method, or of an instruction of it; null when no symbols say so.</summary>
    /// <param name="method">The method; an asynchronous one stands where its body does.</param>
    /// <param name="offset">The instruction's offset in the method's own code; 0: its beginning.</param>
    public static string? Of(MethodBase method, int offset = 0)
    {
        if (method.GetCustomAttribute<StateMachineAttribute>() is { } machine)
            method = machine.StateMachineType.GetMethod("MoveNext", BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance) ?? method;
        try
        {
            return Find(method, offset);
        }
        catch (Exception unreadable) when (unreadable is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            return null; // a message without a line is still a message
        }
    }

    /// <summary>The message with the source file behind each function that it names.</summary>
    public static string AddTo(string message, IEnumerable<Type> types)
    {
        foreach (MethodInfo method in types
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(FunctionAttribute), inherit: false)))
        {
            string name = $"{method.DeclaringType!.FullName}.{method.Name}";
            int at = message.IndexOf(name, StringComparison.Ordinal);
            int end = at + name.Length;
            bool isWhole = at >= 0 && (end == message.Length || !(char.IsLetterOrDigit(message[end]) || message[end] is '_' or '+'));
            if (isWhole && Of(method) is { } place)
                message = message.Insert(end, $" ({place})");
        }

        return message;
    }

    private static string? Find(MethodBase method, int offset)
    {
        string location = method.Module.Assembly.Location;
        if (location.Length == 0)
            return null;
        using var image = new PEReader(File.OpenRead(location));
        if (!image.TryOpenAssociatedPortablePdb(location, path => File.Exists(path) ? File.OpenRead(path) : null, out MetadataReaderProvider? provider, out _))
            return null;
        using (provider)
        {
            MetadataReader symbols = provider!.GetMetadataReader();
            SequencePoint? found = null;
            foreach (SequencePoint point in symbols.GetMethodDebugInformation(MetadataTokens.MethodDefinitionHandle(method.MetadataToken & 0xFFFFFF)).GetSequencePoints())
                if (!point.IsHidden && (found is null || point.Offset <= offset))
                    found = point;
            if (found is not { } place)
                return null;
            string file = symbols.GetString(symbols.GetDocument(place.Document).Name);
            string below = Path.GetRelativePath(Environment.CurrentDirectory, file);
            return string.Create(CultureInfo.InvariantCulture, $"{(below.StartsWith("..", StringComparison.Ordinal) ? file : below)}:{place.StartLine}");
        }
    }
}
