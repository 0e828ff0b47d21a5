using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Types;

namespace GenDsl.Generators.Emit;

/// <summary>The steps of a trainer: its one step, or one for each phase of its plan.</summary>
internal sealed partial class TrainerEmitter
{
    private bool IsPlan => trainer.Phases.Count > 0;

    private void Steps(CodeWriter members)
    {
        if (!IsPlan)
        {
            members.Blank();
            members.Line("/// <inheritdoc/>");
            Advance(members, "protected override void Advance()", trainer.Step, trainer.Pulls, Averages);
            return;
        }

        Plan(members);
        members.Blank();
        members.Line("/// <inheritdoc/>");
        using (members.Braces("protected override void Advance()"))
        {
            AdvanceByPhase(members);
        }

        foreach (IrPhase phase in trainer.Phases)
        {
            members.Blank();
            Docs.Summary(members, phase.Doc.Length > 0 ? phase.Doc : phase.Solve is null ? $"A step of the phase '{phase.Name}'." : $"Solves for '{phase.Solve.Net.Name}' over all rows of '{phase.Solve.Source.Name}'.");
            HashSet<ModuleInstance> moved = [.. phase.Moved];
            if (phase.Solve is { } solve)
            {
                Solve(members, phase, solve, Averages.Where(a => moved.Contains(a.AverageOf!)));
                continue;
            }

            Advance(members, $"private void {Method("Advance", phase)}()", phase.Step, phase.Pulls, Averages.Where(a => moved.Contains(a.AverageOf!)));
        }
    }

    private void Plan(CodeWriter members)
    {
        var host = new HostText("_options", v => "_options." + CSharpNames.Pascal(v.Name));
        members.Blank();
        members.Line("/// <inheritdoc/>");
        members.Line("protected override global::System.Collections.Generic.IReadOnlyList<PlannedPhase> Plan() =>");
        members.Line("[");
        using (members.Indented())
        {
            foreach (IrPhase phase in trainer.Phases)
            {
                string length = phase.Length is not { } l ? "null"
                    : l.InEpochs ? $"RunLength.Epochs({host.Value(l.Count)})"
                    : $"RunLength.Steps({(l.Count.Kind == HostKind.Int ? host.Value(l.Count) : $"(long)({host.Value(l.Count)})")})";
                members.Line($"new({CSharpNames.Literal(phase.Name)}, {(phase.Clock is { } clock ? CSharpNames.Literal(clock.Name) : "null")}, {length}),");
            }
        }

        members.Line("];");
    }

    private void AdvanceByPhase(CodeWriter members)
    {
        using (members.Braces("switch (PhaseIndex)"))
        {
            for (int i = 0; i < trainer.Phases.Count; i++)
            {
                members.Line($"case {CSharpNames.Number((long)i)}:");
                using (members.Indented())
                {
                    members.Line($"{Method("Advance", trainer.Phases[i])}();");
                    members.Line("break;");
                }
            }
        }
    }

    // All rows, in order, graph-free, and then the weight.
    private void Solve(CodeWriter members, IrPhase phase, IrSolve solve, IEnumerable<ModuleInstance> averages)
    {
        FunctionContext context = Context();
        context.Mode = Observed;
        using (members.Braces($"private void {Method("Advance", phase)}()"))
        {
            members.Line("using var graphFree = torch.no_grad();");
            string solver = context.Names.New("solver");
            members.Line($"using var {solver} = {new OperationText(context, v => v.Name).Solver(solve.Reduction)};");
            string batch = context.Names.New("batch");
            context.Draws = site => $"{batch}.Draws.At({CSharpNames.Literal(site)})";
            context.Rows = batch + ".Rows";
            AtHand(context);
            using (members.Braces($"foreach (var {batch} in Pass({SourceField(solve.Source)}, {Bound(solve.Source)}))"))
            {
                HashSet<IrValue> results = [.. solve.Reduction.Inputs];
                var body = new BlockEmitter(members, context, new Usage(solve.Body, results), results);
                HashSet<string> used = FreeSizes.Used(solve.Body);
                for (int i = 0; i < solve.Source.Columns.Length; i++)
                {
                    IrColumn column = solve.Source.Columns[i];
                    string name = context.Names.New(column.Name);
                    members.Line($"var {name} = {batch}.Gather({CSharpNames.Number((long)i)});");
                    body.Bind(column.Batch, name, isOwned: true);
                    Sizes(members, context, column, name, used);
                }

                body.Write(solve.Body);
                body.DisposeRest(solve.Source.Columns.Select(c => c.Batch));
                LineMapping.End(members, emit);
                members.Line($"{solver}.Add({string.Join(", ", solve.Reduction.Inputs.Select(body.NameOf))});");
                foreach (IrValue value in results)
                {
                    members.Line($"{body.NameOf(value)}.Dispose();");
                }
            }

            members.Line($"using var solution = {solver}.Solution();");
            members.Line($"Solve({CSharpNames.Pascal(solve.Net.Name)}.State, solution);");
            foreach (ModuleInstance average in averages)
            {
                members.Line($"{AverageField(average)}.Update({(average.Decay is { } decay ? context.Host.Value(decay) : "")});");
            }
        }
    }

    private IEnumerable<IrSource> SolvedBy => trainer.Phases.Select(p => p.Solve?.Source).OfType<IrSource>().Distinct();

