using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Generators.Emit;

/// <summary>
/// Writes the statements of a method. Every tensor is disposed right behind its last use, on the same line, and is
/// overwritten in place where nothing else, the backward pass included, needs it.
/// </summary>
internal sealed partial class BlockEmitter
{
    private readonly CodeWriter _writer;
    private readonly FunctionContext _context;
    private readonly Usage _usage;
    private readonly OperationText _text;
    private readonly Dictionary<IrValue, string> _names = [];
    private readonly HashSet<IrValue> _owned = [];
    private readonly HashSet<IrValue> _kept;

    // The additions through which accumulators grow that have no tensor before their first round.
    private readonly Dictionary<IrOp, IrValue> _sums = [];
    private readonly Action<IrStatement, BlockEmitter, IReadOnlyList<IrValue>>? _other;
    private bool _isBegun;

    /// <param name="kept">Values that outlive the method's statements: its results.</param>
    /// <param name="other">Writes the statements that only trainers have.</param>
    public BlockEmitter(CodeWriter writer, FunctionContext context, Usage usage, IEnumerable<IrValue> kept, Action<IrStatement, BlockEmitter, IReadOnlyList<IrValue>>? other = null)
    {
        (_writer, _context, _usage, _other) = (writer, context, usage, other);
        _kept = [.. kept.Select(k => k.Root)];
        _text = new OperationText(context, NameOf);
    }

    public CodeWriter Writer => _writer;

    public FunctionContext Context => _context;

    /// <summary>True where a statement reads the value.</summary>
    public bool IsRead(IrValue value) => _usage.Reads(value) > 0;

    /// <summary>Gives a value that is there already its C# name.</summary>
    public void Bind(IrValue value, string name, bool isOwned = false)
    {
        _names[value] = name;
        if (isOwned)
        {
            _owned.Add(value);
        }
    }

    /// <summary>What brings back the name that a value has now, when another one has been bound.</summary>
    public Action Keep(IrValue value)
    {
        string? name = _names.TryGetValue(value, out string? known) ? known : null;
        bool isOwned = _owned.Remove(value);
        return () =>
        {
            _owned.Remove(value);
            _names.Remove(value);
            if (name is not null)
            {
                Bind(value, name, isOwned);
            }
        };
    }

    public string NameOf(IrValue value) => _names.TryGetValue(value.Root, out string? name) ? name : throw new InvalidOperationException($"'{value.Name}' has no name yet.");

    /// <summary>A value to hand out: a method's result is a fresh tensor, so a borrowed one is aliased.</summary>
    public string Result(IrValue value) => _owned.Contains(value.Root) ? NameOf(value) : Alias(value);

    /// <summary>A second handle of a value.</summary>
    public string Alias(IrValue value) => NameOf(value) + (value.Type.Members is null ? ".alias()" : ".Alias()");

    public void Write(IrBlock block)
    {
        KeepWeights(block);
        IReadOnlyList<IrStatement> statements = [.. block.Statements.Where(IsNeeded)];
        LastUses last = new(statements);
        for (int i = 0; i < statements.Count; i++)
        {
            int run = GraphFreeRun(statements, i);
            if (run > 0)
            {
                WriteGraphFree(statements, i, run, last);
                i += run - 1;
            }
            else
            {
                Write(statements[i], last.At(i));
            }
        }
    }

    // At the head of a method; of a trainer's steps, which move parameters, there is none.
    private void KeepWeights(IrBlock block)
    {
        if (_isBegun || _other is not null || _context.Kept is not null)
        {
            return;
        }

        _isBegun = true;
        HashSet<object> repeated = RepeatedWeights.In(block, _usage);
        if (repeated.Count > 0)
        {
            _context.Kept = _context.Names.New("weights");
            _context.Keeps = repeated.Contains;
            _writer.Line($"using var {_context.Kept} = new KeptWeights();");
        }
    }

    /// <summary>Disposal of values that a statement was the last to read.</summary>
    public string Disposals(IEnumerable<IrValue> dead) => string.Concat(dead.Where(Disposable).Select(v => $" {Forget(v)}.Dispose();"));

    /// <summary>Writes a statement with the disposal of what dies with it, mapped to the line it came from.</summary>
    public void Line(TextSpan span, string code, IEnumerable<IrValue> dead)
    {
        LineMapping.Write(_writer, _context, span);
        _writer.Line(code + Disposals(dead));
    }

    private bool IsNeeded(IrStatement statement) => statement is not IrOpStatement { Op: { } op } || _usage.IsNeeded(op);

    private bool Disposable(IrValue value) => _owned.Contains(value) && !_kept.Contains(value);

