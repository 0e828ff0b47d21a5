using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics.Flows;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Where a body stands: it decides which statements and functions may stand in it.</summary>
internal enum BodyKind
{
    Net,
    Flow,
    Loss,
    Model,
    Trainer,
    Observer,
}

/// <summary>
/// Walks a body, checks shapes, ranges and elements by the catalogue's rules and writes the operations into a block.
/// This file: expressions. The others: calls, modules, loops, distributions.
/// </summary>
internal sealed partial class BodyElaborator
{
    private readonly FileContext _file;
    private readonly Construction _construction;
    private readonly Func<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>, GenDiagnostic> _locate;
    private readonly ImmutableList<DeclarationSymbol> _inlined;

    // The call of the loss that this body is the text of; what it computes is computed there.
    private readonly TextSpan? _call;

    public BodyElaborator(FileContext file, GenSource source, BodyKind kind, Construction construction, IrBlock block, Scope scope, Rows? drawRows, Template? template = null)
        : this(file, source, kind, construction, block, scope, drawRows, [], [], null, Locate(source, template))
    {
        Around = template?.Around;
    }

    private BodyElaborator(
        FileContext file, GenSource source, BodyKind kind, Construction construction, IrBlock block, Scope scope, Rows? drawRows,
        ImmutableArray<LoopIndex> loops, ImmutableList<DeclarationSymbol> inlined, TextSpan? call, Func<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>, GenDiagnostic> locate)
    {
        (_file, Source, Kind, _construction, Block, Scope) = (file, source, kind, construction, block, scope);
        (DrawRows, Loops, _inlined, _call, _locate) = (drawRows, loops, inlined, call, locate);
        Within = kind;
    }

    private static Func<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>, GenDiagnostic> Locate(GenSource source, Template? template) =>
        (span, diagnostic) => diagnostic(new DiagnosticBuilder(source, span)) is var found && template is not null ? template.Locate(found) : found;

    public FileContext File => _file;

    public GenSource Source { get; }

    public BodyKind Kind { get; }

    public IrBlock Block { get; }

    public Scope Scope { get; }

    /// <summary>The rows that a draw adopts.</summary>
    public Rows? DrawRows { get; }

    // In a step, draws take the rows that they meet.
    private Rows? FreshRows => Within == BodyKind.Trainer && DrawRows is { } rows ? Rows.Open(rows) : DrawRows;

    public ImmutableArray<LoopIndex> Loops { get; }

    /// <summary>The same place with another block and scope: a loop body, a guide.</summary>
    /// <param name="ownSites">Whether names of draws begin anew: in a step no two draws have one name.</param>
    /// <param name="isUnsure">Whether what stands there may never run.</param>
    public BodyElaborator Inner(IrBlock block, Scope scope, LoopIndex? loop = null, BodyKind? kind = null, Rows? drawRows = null, bool ownSites = false, bool isUnsure = false) =>
        new(_file, Source, kind ?? Kind, _construction, block, scope, drawRows ?? DrawRows, loop is null ? Loops : Loops.Add(loop), _inlined, _call, _locate)
        {
            _trial = _trial, _isUnsure = _isUnsure || isUnsure || loop is { IsSure: false }, Around = Around, Data = Data, Other = kind is null ? Other : null, Within = kind ?? Within, _sites = Within == BodyKind.Trainer && kind is null && !ownSites ? _sites : [],
        };

    /// <summary>Runs statements that only this place of the text has, where they stand in a loop; null where there are none.</summary>
    public Func<BodyElaborator, StatementSyntax, bool>? Other { get; init; }

    /// <summary>The body itself, or of a loss the one that calls it.</summary>
    public BodyKind Within { get; private init; }

    public void Report(TextSpan span, Func<DiagnosticBuilder, GenDiagnostic> diagnostic)
    {
        if (_trial is { } trial)
        {
            trial.Add(_locate(span, diagnostic));
            return;
        }

        _file.Diagnostics.Add(_locate(span, diagnostic));
    }

