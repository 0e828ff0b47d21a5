using System.Collections.Generic;
using System.Collections.Immutable;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Arguments of a catalogue entry by parameter name, each of the kind its parameter wants.</summary>
internal sealed record OperationArguments(
    Dictionary<string, ImmutableArray<IrValue>> Tensors,
    Dictionary<string, ImmutableArray<HostValue>> Numbers,
    Dictionary<string, Initializer> Initializers,
    Dictionary<string, TextSpan> Places);

/// <summary>An argument before its kind is checked: text, or a value that was piped in.</summary>
internal readonly record struct RawArgument(Value? Piped, ExpressionSyntax? Syntax, TextSpan Span)
{
    public static RawArgument Of(ArgumentSyntax argument) => new(null, argument.Value, argument.Value.Span);

    public static RawArgument Of(Value value, TextSpan span) => new(value, null, span);
}
