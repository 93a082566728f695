using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Abm.Functions.Tests.Platform;

/// <summary>Everything that a method's code calls or touches, through all code of ours that it calls in turn. Read from the compiled code, so no spelling hides it.</summary>
/// <remarks>Calls through interfaces and delegates that come from outside are not followed.</remarks>
internal static class CalledCode
{
    private static readonly FrozenDictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => code.Value);

    /// <param name="isOurs">Whether the code of this assembly is followed.</param>
    public static IReadOnlySet<(MethodBase In, MemberInfo Uses, OpCode How)> From(MethodBase start, Func<Assembly, bool> isOurs)
    {
        HashSet<(MethodBase, MemberInfo, OpCode)> found = [];
        HashSet<(Module, int)> seen = [];
        Stack<MethodBase> open = new([start]);
        while (open.TryPop(out MethodBase? method))
        {
            if (!seen.Add((method.Module, method.MetadataToken)))
                continue;
            if (method.GetCustomAttribute<StateMachineAttribute>() is { } machine)
                open.Push(machine.StateMachineType.GetMethod("MoveNext", BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance)!);
            foreach ((OpCode how, MemberInfo member) in Uses(method))
            {
                found.Add((method, member, how));
                if (member is MethodBase called && isOurs(called.Module.Assembly))
                    open.Push(called);
                if (member.DeclaringType is { TypeInitializer: { } initializer } type && isOurs(type.Assembly))
                    open.Push(initializer);
            }
        }

        return found;
    }

    private static IEnumerable<(OpCode How, MemberInfo Member)> Uses(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        Type[]? ofType = method.DeclaringType is { IsGenericType: true } declaring ? declaring.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < code.Length;)
        {
            short value = code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at];
            OpCode op = Codes[value];
            at += op.Size;
            if (op.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok && Resolve(BitConverter.ToInt32(code, at)) is { } member)
                yield return (op, member);
            at += op.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }

        MemberInfo? Resolve(int token) => method.Module.ResolveMember(token, ofType, ofMethod);
    }
}