    public Value Error(TextSpan span, Func<DiagnosticBuilder, GenDiagnostic> diagnostic)
    {
        Report(span, diagnostic);
        return ErrorValue.Instance;
    }

    /// <summary>Writes an operation.</summary>
    public void Emit(IrOp op)
    {
        foreach (IrValue output in op.Outputs)
        {
            output.Producer = op;
        }

        Block.Statements.Add(new IrOpStatement(op));
    }

    public Value Evaluate(ExpressionSyntax syntax) => syntax switch
    {
        NumberSyntax number => HostArithmetic.Literal(number.Lexeme, number.IsInteger) is var literal && literal.IsFinite ? new HostValueHolder(literal) : Error(number.Span, b => b.NumberOutOfRange("A number", HostValue.Finite)),
        IdentifierSyntax name => Lookup(name.Name.Text, name.Span),
        NegateSyntax negate => Negate(negate),
        BinarySyntax binary => Binary(binary),
        PipeSyntax pipe => Pipe(pipe),
        CallSyntax call => Call(call),
        TupleSyntax tuple => Tuple(tuple),
        AsSyntax taken => TakenFor(taken),
        MemberSyntax member => Member(member),
        ConditionalSyntax conditional => Conditional(conditional),
        StringSyntax text when _file.Diagnostics.HasErrorIn(text.Span) => ErrorValue.Instance,
        StringSyntax text => Error(text.Span, b => b.NotAllowedHere("A string", "an expression")),
        IndexSyntax index => Index(index),
        MissingExpression => ErrorValue.Instance,
        _ => throw new InvalidOperationException(syntax.GetType().Name),
    };

    /// <summary>A tensor; null, reported, for anything else.</summary>
    public IrValue? Tensor(ExpressionSyntax syntax, string what) => AsTensor(Evaluate(syntax), syntax.Span, what);

    public IrValue? AsTensor(Value value, TextSpan span, string what)
    {
        if (value is TensorValue tensor)
        {
            return tensor.Tensor;
        }

        if (value is not ErrorValue)
        {
            Report(span, b => b.WrongKind(what, "a tensor", value.Description));
        }

        return null;
    }

    private Value Lookup(string name, TextSpan span)
    {
        if (Scope.Find(name) is { } binding)
        {
            binding.IsRead = true;
            return Kind == BodyKind.Observer && binding.Value is TensorValue or TupleValue && Scope.IsOutside(name)
                ? Error(span, b => b.NotAllowedHere($"'{name}', which belongs to a step,", "a sample or an evaluation; compute it again from what is drawn or given there"))
                : binding.Value is StateValue { State: { } state } ? ReadState(state, span)
                : binding.Value is PlaceValue { Place: { } place } ? IsEnded(place, binding.Span, span) ? ErrorValue.Instance : new TensorValue(Read(place)) : binding.Value;
        }

        return Global(name) ?? (name is "true" or "false"
            ? new HostValueHolder(new HostValue(HostKind.Bool, new HostLiteral(name), null, Interval.Unit))
            : Schedules.Clock(name) is { } clock && Within == BodyKind.Trainer
                ? new HostValueHolder(clock)
                : Error(span, b => b.UnknownName(name, Scope.Names.Concat(_file.AllNames))));
    }

    // The library does not know the file that uses it: what a file calls 'reshape' is not that of the library's texts.
    private DeclarationSymbol? Declared(string name) => ReferenceEquals(Source, _file.Source) ? _file.Find(name) : _file.Catalogue.Declared(name);

    /// <summary>A name that no scope has: a declaration or an entry of the catalogue.</summary>
    private Value? Global(string name)
    {
        if (Declared(name) is { } symbol)
        {
            if (symbol.Syntax is SpaceSyntax)
            {
                return _file.Space(name) is { } space ? new SpaceValue(space) : ErrorValue.Instance;
            }

            return new DeclarationValue(symbol);
        }

        return _file.Catalogue.Find(name) is { } operation && !ArithmeticEntries.IsOperator(name) ? new OperationValue(operation) : null;
    }

