using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Generators.Emit;

/// <summary>
/// Writes the statements that tell a sampler's plan what a function computes. What depends on the drawn positions becomes a
/// <c>SiteValue</c>, by the site form of each operation; all else is computed at once, as a tensor that the plan keeps.
/// </summary>
internal sealed class TraceEmitter
{
    private readonly CodeWriter _writer;
    private readonly FunctionContext _context;
    private readonly HashSet<IrValue> _dependent;
    private readonly HashSet<IrOp> _needed;
    private readonly Dictionary<IrValue, string> _names = [];
    private readonly OperationText _tensors;
    private readonly OperationText _sites;
    private IReadOnlyCollection<IrValue> _plain = [];

    public TraceEmitter(CodeWriter writer, FunctionContext context, IrFunction function, IReadOnlyCollection<IrValue> roots)
    {
        (_writer, _context) = (writer, context);
        _dependent = SiteFlow.Dependents(function, roots);
        _needed = SiteFlow.Needed(function, [.. roots]);
        context.Mode = _ => "Mode.Evaluate";

        // In evaluation nothing is drawn inside a net.
        context.Draws = _ => "default";
        _tensors = new OperationText(context, NameOf);
        _sites = new OperationText(context, Site);
    }

    public void Bind(IrValue value, string name) => _names[value.Root] = name;

    public string NameOf(IrValue value) => _names.TryGetValue(value.Root, out string? name) ? name : throw new InvalidOperationException($"'{value.Name}' has no name yet.");

    /// <summary>True where something that is computed reads a value.</summary>
    public bool IsRead(IrValue value) => _needed.Any(op => op.Inputs.Contains(value));

    /// <summary>A value as the plan wants it.</summary>
    public string Site(IrValue value) => _dependent.Contains(value) || _plain.Contains(value) ? NameOf(value)
        : $"plan.Constant({NameOf(value)}, hasRows: {(value.Type.Rows is null ? "false" : "true")})";