    private string Forget(IrValue value)
    {
        _owned.Remove(value);
        return NameOf(value);
    }

    // The longest run of unrecorded operations from here that has a module in it; its graph would be recorded for nothing.
    private int GraphFreeRun(IReadOnlyList<IrStatement> statements, int start)
    {
        if (!_context.KnowsGraph)
        {
            return 0;
        }

        int length = 0;
        int last = 0;
        while (start + length < statements.Count && statements[start + length] is IrOpStatement { Op: { IsRecorded: false } op })
        {
            length++;
            if (op is InvokeOp { Module.HasParameters: true } or ModelOp or WeightFigureOp)
            {
                last = length;
            }
        }

        return last;
    }

    private void WriteGraphFree(IReadOnlyList<IrStatement> statements, int start, int count, LastUses last)
    {
        List<IrValue> made = [.. statements.Skip(start).Take(count).SelectMany(s => ((IrOpStatement)s).Op.Outputs)];
        HashSet<IrValue> dead = [.. Enumerable.Range(start, count).SelectMany(last.At)];
        List<IrValue> leaving = [.. made.Where(v => _usage.Reads(v) > 0 && (!dead.Contains(v) || _kept.Contains(v)))];
        foreach (IrValue value in leaving)
        {
            _names[value] = _context.Names.New(value.Name);
            _writer.Line($"{(value.Type.Members is null ? "Tensor" : "Tensor[]")} {_names[value]};");
        }

        using (_writer.Braces("using (torch.no_grad())"))
        {
            for (int i = start; i < start + count; i++)
            {
                Write(statements[i], last.At(i));
            }
        }
    }

    private void Write(IrStatement statement, IReadOnlyList<IrValue> dead)
    {
        switch (statement)
        {
            case IrOpStatement { Op: { } op }:
                Operation(op, dead);
                foreach (IrValue value in op.Outputs.Where(o => o.IsDifferentiatedAt))
                {
                    Line(op.Span, DifferentiatedAt(value), []);
                }

                break;
            case IrFor loop:
                Loop(loop, dead);
                break;
            default:
                (_other ?? throw new InvalidOperationException(statement.GetType().Name))(statement, this, dead);
                break;
        }
    }

    /// <summary>What makes operations on a value record a graph, so that a gradient at it can be asked for.</summary>
    public string DifferentiatedAt(IrValue value) => $"{NameOf(value)}.requires_grad_(true);";

    /// <summary>Disposal on a line of its own, of what is not freed yet: columns that nothing reads, results of loops.</summary>
    public void DisposeRest(IEnumerable<IrValue> dead)
    {
        string disposals = Disposals(dead).TrimStart();
        if (disposals.Length > 0)
        {
            _writer.Line(disposals);
        }
    }

