using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>An instruction that calls or touches something.</summary>
/// <param name="In">The method it stands in.</param>
/// <param name="Offset">Where in that method's code.</param>
/// <param name="Uses">What it calls or touches.</param>
/// <param name="AfterZero">Whether 0, or false, was put on the stack just before: the last argument of the call.</param>
internal sealed record Use(MethodBase In, int Offset, MemberInfo Uses, bool AfterZero);

/// <summary>Reads what compiled code calls.</summary>
internal static class InstructionReader
{
    private static readonly FrozenDictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => code.Value);

    /// <summary>What the method's own code calls or touches, in order.</summary>
    public static IEnumerable<Use> Uses(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        Type[]? ofType = method.DeclaringType is { IsGenericType: true } declaring ? declaring.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        bool afterZero = false;
        for (int at = 0; at < code.Length;)
        {
            int begin = at;
            OpCode op = Codes[code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at]];
            at += op.Size;
            if (op.OperandType is OperandType.InlineMethod && Resolve(method.Module, BitConverter.ToInt32(code, at)) is { } member)
                yield return new Use(method, begin, member, afterZero);
            afterZero = op == OpCodes.Ldc_I4_0;
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

        MemberInfo? Resolve(Module module, int token)
        {
            try
            {
                return module.ResolveMember(token, ofType, ofMethod);
            }
            catch (Exception missing) when (missing is IOException or TypeLoadException or BadImageFormatException or ArgumentException)
            {
                return null; // an assembly that is not there: nothing here can call it either
            }
        }
    }
}
