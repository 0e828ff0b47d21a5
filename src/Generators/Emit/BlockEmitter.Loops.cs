using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Generators.Emit;

/// <summary>Loops: what lives through their rounds, sums, and rounds that are computed again in the backward pass.</summary>
internal sealed partial class BlockEmitter
{
    /// <summary>Writes a body that runs several times: what was there before it outlives all rounds, however often it is read.</summary>
    /// <param name="own">Values that each round has anew.</param>
    public void WriteRounds(IrBlock body, IEnumerable<IrValue> own)
    {
        List<IrValue> outer = [.. _owned.Except(own).Where(v => !_kept.Contains(v))];
        _kept.UnionWith(outer);
        Write(body);
        _kept.ExceptWith(outer);
    }

    // The end of a round. What the body made moves into the variable; another loop's variable or an outer value is aliased,
    // before any variable changes.
    private void Advance(IrFor loop)
    {
        HashSet<IrValue> made = [.. loop.Body.Statements.SelectMany(LastUses.Made)];
        List<LoopCarried> changed = [.. loop.Carried.Where(c => c.Initial.Type.Members is null && _usage.IsCarried(c) && !ReferenceEquals(c.Next, c.Round))];
        Dictionary<LoopCarried, string> next = [];
        foreach (LoopCarried carried in changed)
        {
            bool moves = made.Contains(carried.Next) && _owned.Contains(carried.Next) && changed.First(c => ReferenceEquals(c.Next, carried.Next)) == carried;
            if (moves)
            {
                next[carried] = NameOf(carried.Next);
                continue;
            }

            next[carried] = _context.Names.New("next");
            _writer.Line($"var {next[carried]} = {NameOf(carried.Next)}.alias();");
        }

        foreach (LoopCarried carried in changed)
        {
            // An inner loop may have gone on with the tensor under its own name.
            string variable = NameOf(carried.Round);
            if (next[carried] != variable)
            {
                _writer.Line((_owned.Contains(carried.Round) ? $"{variable}.Dispose(); " : "") + $"{variable} = {next[carried]};");
            }
        }
    }

    private void Loop(IrFor loop, IReadOnlyList<IrValue> dead)
    {
        List<LoopCarried> tensors = [.. loop.Carried.Where(c => c.Initial.Type.Members is null && _usage.IsCarried(c))];
        foreach (LoopCarried carried in tensors)
        {
            if (carried.IsSum)
            {
                string start = _context.Names.New(carried.Round.Name);
                Line(loop.Span, $"Tensor {start} = null!;", []);
                Bind(carried.Round, start, isOwned: true);
                _sums[Accumulators.Addition(loop.Body, carried)!] = carried.Round;
                continue;
            }

            bool takes = dead.Any(d => ReferenceEquals(d, carried.Initial)) && Disposable(carried.Initial) && loop.Carried.Count(c => ReferenceEquals(c.Initial, carried.Initial)) == 1
                && !LastUses.Outside(loop.Body).Contains(carried.Initial);
            if (takes)
            {
                // The loop goes on with the tensor under its old name.
                Bind(carried.Round, NameOf(carried.Initial), isOwned: true);
                _owned.Remove(carried.Initial);
            }
            else
            {
                string name = _context.Names.New(carried.Round.Name);
                Line(loop.Span, $"var {name} = {NameOf(carried.Initial)}.alias();", []);
                Bind(carried.Round, name, isOwned: true);
            }
        }

        bool mayRecompute = loop.Undo is not null && !_context.IsGraphFree;
        IDisposable? otherwise = null;
        if (mayRecompute)
        {
            _context.Sites = new(StringComparer.Ordinal);
            LineMapping.Write(_writer, _context, loop.Span);
            using (_writer.Braces("if (_options.Memory == Memory.Invertible && torch.is_grad_enabled())"))
            {
                Recompute(loop, loop.Undo!);
            }

            otherwise = _writer.Braces("else");
        }

        string index = _context.Names.New(loop.Index.Variable.Name);

        // What recomputes later must know the round that it stood in, not the last one.
        bool isCaptured = loop.Body.Statements.Any(s => s is IrFor { Undo: not null }) && !_context.IsGraphFree;
        string counter = isCaptured ? _context.Names.New(loop.Index.Variable.Name) : index;
        string? outer = _context.Sizes.TryGetValue(loop.Index.Variable.Name, out string? text) ? text : null;
        string from = _context.Host.Int(loop.Index.From);
        string to = _context.Host.Int(loop.Index.To);
        _context.Sizes[loop.Index.Variable.Name] = index;
        LineMapping.Write(_writer, _context, loop.Span);
        HashSet<IrValue> keptBefore = [.. _kept];
        Func<string, string> outerDraws = _context.Draws;
        _context.Draws = site => $"{outerDraws(site)}.At({index})";
        using (_writer.Braces(loop.IsBackwards ? $"for (var {counter} = {_context.Host.Int(loop.Index.To - Dim.One)}; {counter} >= {from}; {counter}--)" : $"for (var {counter} = {from}; {counter} < {to}; {counter}++)"))
        {
            if (isCaptured)
            {
                _writer.Line($"var {index} = {counter};");
            }

            _kept.UnionWith(loop.Carried.Select(c => c.Next));
            WriteRounds(loop.Body, loop.Carried.Select(c => c.Round));
            Advance(loop);
            _kept.ExceptWith(loop.Carried.Select(c => c.Next).Where(n => !keptBefore.Contains(n)));
        }

        otherwise?.Dispose();
        _context.Sites = mayRecompute ? null : _context.Sites;
        _context.Draws = outerDraws;
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
            _owned.Remove(carried.Round);
            Bind(carried.Result, NameOf(carried.Round), isOwned: true);
        }

