using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Abm.TestKit.Surface;

namespace Abm.Functions.Tests.Platform;

/// <summary>The members of the platform that the compiled app refers to, read from its metadata: nothing that the compiler used is missed.</summary>
internal static class UsedApi
{
    /// <summary>One line for each type, member and set property of an attribute, in the text of <see cref="ApiText"/>.</summary>
    /// <param name="isPlatform">Whether an assembly stands for the platform's packages.</param>
    public static IReadOnlyList<string> Of(Assembly app, Func<Assembly, bool> isPlatform)
    {
        using PEReader file = new(File.OpenRead(app.Location));
        MetadataReader metadata = file.GetMetadataReader();
        IEnumerable<MemberInfo> types = metadata.TypeReferences.Select(handle => app.ManifestModule.ResolveType(MetadataTokens.GetToken(handle)));
        IEnumerable<MemberInfo> members = metadata.MemberReferences.Select(handle => Definition(app, MetadataTokens.GetToken(handle))).OfType<MemberInfo>();
        IEnumerable<MemberInfo> set = app.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .SelectMany(method => method.GetParameters().SelectMany(p => p.GetCustomAttributesData()).Concat(method.GetCustomAttributesData()))
            .SelectMany(attribute => attribute.NamedArguments)
            .Select(argument => argument.MemberInfo);

        return
        [
            .. types.Concat(members).Concat(set)
                .Where(member => isPlatform(member.Module.Assembly))
                .Select(ApiText.Line)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The member as it is declared, without the type arguments of this use; null for what the compiler makes itself, such as the members of arrays and delegates.</summary>
    private static MemberInfo? Definition(Assembly app, int token)
    {
        MemberInfo used = app.ManifestModule.ResolveMember(token, [.. Enumerable.Repeat(typeof(object), 8)], [.. Enumerable.Repeat(typeof(object), 8)])!;
        return used.DeclaringType is null or { IsArray: true } || used.DeclaringType.IsSubclassOf(typeof(Delegate)) ? null : used.Module.ResolveMember(used.MetadataToken);
    }
}