    private static string SourceField(IrSource source) => "_" + CSharpNames.Camel(source.Name) + "Source";

    private static string Method(string verb, IrPhase phase) => verb + CSharpNames.Pascal(phase.Name);

    private void Advance(CodeWriter members, string signature, IrBlock step, IReadOnlyList<IrSource> pulls, IEnumerable<ModuleInstance> averages)
    {
        FunctionContext context = StepContext();
        context.KnowsGraph = true;
        context.Mode = Mode;
        using (members.Braces(signature))
        {
            var body = new BlockEmitter(members, context, new Usage(step, []), [], TrainerStatement);
            List<ModuleInstance> following = [.. averages];
            Flags(members, context, step, following);
            Pull(body, pulls, step);
            body.Write(step);
            body.DisposeRest(pulls.SelectMany(s => s.Columns).Select(c => c.Batch));
            LineMapping.End(members, emit);
            foreach (ModuleInstance average in following)
            {
                string update = $"{AverageField(average)}.Update({(average.Decay is { } decay ? context.Host.Value(decay) : "")});";
                if (!_flags.TryGetValue(average.AverageOf!, out string? flag))
                {
                    members.Line(update);
                    continue;
                }

                using (members.Braces($"if ({flag})"))
                {
                    members.Line(update);
                }
            }

            _flags.Clear();
        }
    }

    // What only looks calls nets as they are when training is over, or by 'still' as in a step, with batch statistics and dropout; it writes nothing.
    private static string Observed(IrOp op) =>
        op is InvokeOp { IsSilent: true, IsEvaluated: false, Module.Root.IsGiven: false } ? "Mode.Train" : "Mode.Evaluate";

    // A call in which parts of a net learn leaves the statistics of its other parts, and of its own layers, alone.
    private static string Mode(IrOp op)
    {
        if (op.Called is { Root.IsGiven: true } || op is InvokeOp { IsEvaluated: true })
        {
            return "Mode.Evaluate";
        }

        if (op is InvokeOp { IsSilent: true })
        {
            return "Mode.Train";
        }

        // What no objective moves has nobody else to say when its statistics follow: a codebook between two nets.
        if (op.Called is { Root.AverageOf: null, Module: { } module } && IrPart.Learned(module).IsEmpty)
        {
            return "Mode.Learn";
        }

        string called = op.Called?.PartOf?.Path ?? "";
        List<IrPart> whole = op.Learns.FindAll(p => IrPart.IsIn(called, p.Path) || p.Path.Length == 0);
        string[] parts = whole.Count switch
        {
            0 => Parts(op.Called!, op.Learns.Select(p => p.Path)),
            1 => Parts(op.Called!, whole[0].Except.Where(p => called.Length == 0 || IrPart.IsIn(p, called))),
            _ => [],
        };
        string arguments = string.Join(", ", parts);
        return whole.Count == 0 ? parts.Length == 0 ? "Mode.Train" : $"Mode.LearnOnly({arguments})"
            : parts.Length == 0 ? "Mode.Learn" : $"Mode.LearnExcept({arguments})";
    }

    // Nets by their paths, all rounds of those that stand in loops; without layers, which are called in the mode of their net.
    private static string[] Parts(ModuleInstance called, IEnumerable<string> paths) => [.. paths.Select(p => Part(called.Root, p)).OfType<string>()];

    private static string? Part(ModuleInstance net, string path)
    {
        string text = CSharpNames.Pascal(net.Name);
        IrModule module = net.Module;
        foreach (string name in path.Split('.'))
        {
            if (module.Children.Find(c => c.Name == name) is not { } child)
            {
                return null;
            }

            text += "." + CSharpNames.Pascal(child.Name);
            if (child.Loops.Length > 0)
            {
                return text;
            }

            module = child.Module;
        }

        return text;
    }

    // An average follows a net that has moved, which is not sure in each step.
    private void Flags(CodeWriter members, FunctionContext context, IrBlock step, IEnumerable<ModuleInstance> averages)
    {
        HashSet<ModuleInstance> sure = [.. Moving(step.Sure)];
        HashSet<ModuleInstance> sometimes = [.. Moving(step.All).Where(n => !sure.Contains(n))];
        foreach (ModuleInstance net in averages.Select(a => a.AverageOf!).Distinct().Where(sometimes.Contains))
        {
            _flags[net] = context.Names.New(net.Name + "_moved");
            members.Line($"var {_flags[net]} = false;");
        }
    }

    private static IEnumerable<ModuleInstance> Moving(IEnumerable<IrStatement> statements) => statements.OfType<IrMinimize>().SelectMany(m => m.Targets).Select(t => t.Net);

    // Steps count from 0 in each phase; draws have addresses in the whole run.
    private FunctionContext StepContext()
    {
        FunctionContext context = Context();
        (context.Host.Step, context.Host.Progress, context.Host.Epoch) = IsPlan ? ("PhaseStep", "PhaseProgress", "EpochBefore") : ("GlobalStep", "Progress", "EpochBefore");
        context.Draws = site => $"Draws.At({CSharpNames.Literal(site)}).At(GlobalStep)";
        context.InHand = trainer.Sources.Count > 0 ? trainer.Sources[0].Rows : null;
        context.Rows = trainer.Sources.Count > 0 ? FeedField(trainer.Sources[0]) + ".Rows" : "_options.Batch";
        return context;
    }
}