    private Value Tuple(TupleSyntax tuple)
    {
        ImmutableArray<Value> items = [.. tuple.Items.Select(Evaluate)];
        return items.Any(i => i is ErrorValue) ? ErrorValue.Instance : new TupleValue(items);
    }

    private Value Member(MemberSyntax member)
    {
        Value target = Evaluate(member.Target);
        return target is ErrorValue || member.Member.IsMissing ? ErrorValue.Instance
            : target is ModuleValue { Instance: { } owner, Manner: CallManner.Plain } && Kind is BodyKind.Trainer or BodyKind.Observer ? Part(owner, member.Member)
            : Error(member.Member.Span, b => b.UnknownMember(target.Description, member.Member.Text, []));
    }

    private Value Conditional(ConditionalSyntax syntax)
    {
        Value condition = Evaluate(syntax.Condition);
        bool wasUnsure = _isUnsure;
        _isUnsure = true;
        Value then = Evaluate(syntax.Then);
        Value otherwise = Evaluate(syntax.Else);
        _isUnsure = wasUnsure;
        if (condition is ErrorValue || then is ErrorValue || otherwise is ErrorValue)
        {
            return ErrorValue.Instance;
        }

        return condition is HostValueHolder { Host: { } c } && then is HostValueHolder { Host: { } t } && otherwise is HostValueHolder { Host: { } o }
            && HostArithmetic.Conditional(c, t, o) is { } chosen
            ? new HostValueHolder(chosen)
            : condition is not HostValueHolder { Host.Kind: HostKind.Bool } ? Error(syntax.Condition.Span, b => b.WrongKind("What stands behind 'if'", "a comparison of hyperparameters, sizes, 'step', 'epoch' and 'progress'", condition.Description))
            : then is not HostValueHolder { Host.Kind: HostKind.Int or HostKind.Float } ? Error(syntax.Then.Span, b => b.WrongKind("What stands behind 'then'", "a number known before the step", then.Description))
            : Error(syntax.Else.Span, b => b.WrongKind("What stands behind 'else'", "a number known before the step", otherwise.Description));
    }

