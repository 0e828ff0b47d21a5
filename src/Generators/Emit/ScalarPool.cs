using System;
using System.Collections.Generic;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Types;

namespace GenDsl.Generators.Emit;

/// <summary>
/// The numbers that a class passes to TorchSharp as <c>Scalar</c>. Each is made once and kept: one made per call is
/// a finalizable native object.
/// </summary>
internal sealed class ScalarPool
{
    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly List<(string Name, HostValue Value)> _settings = [];

    /// <summary>Constants by name, in order of first use.</summary>
    public List<(string Name, string Value)> Constants { get; } = [];

    /// <summary>Numbers that follow from the options.</summary>
    public IReadOnlyList<(string Name, HostValue Value)> Settings => _settings;

    /// <summary>The C# expression of a number as a Scalar.</summary>
    public string Of(HostValue value, HostText host)
    {
        if (value.Constant is { } constant)
        {
            string text = CSharpNames.Number(constant);
            if (!_constants.TryGetValue(text, out string? name))
            {
                name = "Scalar" + text.Replace("-", "Minus").Replace('.', '_').Replace("+", "");
                _constants[text] = name;
                Constants.Add((name, text));
            }

            return name;
        }

        if (BodyReadsOptionsOnly(value))
        {
            // By their text: calls in expressions that say the same are not equal.
            string text = host.Value(value);
            if (!_known.TryGetValue(text, out string? name))
            {
                name = $"_scalar{CSharpNames.Number(_settings.Count + 1L)}";
                _known[text] = name;
                _settings.Add((name, value));
            }

            return name;
        }

        return $"(global::TorchSharp.Scalar)({host.Value(value)})";
    }

    private static bool BodyReadsOptionsOnly(HostValue value) => !HostReads.Step(value.Expression) && !HostReads.Variables(value);
}

/// <summary>What a host expression depends on.</summary>
internal static class HostReads
{
    public static bool Step(HostExpr expression) => expression switch
    {
        HostStep or HostProgress or HostEpoch => true,
        HostNegate n => Step(n.Operand),
        HostBinary b => Step(b.Left) || Step(b.Right),
        HostConditional c => Step(c.Condition) || Step(c.Then) || Step(c.Else),
        HostCall c => System.Linq.Enumerable.Any(c.Arguments, Step),
        _ => false,
    };

    /// <summary>True where a loop index, a free size or a number of a sample occurs.</summary>
    public static bool Variables(HostValue value) => Variables(value.Expression);

    private static bool Variables(HostExpr expression) => expression switch
    {
        HostSize s => System.Linq.Enumerable.Any(s.Size.Variables, v => v.Kind is not (GenDsl.Dsl.Shapes.DimVariableKind.Hyperparameter or GenDsl.Dsl.Shapes.DimVariableKind.Batch)),
        HostArgument => true,
        HostNegate n => Variables(n.Operand),
        HostBinary b => Variables(b.Left) || Variables(b.Right),
        HostConditional c => Variables(c.Condition) || Variables(c.Then) || Variables(c.Else),
        HostCall c => System.Linq.Enumerable.Any(c.Arguments, Variables),
        _ => false,
    };
}