        DisposeRest(dead.Concat(tensors.Select(c => c.Result).Where(r => _usage.Reads(r) == 0)));
    }

    // The loop as one step of the backward pass: a round forward, a round back, and what rounds learn.
    private void Recompute(IrFor loop, IrRoundInverse undo)
    {
        LoopCarried data = IrRoundInverse.DataOf(loop);
        LoopCarried? sum = loop.Carried.FirstOrDefault(c => c.IsSum && _usage.IsCarried(c));
        IrValue? term = sum is null ? null : IrRoundInverse.TermOf(loop);
        IrOp? addition = loop.Carried.FirstOrDefault(c => c.IsSum) is { } any ? Accumulators.Addition(loop.Body, any) : null;
        var body = new IrBlock();
        body.Statements.AddRange(loop.Body.Statements.Where(s => s is not IrOpStatement { Op: { } op } || !ReferenceEquals(op, addition)));
        string round = _context.Names.New("round");
        Local(loop, round, body, data.Round, term is null ? [data.Next] : [data.Next, term]);
        string back = _context.Names.New("back");
        Local(loop, back, undo.Body, undo.Next, [undo.Round]);
        string variable = NameOf(data.Round);
        string result = term is null ? variable : $"({variable}, {NameOf(sum!.Round)})";
        string mode = _context.HasMode ? ", mode" : "";
        LineMapping.Write(_writer, _context, loop.Span);
        _writer.Line($"{result} = Recompute.{(term is null ? "Loop" : "SummedLoop")}({variable}, {_context.Host.Int(loop.Index.From)}, {_context.Host.Int(loop.Index.To)}, {round}, {back}, {Learned(loop)}{mode});");
    }

    private void Local(IrFor loop, string name, IrBlock block, IrValue given, IReadOnlyList<IrValue> results)
    {
        FunctionContext context = _context.Inner(_context.Sites!);
        string index = context.Names.New(loop.Index.Variable.Name);
        Func<string, string> outerDraws = _context.Draws;
        context.Sizes[loop.Index.Variable.Name] = index;
        context.Draws = site => $"{outerDraws(site)}.At({index})";
        var body = new BlockEmitter(_writer, context, new Usage(block, results), results);
        string x = context.Names.New(given.Name);
        body.Bind(given, x);
        context.Rows = x + ".size(0)";
        string head = $"{(results.Count == 1 ? "Tensor" : "(Tensor, Tensor)")} {name}(Tensor {x}, int {index}, Mode mode)";
        if (block.Statements.Where(body.IsNeeded).ToList() is [IrOpStatement { Op: InvokeOp { Module.Module: IrFlow } flow }] && results.SequenceEqual(flow.Outputs.Take(results.Count)))
        {
            LineMapping.Write(_writer, _context, flow.Span);
            _writer.Line($"{head} => {(results.Count == 1 ? body._text.WithoutLogDet(flow) : body._text.Of(flow))};");
            return;
        }

        using (_writer.Braces(head))
        {
            body.Write(block);
            LineMapping.End(_writer, _context.Emit);
            _writer.Line(results.Count == 1 ? $"return {body.Result(results[0])};" : $"return ({string.Join(", ", results.Select(body.Result))});");
        }

        _writer.Blank();
    }

    // The parameters of a round as a function of its index.
    private string Learned(IrFor loop)
    {
        FunctionContext context = _context.Inner(_context.Sites!);
        string index = context.Names.New(loop.Index.Variable.Name);
        context.Sizes[loop.Index.Variable.Name] = index;
        List<IrOp> ops = [.. loop.Body.Statements.OfType<IrOpStatement>().Select(s => s.Op).Where(_usage.IsNeeded)];
        IEnumerable<string> modules = ops.OfType<InvokeOp>().Select(o => o.Module).Where(m => m.HasParameters).Distinct().Select(m => $"Recompute.Learned({context.Module(m)}.State)");
        IEnumerable<string> fields = ops.Select(o => o is CatalogOp call ? call.Layer : (o as ReadParameterOp)?.Layer).OfType<LayerInstance>().Distinct()
            .SelectMany(l => l.Weights.Where(w => w.Role is Dsl.Catalog.WeightRole.Kernel or Dsl.Catalog.WeightRole.Gain).Select(w => LayerFields.Name(l, w) + context.Indices(l.Loops)));
        List<string> spread = [.. modules];
        List<string> all = [.. fields];
        return all.Count == 0 && spread.Count == 1 ? $"{index} => {spread[0]}" : $"{index} => [{string.Join(", ", [.. spread.Select(m => ".. " + m), .. all])}]";
    }

    // The first round assigns, the others add; both are taken over.
    private void Sum(CatalogOp op, IrValue sum, IReadOnlyList<IrValue> dead)
    {
        IrValue term = op.Inputs.First(i => !ReferenceEquals(i, sum));
        bool moves = dead.Any(d => ReferenceEquals(d, term)) && Disposable(term);
        string value = $"Layers.Accumulate({Forget(sum)}, {(moves ? Forget(term) : Alias(term))})";
        Line(op.Span, $"{Declare(op.Outputs[0])} = {value};", dead.Where(d => !ReferenceEquals(d, sum)));
    }
}