    private Value Negate(NegateSyntax syntax) => Evaluate(syntax.Operand) switch
    {
        HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } host } => new HostValueHolder(HostArithmetic.Negate(host)),
        TensorValue tensor => Apply(Catalogue.Find("neg")!, [tensor.Tensor], null, syntax.Span),
        ErrorValue error => error,
        var other => Error(syntax.Operand.Span, b => b.WrongKind("What stands behind '-'", "a number or tensor", other.Description)),
    };

    private Value Binary(BinarySyntax syntax)
    {
        Value left = Evaluate(syntax.Left);
        Value right = Evaluate(syntax.Right);
        return Arithmetic(syntax.Operator, left, right, syntax.Span, syntax.Left.Span, syntax.Right.Span);
    }

    private Value Arithmetic(string op, Value left, Value right, TextSpan span, TextSpan leftSpan, TextSpan rightSpan)
    {
        switch (left, right)
        {
            case (ErrorValue, _) or (_, ErrorValue):
                return ErrorValue.Instance;
            case (HostValueHolder, HostValueHolder { Host.Constant: 0 }) when op is "/" or "%":
                return Error(rightSpan, d => d.NumberOutOfRange("A divisor", "other than 0"));
            case (HostValueHolder { Host.Kind: HostKind.Int or HostKind.Float } or TensorValue, HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } by }) when op is "/" or "%" && !DemandDivisor(by, rightSpan):
                return ErrorValue.Instance;
            case (HostValueHolder { Host: { } a }, HostValueHolder { Host: { } b }):
                return HostArithmetic.Binary(op, a, b) is { } folded
                    ? new HostValueHolder(folded)
                    : Error(span, d => d.WrongKind($"Both sides of '{op}'", op == "%" ? "integers" : "numbers", $"{left.Description} and {right.Description}"));
            case (TensorValue a, TensorValue { Tensor.Producer: CatalogOp { Operation.Name: "neg" } negative }) when op is "+" or "-":
                return Arithmetic(op == "+" ? "-" : "+", a, new TensorValue(negative.Inputs[0]), span, leftSpan, rightSpan);
            case (TensorValue a, TensorValue b) when op is "+" or "-" or "*" or "/" or "<" or "<=" or ">" or ">=":
                return Apply(Catalogue.Find(op)!, [a.Tensor, b.Tensor], null, span);
            case (TensorValue a, HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } b }):
                return WithNumber(op, a, b, span);
            case (HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } a }, TensorValue b):
                return NumberWith(op, a, b, span);
            case (TensorValue, TensorValue):
                return Error(span, d => d.NotSupportedYet($"'{op}' between tensors", "The operators + - * / < <= > >= work on tensors."));
            default:
                bool leftIsWrong = left is not (TensorValue or HostValueHolder { Host.Kind: HostKind.Int or HostKind.Float });
                return Error(leftIsWrong ? leftSpan : rightSpan, d => d.WrongKind($"Both sides of '{op}'", "numbers or tensors", (leftIsWrong ? left : right).Description));
        }
    }

    // The identities spare an operation: a prior's mean 0 and deviation 1 disappear from the formulas.
    private Value WithNumber(string op, TensorValue a, HostValue b, TextSpan span) => (op, b.Constant) switch
    {
        ("+" or "-", 0.0) or ("*" or "/" or "^", 1.0) => a,
        ("/", 0.0) => Error(span, d => d.NumberOutOfRange("A divisor", "other than 0")),
        ("+", _) => Apply(Catalogue.Find("+s")!, [a.Tensor], b, span),
        ("-", _) => Apply(Catalogue.Find("+s")!, [a.Tensor], HostArithmetic.Negate(b), span),
        ("*", -1.0) => Apply(Catalogue.Find("neg")!, [a.Tensor], null, span),
        ("*", _) => Apply(Catalogue.Find("*s")!, [a.Tensor], b, span),
        ("/", _) => Apply(Catalogue.Find("/s")!, [a.Tensor], b, span),
        ("^" or "<" or "<=" or ">" or ">=", _) => Apply(Catalogue.Find(op + "s")!, [a.Tensor], b, span),
        _ => Error(span, d => d.NotSupportedYet($"'{op}' on a tensor", "The operators + - * / ^ < <= > >= work on tensors and numbers.")),
    };

    private Value NumberWith(string op, HostValue a, TensorValue b, TextSpan span) => (op, a.Constant) switch
    {
        ("+", 0.0) or ("*", 1.0) => b,
        ("+", _) => Apply(Catalogue.Find("+s")!, [b.Tensor], a, span),
        ("-", 0.0) or ("*", -1.0) when b.Tensor.Producer is CatalogOp { Operation.Name: "neg" } negative => new TensorValue(negative.Inputs[0]),
        ("-", 0.0) or ("*", -1.0) => Apply(Catalogue.Find("neg")!, [b.Tensor], null, span),
        ("-", _) => Apply(Catalogue.Find("s-")!, [b.Tensor], a, span),
        ("*", _) => Apply(Catalogue.Find("*s")!, [b.Tensor], a, span),
        ("/", _) => Apply(Catalogue.Find("s/")!, [b.Tensor], a, span),
        ("<" or "<=" or ">" or ">=", _) => Apply(Catalogue.Find(ComparisonEntries.Turned(op) + "s")!, [b.Tensor], a, span),
        _ => Error(span, d => d.NotSupportedYet($"A number '{op}' a tensor", "The operators + - * / < <= > >= work on numbers and tensors.")),
    };

    /// <summary>An operator on values at hand.</summary>
    public Value Combine(string op, Value left, Value right, TextSpan span) => Arithmetic(op, left, right, span, span, span);

    /// <summary>The log-probabilities that logits along the first axis stand for.</summary>
    public Value LogSoftmax(IrValue logits, TextSpan span) => Apply(Catalogue.Find("log_softmax")!, [logits], null, span);

    /// <summary>The value without its gradient.</summary>
    public Value Stopped(IrValue value, TextSpan span) => Apply(Catalogue.Find("stop")!, [value], null, span);

    /// <summary>The sum over all per-sample axes; a value that has none stays as it is.</summary>
    public Value SumPerSample(IrValue tensor, TextSpan span, bool foldsSign = true)
    {
        if (tensor.Type.Shape.Length == 0)
        {
            return new TensorValue(tensor);
        }

        // The sign is changed once per sample instead of once per number.
        if (foldsSign && tensor.Producer is CatalogOp { Operation.Name: "neg" } negative)
        {
            Value positive = SumPerSample(negative.Inputs[0], span);
            return positive is TensorValue sum ? Apply(Catalogue.Find("neg")!, [sum.Tensor], null, span) : positive;
        }

        // So is what numbers do to it.
        if (foldsSign && tensor.Producer is CatalogOp { Operation.Name: "+s" or "*s" or "/s" } number && SumWithNumber(number, span) is { } folded)
        {
            return folded;
        }

        return Apply(
            Catalogue.Find("sum")!,
            null,
            new OperationArguments(new() { ["x"] = [tensor] }, new() { ["per"] = [HostValue.Word("sample")] }, [], []),
            span);
    }

    // What is added counts once per number of a sample; where their number is known only in a run, that would be a number to compute in each call.
    private Value? SumWithNumber(CatalogOp op, TextSpan span)
    {
        HostValue number = ((NumberAttribute)op.Attributes["number"]).Value;
        Dim count = Dim.Product(op.Outputs[0].Type.Shape);
        if (op.Operation.Name == "+s")
        {
            return count.Value is not null && HostArithmetic.Binary("*", number, HostValue.Of(count)) is { } all
                ? Combine("+", SumPerSample(op.Inputs[0], span), new HostValueHolder(all), span)
                : null;
        }

        return Combine(op.Operation.Name.Substring(0, 1), SumPerSample(op.Inputs[0], span), new HostValueHolder(number), span);
    }

    /// <summary>Minus a sum; that of negatives is the sum of what they are negatives of.</summary>
    public Value Opposite(IrValue sum, TextSpan span) =>
        sum.Producer is CatalogOp { Operation.Name: "sum", Inputs: [{ Producer: CatalogOp { Operation.Name: "neg" } negative }] } && sum.Type.Rows is not null && sum.Type.Shape.Length == 0
            ? SumPerSample(negative.Inputs[0], span)
            : Combine("-", new HostValueHolder(HostValue.Float(0.0)), new TensorValue(sum), span);

    /// <summary>Applies a formula of the runtime to tensors in the order of its parameters; the last one may take several.</summary>
    public Value ApplyFormula(Operation operation, ImmutableArray<IrValue> tensors, TextSpan span)
    {
        var inputs = new Dictionary<string, ImmutableArray<IrValue>>();
        for (int i = 0; i < operation.Parameters.Length; i++)
        {
            OperationParameter parameter = operation.Parameters[i];
            inputs[parameter.Name] = parameter.Kind == ParameterKind.Tensors ? [.. tensors.Skip(i)] : [tensors[i]];
        }

        return Apply(operation, null, new OperationArguments(inputs, [], [], []), span);
    }

    /// <summary>Applies an entry whose arguments are all at hand.</summary>
    private Value Apply(Operation operation, ImmutableArray<IrValue> tensors, HostValue? number, TextSpan span)
    {
        var inputs = new Dictionary<string, ImmutableArray<IrValue>>();
        var numbers = new Dictionary<string, ImmutableArray<HostValue>>();
        int next = 0;
        foreach (OperationParameter parameter in operation.Parameters)
        {
            if (parameter.Kind == ParameterKind.Tensor)
            {
                inputs[parameter.Name] = [tensors[next++]];
            }
            else
            {
                numbers[parameter.Name] = [number!];
            }
        }

        return Apply(operation, null, new OperationArguments(inputs, numbers, [], []), span);
    }
}
