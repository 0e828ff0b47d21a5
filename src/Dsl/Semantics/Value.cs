using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>What an expression stands for while a body is elaborated.</summary>
internal abstract class Value
{
    /// <summary>For messages: "a tensor [1, 28, 28]", "the net 'Encoder'".</summary>
    public abstract string Description { get; }
}

/// <summary>An error that is already reported; compatible with everything, silent.</summary>
internal sealed class ErrorValue : Value
{
    public static ErrorValue Instance { get; } = new();

    public override string Description => "an error";
}

internal sealed class TensorValue(IrValue tensor) : Value
{
    public IrValue Tensor { get; } = tensor;

    public override string Description => Tensor.Type.IsScalar ? "a number computed from tensors" : $"a tensor {Tensor.Type}";
}

/// <summary>A family of tensors.</summary>
internal sealed class FamilyValue(Family family) : Value
{
    public Family Family { get; } = family;

    public override string Description => $"the family '{Family.Name}'";
}

/// <summary>A number or word known on the host.</summary>
internal sealed class HostValueHolder(HostValue host) : Value
{
    public HostValue Host { get; } = host;

    public override string Description => Host switch
    {
        { Kind: HostKind.Word, Expression: HostLiteral literal } => $"the word '{literal.Lexeme}'",
        { Kind: HostKind.Bool } => "a truth value",
        { Constant: { } c } => $"the number {c.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}{(Host.Kind == HostKind.Float && c == System.Math.Floor(c) && System.Math.Abs(c) < 1e15 ? ".0" : "")}",
        { Kind: HostKind.Int } => "an integer",
        _ => "a number",
    };
}

internal sealed class TupleValue(ImmutableArray<Value> items) : Value
{
    public ImmutableArray<Value> Items { get; } = items;

    public override string Description => $"a tuple of {Items.Length}";
}

/// <summary>A constructed net or model.</summary>
internal sealed class ModuleValue(ModuleInstance instance) : Value
{
    public ModuleInstance Instance { get; } = instance;

    /// <summary>True for a flow that is to be run backwards.</summary>
    public bool IsInverse { get; init; }

    /// <summary>How it is called.</summary>
    public CallManner Manner { get; init; }

    public override string Description => Manner != CallManner.Plain ? $"another way to call '{Instance.Name}'" : $"the {(Instance.Module is IrModel ? "model" : Instance.Module is IrFlow ? "flow" : "net")} '{Instance.Module.DeclaredName}'";
}

/// <summary>A constructed layer: its weights are known once it is applied.</summary>
internal sealed class LayerValue(Operation operation, ImmutableArray<ArgumentSyntax> arguments, TextSpan span, ImmutableArray<LoopIndex> loops) : Value
{
    public Operation Operation { get; } = operation;

    public ImmutableArray<ArgumentSyntax> Arguments { get; } = arguments;

    public TextSpan Span { get; } = span;

    public ImmutableArray<LoopIndex> Loops { get; } = loops;

    public string? BoundName { get; set; }

    /// <summary>What stands around it, or null.</summary>
    public Wrapping? Wrapping { get; init; }

    public override string Description => $"the layer '{Operation.Name}'";
}

/// <summary>A declaration, not yet constructed or applied.</summary>
internal sealed class DeclarationValue(DeclarationSymbol symbol) : Value
{
    public DeclarationSymbol Symbol { get; } = symbol;

    public override string Description => $"the {(Symbol.Kind == "space" ? "" : "declaration of the ")}{Symbol.Kind} '{Symbol.Name}'";
}

/// <summary>A catalogue entry, not yet applied.</summary>
internal sealed class OperationValue(Operation operation) : Value
{
    public Operation Operation { get; } = operation;

    public override string Description => $"the {(Operation.Kind == OperationKind.Layer ? "layer" : "function")} '{Operation.Name}'";
}

internal sealed class SpaceValue(SpaceSymbol space) : Value
{
    public SpaceSymbol Space { get; } = space;

    public override string Description => $"the space '{Space.Name}'";
}

/// <summary>A source of several columns: its columns are the tensors.</summary>
internal sealed class SourceValue(string name, ImmutableArray<string> columns) : Value
{
    public override string Description => $"the source '{name}', whose columns are {string.Join(", ", columns)}";
}

/// <summary>A distribution with its arguments, each a tensor or a number.</summary>
internal sealed class DistributionValue(Distribution distribution, ImmutableArray<Value> arguments, TextSpan span) : Value
{
    public Distribution Distribution { get; } = distribution;

    public ImmutableArray<Value> Arguments { get; } = arguments;

    public TextSpan Span { get; } = span;

    /// <summary>Bijections that a draw goes through, as they are written: the law of F(e) where e has this distribution.</summary>
    public ImmutableArray<ExpressionSyntax> Transforms { get; init; } = [];

    /// <summary>The values it can have, before any bijection.</summary>
    public Interval Support => Distribution.Name == "uniform" && Arguments is [HostValueHolder { Host.Constant: { } low }, HostValueHolder { Host.Constant: { } high }] ? new Interval(low, high) : Distribution.Support;

    /// <summary>The distribution before any bijection.</summary>
    public DistributionValue Base => Transforms.IsEmpty ? this : new(Distribution, Arguments, Span);

    public IEnumerable<IrValue> Tensors => Arguments.OfType<TensorValue>().Select(t => t.Tensor);

    /// <summary>Of a relaxed law.</summary>
    public HostValue? Temperature => Distribution.Proposes == DiscreteProposal.Relaxed ? (Arguments[1] as HostValueHolder)?.Host : null;

    public override string Description => $"the distribution '{Distribution.Name}'";
}

/// <summary>A tensor that outlives the step, not yet read.</summary>
internal sealed class StateValue(IrState state) : Value
{
    public IrState State { get; } = state;

    public override string Description => $"the state '{State.Name}'";
}

/// <summary>A pool of earlier rows.</summary>
internal sealed class HistoryValue(IrHistory history) : Value
{
    public IrHistory History { get; } = history;

    public override string Description => $"the history '{History.Name}'";
}

/// <summary>A function of a trainer, not yet applied.</summary>
internal sealed class FunctionValue(FunctionSyntax syntax, Scope scope, BodyElaborator body) : Value
{
    public FunctionSyntax Syntax { get; } = syntax;

    /// <summary>The names that its text sees: those above it.</summary>
    public Scope Scope { get; } = scope;

    /// <summary>Where it stands.</summary>
    public BodyElaborator Body { get; } = body;

    public override string Description => $"the function '{Syntax.Name.Text}'";
}

internal sealed class OptimizerValue(
    OptimizerEntry entry, HostValue rate, ImmutableArray<(string Name, HostValue Value)> settings, ImmutableArray<(string Name, HostValue Value)> limits) : Value
{
    public OptimizerEntry Entry { get; } = entry;

    /// <summary>The name that it is bound to; null where it stands at its statement.</summary>
    public string? Name { get; set; }

    public HostValue Rate { get; } = rate;

    public ImmutableArray<(string Name, HostValue Value)> Settings { get; } = settings;

    public ImmutableArray<(string Name, HostValue Value)> Limits { get; } = limits;

    public override string Description => $"the optimizer '{Entry.Name}'";
}
