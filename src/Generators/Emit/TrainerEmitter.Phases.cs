using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
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
            Docs.Summary(members, phase.Doc.Length > 0 ? phase.Doc : About(phase));
            HashSet<ModuleInstance> moved = [.. phase.Moved];
            if (phase.Solve is { } solve)
            {
                Solve(members, phase, solve, Averages.Where(a => moved.Contains(a.AverageOf!)));
                continue;
            }

            if (phase.Collected is { } collected)
            {
                Collect(members, phase, collected, collected.Collect!);
                continue;
            }

            if (phase.HandOver is { } hand)
            {
                HandOver(members, phase, hand, Averages.Where(a => moved.Contains(a.AverageOf!)));
                continue;
            }

            Advance(members, $"private void {Method("Advance", phase)}()", phase.Step, phase.Pulls, Averages.Where(a => moved.Contains(a.AverageOf!)));
        }
    }

    private static string About(IrPhase phase) => phase switch
    {
        { HandOver: { From: { } giver } given } => $"Gives '{given.Net.Name}' the weights of '{giver.Name}'.",
        { HandOver: { } given } => $"Gives '{given.Net.Name}' first weights anew.",
        { Solve: { } solve } => $"Solves for '{solve.Net.Name}' over all rows of '{string.Join("' and '", solve.Sources.Distinct().Select(s => s.Name))}'.",
        { Collected: { } collected } => $"Collects '{collected.Name}' from all rows of '{collected.Collect!.From.Name}'.",
        _ => $"A step of the phase '{phase.Name}'.",
    };

    private bool HasRounds => trainer.Plan.Exists(i => i is IrPlanLoop);

    // Where phases come again, the place in the plan is not that in the text.
    private string PlaceOfPhase => HasRounds ? "PhasePlace" : "PhaseIndex";

    private void Plan(CodeWriter members)
    {
        var host = new HostText("_options", v => v.Kind == DimVariableKind.Index ? CSharpNames.Camel(v.Name) : "_options." + CSharpNames.Pascal(v.Name));
        members.Blank();
        members.Line("/// <inheritdoc/>");
        const string Signature = "protected override global::System.Collections.Generic.IReadOnlyList<PlannedPhase> Plan()";
        if (HasRounds)
        {
            using (members.Braces(Signature))
            {
                members.Line("var plan = new global::System.Collections.Generic.List<PlannedPhase>();");
                PlanItems(members, host, trainer.Plan);
                members.Line("return plan;");
            }

            return;
        }

        members.Line(Signature + " =>");
        members.Line("[");
        using (members.Indented())
        {
            foreach (IrPhase phase in trainer.Phases)
            {
                members.Line($"new({Planned(phase, host)}),");
            }
        }

        members.Line("];");
    }

    private void PlanItems(CodeWriter members, HostText host, IReadOnlyList<IrPlanItem> items)
    {
        foreach (IrPlanItem item in items)
        {
            switch (item)
            {
                case IrPlannedPhase { Phase: { } phase }:
                    members.Line($"plan.Add(new({Planned(phase, host)}) {{ Place = {CSharpNames.Number((long)trainer.Phases.IndexOf(phase))} }});");
                    break;
                case IrPlanLoop { Index: { } index } loop:
                    string round = CSharpNames.Camel(index.Variable.Name);
                    using (members.Braces($"for (var {round} = {host.Int(index.From)}; {round} < {host.Factor(index.To)}; {round}++)"))
                    {
                        PlanItems(members, host, loop.Items);
                    }

                    break;
            }
        }
    }

    private static string Planned(IrPhase phase, HostText host)
    {
        string length = phase.Length is not { } l ? "null"
            : l.InEpochs ? $"RunLength.Epochs({host.Value(l.Count)})"
            : $"RunLength.Steps({(l.Count.Kind == HostKind.Int ? host.Value(l.Count) : $"(long)({host.Value(l.Count)})")})";
        return $"{CSharpNames.Literal(phase.Name)}, {(phase.Clock is { } clock ? CSharpNames.Literal(clock.Name) : "null")}, {length}";
    }

    private void AdvanceByPhase(CodeWriter members)
    {
        using (members.Braces($"switch ({PlaceOfPhase})"))
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
            foreach (IrSource data in solve.Sources.Distinct())
            {
                Gather(members, context, solve, data, solver);
            }

            members.Line($"using var solution = {solver}.Solution();");
            members.Line($"Solve({CSharpNames.Pascal(solve.Net.Name)}.State, solution);");
            Replaced(members, context, solve.Net, averages);
        }
    }

    // All that a net is; its moments are of what it was.
    private void HandOver(CodeWriter members, IrPhase phase, IrHandOver hand, IEnumerable<ModuleInstance> averages)
    {
        FunctionContext context = Context();
        string net = CSharpNames.Pascal(hand.Net.Name);
        using (members.Braces($"private void {Method("Advance", phase)}()"))
        {
            if (hand.From is { } from)
            {
                members.Line($"HandOver({net}.State, {CSharpNames.Pascal(from.Name)}.State);");
            }
            else
            {
                members.Line($"var build = Renewed({CSharpNames.Literal(hand.Net.Name)});");
                members.Line($"_ = new {CSharpNames.Pascal(hand.Net.Module.Name)}({OptionsRecord.Arguments(hand.Net, context.Host)}, build);");
                members.Line($"Renew({net}.State, build.State);");
            }

            foreach (IrOptimizer optimizer in trainer.Optimizers.Where(o => o.Targets.Exists(t => t.Net == hand.Net)))
            {
                members.Line($"{OptimizerField(optimizer)}.Forget({net}.State);");
            }

            Replaced(members, context, hand.Net, averages);
        }
    }

    // What holds after each move, and what follows.
    private void Replaced(CodeWriter members, FunctionContext context, ModuleInstance net, IEnumerable<ModuleInstance> averages)
    {
        foreach (IrConstraint constraint in trainer.Constraints.Where(c => c.Target.Net == net))
        {
            members.Line($"{ConstraintField(constraint)}.Apply();");
        }

        foreach (ModuleInstance average in averages)
        {
            members.Line($"{AverageField(average)}.Update({(average.Decay is { } decay ? context.Host.Value(decay) : "")});");
        }
    }

    private void Gather(CodeWriter members, FunctionContext context, IrSolve solve, IrSource data, string solver)
    {
        HashSet<IrValue> results = [.. solve.Reduction.Inputs.Where((_, i) => solve.Sources[i] == data)];
        OverBatches(members, context, data, solve.Body, results, (body, _) =>
        {
            if (solve.Sources.All(s => s == data))
            {
                members.Line($"{solver}.Add({string.Join(", ", solve.Reduction.Inputs.Select(body.NameOf))});");
                return;
            }

            for (int i = 0; i < solve.Sources.Length; i++)
            {
                if (solve.Sources[i] == data)
                {
                    members.Line($"{solver}.Add{CSharpNames.Pascal(solve.Reduction.Bindings[i].Parameter)}({body.NameOf(solve.Reduction.Inputs[i])});");
                }
            }
        });
    }

    // What is computed of each batch of a source, in order.
    private void OverBatches(CodeWriter members, FunctionContext context, IrSource data, IrBlock block, HashSet<IrValue> results, Action<BlockEmitter, string> use)
    {
        string batch = context.Names.New("batch");
        context.Draws = site => $"{batch}.Draws.At({CSharpNames.Literal(site)}).At(GlobalStep)";
        context.Rows = batch + ".Rows";
        AtHand(context);
        HashSet<string> known = [.. context.Sizes.Keys];
        using (members.Braces($"foreach (var {batch} in Pass({SourceField(data)}, {Bound(data)}))"))
        {
            var body = new BlockEmitter(members, context, new Usage(block, results), results);
            HashSet<string> used = FreeSizes.Used(block);
            for (int i = 0; i < data.Columns.Length; i++)
            {
                IrColumn column = data.Columns[i];
                string name = context.Names.New(column.Name);
                members.Line($"var {name} = {batch}.Gather({CSharpNames.Number((long)i)});");
                body.Bind(column.Batch, name, isOwned: true);
                Sizes(members, context, column, name, used);
            }

            body.Write(block);
            body.DisposeRest(data.Columns.Select(c => c.Batch));
            LineMapping.End(members, emit);
            use(body, batch);
            foreach (IrValue value in results)
            {
                members.Line($"{body.NameOf(value)}.Dispose();");
            }
        }

        Leave(context, known);
    }

    // Sizes that were read of a batch are locals of its loop.
    private static void Leave(FunctionContext context, HashSet<string> known)
    {
        foreach (string size in context.Sizes.Keys.Where(size => !known.Contains(size)).ToList())
        {
            context.Sizes.Remove(size);
        }
    }

    // All rows, in order, graph-free; those that stay become a source.
    private void Collect(CodeWriter members, IrPhase phase, IrSource collected, IrCollect collect)
    {
        FunctionContext context = Context();
        context.Mode = Observed;
        using (members.Braces($"private void {Method("Advance", phase)}()"))
        {
            members.Line("using var graphFree = torch.no_grad();");
            string rows = context.Names.New("rows");
            members.Line($"using var {rows} = new RowCollector();");
            OverBatches(members, context, collect.From, collect.Body, [.. collect.Read], (body, batch) =>
            {
                string where = collect.Where is { } condition ? body.NameOf(condition) : "null";
                string key = collect.Balance is { Key: { } k } ? body.NameOf(k) : "null";
                members.Line($"{rows}.Add({batch}, {where}, {key}{string.Concat(collect.Computed.Select(v => ", " + body.NameOf(v)))});");
            });
            string each = collect.Balance is { } balance ? ", each: " + context.Host.Value(balance.Count) : "";
            members.Line($"Collect({FeedField(collected)}, {rows}{each});");
        }
    }

    // Sources of which all rows are read at once.
    private HashSet<string> PassedOver => [.. trainer.Phases.SelectMany(p => p.Solve is { } solve ? solve.Sources : p.Collected is { Collect: { } collect } ? [collect.From] : []).Select(s => s.Name)];

    private static string SourceField(IrSource source) => "_" + CSharpNames.Camel(source.Name) + "Source";

    private static string Method(string verb, IrPhase phase) => verb + CSharpNames.Pascal(phase.Name);

    private void Advance(CodeWriter members, string signature, IrBlock step, IReadOnlyList<IrSource> pulls, IEnumerable<ModuleInstance> averages)
    {
        FunctionContext context = StepContext();
        context.KnowsGraph = true;
        context.Mode = Mode;
        using (members.Braces(signature))
        {
            Forget(members, step);
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

    // Entering a phase again, the optimizers that belong to its statements begin anew.
    private void Forget(CodeWriter members, IrBlock step)
    {
        List<IrOptimizer> own = trainer.Phases.Find(p => p.Step == step) is { Loops.Length: > 0 }
            ? [.. step.Minimizes.SelectMany(m => m.Moves).Select(m => m.Optimizer).Where(o => !o.IsNamed).Distinct()]
            : [];
        if (own.Count == 0)
        {
            return;
        }

        using (members.Braces("if (PhaseStep == 0)"))
        {
            foreach (IrOptimizer optimizer in own)
            {
                members.Line($"{OptimizerField(optimizer)}.Forget();");
            }
        }
    }

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