    private void Operation(IrOp op, IReadOnlyList<IrValue> dead)
    {
        if (op is FamilyWriteOp or FamilyReadOp)
        {
            Member(op, dead);
            return;
        }

        // A parameter that is read is the field itself: nothing disposes it, or writes over it.
        if (op is ReadParameterOp read && !_names.ContainsKey(read.Outputs[0]) && !_kept.Contains(read.Outputs[0]))
        {
            Bind(read.Outputs[0], _text.Field(read));
            return;
        }

        // So is a state that no step writes, and every state outside of steps; what a step has read of one that it writes later stays as it was.
        if (op is ReadStateOp { State: { } state } && !(state.IsWritten && _context.KnowsGraph) && !_names.ContainsKey(op.Outputs[0]) && !_kept.Contains(op.Outputs[0]))
        {
            Bind(op.Outputs[0], HeldFields.Of(state));
            return;
        }

        if (op is CatalogOp { Operation.Effect: not null } effect)
        {
            // The tensor goes on under its old name, and under its own still.
            IrValue changed = op.Inputs[0];
            bool passes = dead.Contains(changed) && Disposable(changed);
            Line(op.Span, _text.Effect(effect), dead.Where(d => !ReferenceEquals(d, changed)));
            _owned.Remove(changed);
            Bind(op.Outputs[0], NameOf(changed), isOwned: passes);
            return;
        }

        // The tensor goes on under its old name, unless the input is read again or a name waits for it.
        if (op is CatalogOp { Operation.IsItself: true } && !_names.ContainsKey(op.Outputs[0]) && dead.Contains(op.Inputs[0]) && Disposable(op.Inputs[0]))
        {
            string name = Forget(op.Inputs[0]);
            Bind(op.Outputs[0], name, isOwned: true);
            return;
        }

        if (_sums.TryGetValue(op, out IrValue? sum))
        {
            Sum((CatalogOp)op, sum, dead);
            return;
        }

        if (InPlace(op, dead) is { } target)
        {
            // The tensor goes on under its old name.
            string name = NameOf(target);
            Line(op.Span, _text.InPlace((CatalogOp)op) + ";", dead.Where(d => !ReferenceEquals(d, target)));
            _owned.Remove(target);
            Bind(op.Outputs[0], name, isOwned: true);
            return;
        }

        if (op is InvokeOp { Module.Module: IrFlow } flow && _usage.Reads(op.Outputs[1]) == 0)
        {
            Line(op.Span, $"{Declare(op.Outputs[0])} = {_text.WithoutLogDet(flow)};", dead);
            return;
        }

        string value = _text.Of(op);
        if (op is CatalogOp weight && _text.IsKept(weight))
        {
            Bind(op.Outputs[0], _context.Names.New(op.Outputs[0].Name));
            Line(op.Span, $"var {NameOf(op.Outputs[0])} = {value};", dead);
            return;
        }

        if (op.Outputs.Length == 1)
        {
            Line(op.Span, $"{Declare(op.Outputs[0])} = {value};", dead);
        }
        else if (op is InvokeOp or ModelOp)
        {
            // Those that a graph-free block declared before it are only assigned.
            bool isNew = !op.Outputs.Any(_names.ContainsKey);
            string names = string.Join(", ", op.Outputs.Select(o => isNew ? Introduce(o) : Declare(o)));
            Line(op.Span, $"{(isNew ? "var " : "")}({names}) = {value};", dead);
        }
        else
        {
            string made = ((CatalogOp)op).Operation.Name.TrimStart('~');
            string parts = _context.Names.New(made.EndsWith("s", StringComparison.Ordinal) ? made : made + "s");
            string each = string.Concat(op.Outputs.Select((o, i) => $" {Declare(o)} = {parts}[{CSharpNames.Number((long)i)}];"));
            Line(op.Span, $"var {parts} = {value};{each}", dead);
        }

        DisposeRest(op.Outputs.Where(o => _usage.Reads(o) == 0));
    }

    // A tensor that nothing else needs moves into its family. One that is read stays there, and is a name for its place; where
    // it outlives the family it is taken out first.
    private void Member(IrOp op, IReadOnlyList<IrValue> dead)
    {
        IrValue family = op.Inputs[0].Root;
        if (op is FamilyWriteOp write)
        {
            IrValue member = write.Inputs[1];
            bool moves = dead.Any(d => ReferenceEquals(d, member)) && Disposable(member);
            string value = moves ? Forget(member) : Alias(member);
            Line(op.Span, $"{NameOf(family)}[{_context.Host.Int(write.Index)}] = {value};", dead);
            return;
        }

        IrValue part = op.Outputs[0];
        string place = $"{NameOf(family)}[{_context.Host.Int(((FamilyReadOp)op).Index)}]";
        if (_names.ContainsKey(part) || _kept.Contains(part) || (dead.Contains(family) && Disposable(family)))
        {
            Line(op.Span, $"{Declare(part)} = {place}.alias();", dead);
            return;
        }

        Bind(part, place);
        DisposeRest(dead);
    }

    // A name that a graph-free block declared before it is only assigned.
    private string Declare(IrValue value) => _names.ContainsKey(value) ? Assigned(value) : "var " + Introduce(value);

    private string Assigned(IrValue value)
    {
        _owned.Add(value);
        return _names[value];
    }

    private string Introduce(IrValue value)
    {
        Bind(value, _context.Names.New(value.Name), isOwned: true);
        return _names[value];
    }

    private IrValue? InPlace(IrOp op, IReadOnlyList<IrValue> dead)
    {
        if (op is not CatalogOp { Operation.InPlace: not null } call || _names.ContainsKey(op.Outputs[0]))
        {
            return null;
        }

        IrValue input = call.Bindings[0].Value;
        bool only = dead.Any(d => ReferenceEquals(d, input)) && Disposable(input) && _usage.Reads(input) == 1;
        bool free = input.Producer is CatalogOp { Operation: { KeepsOutput: false, IsView: false } } or DrawOp { Kind: DrawKind.Normal or DrawKind.Uniform };

        // In its first round a sum is the other operand itself.
        free &= input.Producer is { } producer && !_sums.ContainsKey(producer);
        bool sameSize = input.Type.SameShape(op.Outputs[0].Type) && (input.Type.Rows is null) == (op.Outputs[0].Type.Rows is null);
        return only && free && sameSize && input.Type.Element == Element.Real ? input : null;
    }
}