    public void Write(IrBlock block)
    {
        foreach (IrStatement statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: { } op } when _needed.Contains(op) && (op is FamilyWriteOp || !op.Outputs.All(o => _names.ContainsKey(o.Root))):
                    Operation(op);
                    break;
                case IrFor loop when loop.Carried.Any(c => _needed.Overlaps(Operations(loop.Body)) || !ReferenceEquals(c.Next, c.Round)):
                    Loop(loop);
                    break;
            }
        }
    }

    private void Operation(IrOp op)
    {
        if (op is FamilyOp or FamilyWriteOp or FamilyReadOp or FamilySliceOp)
        {
            LineMapping.Write(_writer, _context, op.Span);
            Family(op);
            return;
        }

        bool isSite = op.Inputs.Any(_dependent.Contains);
        string value = !isSite ? _tensors.Of(op) : op switch
        {
            CatalogOp call => OfSite(call),
            InvokeOp invoke => Invoke(invoke),
            _ => throw new InvalidOperationException(op.GetType().Name),
        };
        if (op.Outputs.Length == 1)
        {
            // What does nothing in evaluation is another name of its argument.
            if (isSite && op.Inputs.FirstOrDefault(i => _dependent.Contains(i) && NameOf(i) == value) is not null)
            {
                Bind(op.Outputs[0], value);
                return;
            }

            LineMapping.Write(_writer, _context, op.Span);
            _writer.Line($"var {Introduce(op.Outputs[0])} = {(isSite ? value : $"plan.Hold({value})")};");
        }
        else if (op is InvokeOp)
        {
            LineMapping.Write(_writer, _context, op.Span);
            string names = string.Join(", ", op.Outputs.Select(Introduce));
            string holds = isSite ? "" : string.Concat(op.Outputs.Select(o => $" plan.Hold({NameOf(o)});"));
            _writer.Line($"var ({names}) = {value};{holds}");
        }
        else
        {
            LineMapping.Write(_writer, _context, op.Span);
            string parts = _context.Names.New(((CatalogOp)op).Operation.Name.TrimStart('~') + "s");
            string each = string.Concat(op.Outputs.Select((o, i) => $" var {Introduce(o)} = {parts}[{CSharpNames.Number((long)i)}];"));
            _writer.Line($"var {parts} = {(isSite ? value : $"plan.Hold({value})")};{each}");
        }
    }

    // The plan owns what it is told, so that parts need no handles of their own.
    private void Family(IrOp op)
    {
        string Index(Dim index) => _context.Host.Int(index);
        switch (op)
        {
            case FamilyOp family:
                _writer.Line($"var {Introduce(family.Outputs[0])} = new {(_dependent.Contains(family.Outputs[0].Root) ? "SiteValue" : "Tensor")}[{Index(family.Count)}];");
                break;
            case FamilyWriteOp write:
                string member = _dependent.Contains(write.Outputs[0].Root) ? Site(write.Inputs[1]) : NameOf(write.Inputs[1]);
                _writer.Line($"{NameOf(write.Inputs[0])}[{Index(write.Index)}] = {member};");
                break;
            case FamilyReadOp read:
                _writer.Line($"var {Introduce(read.Outputs[0])} = {NameOf(read.Inputs[0])}[{Index(read.Index)}];");
                break;
            case FamilySliceOp slice:
                _writer.Line($"var {Introduce(slice.Outputs[0])} = {NameOf(slice.Inputs[0])}[({Index(slice.From)})..({Index(slice.To)})];");
                break;
        }
    }

    // What a wrapper computes for a layer, its weight, stays a tensor.
    private string OfSite(CatalogOp call)
    {
        _plain = [.. call.Bindings.Where(b => call.Operation.Parameters.All(p => p.Name != b.Parameter)).Select(b => b.Value)];
        string text = _sites.Site(call);
        _plain = [];
        return text;
    }

    private string Invoke(InvokeOp op) => $"{_context.Module(op.Module)}.Trace({string.Join(", ", ["plan", .. op.Inputs.Select(NameOf)])})";

    private string Introduce(IrValue value)
    {
        string name = _context.Names.New(value.Name);
        Bind(value, name);
        return name;
    }

    private void Loop(IrFor loop)
    {
        List<LoopCarried> tensors = [.. loop.Carried.Where(c => c.Initial.Type.Members is null)];
        foreach (LoopCarried carried in tensors)
        {
            string name = _context.Names.New(carried.Round.Name);
            _writer.Line($"var {name} = {(_dependent.Contains(carried.Round) ? Site(carried.Initial) : NameOf(carried.Initial))};");
            Bind(carried.Round, name);
        }

        string index = _context.Names.New(loop.Index.Variable.Name);
        string? outer = _context.Sizes.TryGetValue(loop.Index.Variable.Name, out string? text) ? text : null;
        string from = _context.Host.Int(loop.Index.From);
        string to = _context.Host.Int(loop.Index.To);
        _context.Sizes[loop.Index.Variable.Name] = index;
        LineMapping.Write(_writer, _context, loop.Span);
        using (_writer.Braces($"for (var {index} = {from}; {index} < {to}; {index}++)"))
        {
            Write(loop.Body);
            List<LoopCarried> changed = [.. tensors.Where(c => !ReferenceEquals(c.Next, c.Round))];
            string variables = string.Join(", ", changed.Select(c => NameOf(c.Round)));
            string values = string.Join(", ", changed.Select(c => _dependent.Contains(c.Round) ? Site(c.Next) : NameOf(c.Next)));
            if (changed.Count > 0)
            {
                _writer.Line(changed.Count == 1 ? $"{variables} = {values};" : $"({variables}) = ({values});");
            }
        }

        _writer.Blank();
        if (outer is null)
        {
            _context.Sizes.Remove(loop.Index.Variable.Name);
        }
        else
        {
            _context.Sizes[loop.Index.Variable.Name] = outer;
        }

        foreach (LoopCarried carried in tensors)
        {
            Bind(carried.Result, NameOf(carried.Round));
        }
    }

    private static IEnumerable<IrOp> Operations(IrBlock block) => block.Statements.SelectMany(s => s switch
    {
        IrOpStatement { Op: { } op } => [op],
        IrFor loop => Operations(loop.Body),
        _ => Array.Empty<IrOp>(),
    });
}
