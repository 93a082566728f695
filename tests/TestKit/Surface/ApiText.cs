using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Abm.TestKit.Surface;

/// <summary>Writes public types and members as text, one a line, in a form of its own: what a compiler that uses them can see, without nullability.</summary>
public static class ApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The type and everything in it that another assembly can use, inherit or override.</summary>
    public static IEnumerable<string> Of(Type type)
    {
        yield return Line(type);
        if (type.IsEnum || IsDelegate(type))
            yield break;
        foreach (MemberInfo member in type.GetMembers(Declared).Where(IsOpen))
            yield return Line(member);
    }

    /// <summary>The line of a type, a constructor, a method, a property, an event or a field. Accessors give the line of their property.</summary>
    public static string Line(MemberInfo member) => member switch
    {
        Type type => TypeLine(type),
        FieldInfo field => $"{Name(field.DeclaringType!)}.{field.Name}: {(field.IsLiteral ? "const " : "")}{(field.IsStatic && !field.IsLiteral ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)}{(field.IsLiteral ? " = " + Value(field.GetRawConstantValue()) : "")}",
        PropertyInfo property => PropertyLine(property),
        EventInfo happening => $"{Name(happening.DeclaringType!)}.{happening.Name}: event {Name(happening.EventHandlerType!)}",
        MethodBase method => PropertyOf(method) is { } property ? PropertyLine(property) : MethodLine(method),
        _ => throw new ArgumentException($"{member} has no line.", nameof(member)),
    };

    private static string TypeLine(Type type)
    {
        if (type.IsEnum)
        {
            IEnumerable<string> values = Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)}");
            return $"enum {Name(type)} {{ {string.Join(", ", values.Order(StringComparer.Ordinal))} }}";
        }

        if (IsDelegate(type))
            return $"delegate {Name(type)}{Parameters(type.GetMethod("Invoke")!)}: {Name(type.GetMethod("Invoke")!.ReturnType)}";
        string kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        string based = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? $" : {Name(parent)}" : "";
        return $"{kind} {Name(type)}{based}";
    }

    private static string MethodLine(MethodBase method)
    {
        string name = method.IsConstructor ? "new" : method.Name + Generics(method);
        string returned = method is MethodInfo { ReturnType: var type } ? $": {Name(type)}" : "";
        return $"{Name(method.DeclaringType!)}.{name}{Parameters(method)}{returned}{Modifiers(method)}";
    }

    private static string PropertyLine(PropertyInfo property)
    {
        StringBuilder accessors = new();
        if (property.GetMethod is { } getter && IsOpen(getter))
            accessors.Append(getter.IsFamily || getter.IsFamilyOrAssembly ? "protected get; " : "get; ");
        if (property.SetMethod is { } setter && IsOpen(setter))
        {
            bool isInit = setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            accessors.Append(setter.IsFamily || setter.IsFamilyOrAssembly ? "protected " : "").Append(isInit ? "init; " : "set; ");
        }

        ParameterInfo[] index = property.GetIndexParameters();
        string indexed = index.Length == 0 ? "" : $"[{string.Join(", ", index.Select(Parameter))}]";
        return $"{Name(property.DeclaringType!)}.{property.Name}{indexed}: {Name(property.PropertyType)} {{ {accessors}}}{Modifiers((property.GetMethod ?? property.SetMethod)!)}";
    }

    private static string Modifiers(MethodBase method)
    {
        StringBuilder text = new();
        if (method.IsFamily || method.IsFamilyOrAssembly || method is { IsConstructor: true, DeclaringType.IsAbstract: true })
            text.Append(" protected"); // whatever it says: a constructor of an abstract class is for those who inherit
        if (method.IsStatic)
            text.Append(method.IsDefined(typeof(ExtensionAttribute), false) ? " extension" : " static");
        if (method.IsAbstract && !method.DeclaringType!.IsInterface)
            text.Append(" abstract");
        else if (method is MethodInfo { IsVirtual: true, IsFinal: false } and { IsAbstract: false } && !method.DeclaringType!.IsSealed)
            text.Append(method is MethodInfo info && info.GetBaseDefinition() != info ? " override" : " virtual");
        return text.ToString();
    }

    private static string Generics(MethodBase method)
    {
        if (!method.IsGenericMethodDefinition)
            return "";
        Type[] arguments = method.GetGenericArguments();
        string constraints = string.Join(" ", arguments.Select(Constraint).Where(text => text.Length > 0));
        return $"<{string.Join(", ", arguments.Select(a => a.Name))}>{(constraints.Length > 0 ? $" {constraints} " : "")}";
    }

    private static string Constraint(Type argument)
    {
        List<string> parts = [];
        if (argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            parts.Add("class");
        if (argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
            parts.Add("struct");
        parts.AddRange(argument.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(Name));
        return parts.Count == 0 ? "" : $"where {argument.Name} : {string.Join(", ", parts)}";
    }

    private static string Parameters(MethodBase method) => $"({string.Join(", ", method.GetParameters().Select(Parameter))})";

    private static string Parameter(ParameterInfo parameter)
    {
        string prefix = parameter.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "";
        Type type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        return $"{prefix}{Name(type)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Value(parameter.RawDefaultValue)}" : "")}";
    }

    private static string Value(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Enum choice => Convert.ToInt64(choice, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Name(Type type)
    {
        if (type.IsGenericParameter)
            return type.Name;
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } valued)
            return Name(valued) + "?";
        string name = type.IsNested ? $"{Name(type.DeclaringType!)}.{type.Name}" : string.IsNullOrEmpty(type.Namespace) ? type.Name : $"{type.Namespace}.{type.Name}";
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }

    private static PropertyInfo? PropertyOf(MethodBase method) => method.IsSpecialName
        ? method.DeclaringType!.GetProperties(Declared).FirstOrDefault(p => p.GetMethod == method || p.SetMethod == method)
        : null;

    private static bool IsDelegate(Type type) => type.BaseType == typeof(MulticastDelegate);

    /// <summary>Whether code outside the assembly can use it. What the compiler adds to records is left out, and accessors: their property stands for them.</summary>
    private static bool IsOpen(MemberInfo member) => member switch
    {
        Type nested => nested.IsNestedPublic || nested.IsNestedFamily,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        PropertyInfo property => !IsOfRecord(property.Name) && new[] { property.GetMethod, property.SetMethod }.Any(accessor => accessor is not null && IsOpen(accessor)),
        EventInfo happening => happening.AddMethod is { } add && IsOpen(add),
        MethodBase method => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
            && !IsOfRecord(method.Name) && !IsInherited(method) && !(method is { IsConstructor: true, IsStatic: true }) && (PropertyOf(method) is null || member.MemberType != MemberTypes.Method),
        _ => false,
    };

    private static bool IsOpen(MethodInfo accessor) => accessor.IsPublic || accessor.IsFamily || accessor.IsFamilyOrAssembly;

    private static bool IsOfRecord(string name) => name is "PrintMembers" or "EqualityContract" or "<Clone>$";

    /// <summary>Overrides of what every object or interface of the framework has tell nothing that a caller could not do anyway.</summary>
    private static bool IsInherited(MethodBase method) =>
        method.Name is "ToString" or "GetHashCode" or "Equals" or "Finalize" && method is MethodInfo { IsVirtual: true } || method.Name is "op_Equality" or "op_Inequality";
}
