using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Generators.Emit;

/// <summary>The pass before the first step, for nets that start from data; in a plan each phase starts those that no earlier one has.</summary>
internal sealed partial class TrainerEmitter
{
    private void Initial(CodeWriter members)
    {
        if (!trainer.InitialisesFromData)
        {
            return;
        }

        const string Signature = "protected override bool InitialiseFromData()";
        if (!IsPlan)
        {
            members.Blank();
            members.Line("/// <inheritdoc/>");
            Initial(members, Signature, trainer.Step, []);
            return;
        }

        var started = new HashSet<ModuleInstance>();
        List<IrPhase> starting = [];
        foreach (IrPhase phase in trainer.Phases)
        {
            HashSet<ModuleInstance> before = [.. started];
            started.UnionWith(Starting(phase.Step));
            if (started.Count > before.Count)
            {
                starting.Add(phase);
                members.Blank();
                Initial(members, $"private bool {Method("Initialise", phase)}()", phase.Step, before);
            }
        }

        members.Blank();
        members.Line("/// <inheritdoc/>");
        using (members.Braces(Signature + $" => {PlaceOfPhase} switch", "};"))
        {
            foreach (IrPhase phase in starting)
            {
                members.Line($"{CSharpNames.Number((long)trainer.Phases.IndexOf(phase))} => {Method("Initialise", phase)}(),");
            }

            members.Line("_ => false,");
        }
    }

    private void Initial(CodeWriter members, string signature, IrBlock step, HashSet<ModuleInstance> started)
    {
        IrBlock block = InitialBlock.Of(step);
        var usage = new Usage(block, []);
        FunctionContext context = StepContext();
        context.Mode = op => op.Called is { Root.IsGiven: true } || op is InvokeOp { IsEvaluated: true } ? "Mode.Evaluate" : op.Called is { } net && (net.AverageOf is not null || net.PartOf is not null || started.Contains(net)) ? "Mode.Train" : "Mode.Initialise";
        List<IrSource> pulls = [.. trainer.AllSources.Where(s => s.Columns.Any(c => usage.Reads(c.Batch) > 0))];
        HashSet<ModuleInstance> starts = [.. Starting(step).Where(n => !started.Contains(n))];
        using (members.Braces(signature))
        {
            var body = new BlockEmitter(members, context, usage, [], (_, emitter, dead) => emitter.DisposeRest(dead));
            Pull(body, pulls, block);
            body.Write(block);
            body.DisposeRest(pulls.SelectMany(s => s.Columns).Select(c => c.Batch));
            LineMapping.End(members, emit);
            foreach (ModuleInstance average in Averages.Where(a => a.Module.InitialisesFromData && (!IsPlan || starts.Contains(a.AverageOf!))))
            {
                members.Line($"{AverageField(average)}.Update(0);");
            }

            members.Line("return true;");
        }
    }

    private static IEnumerable<ModuleInstance> Starting(IrBlock block) => block.Statements.SelectMany(s => s switch
    {
        IrOpStatement { Op: { } op } when InitialBlock.Initialises(op) => [op.Called!],
        { Inner: { } inner } => Starting(inner),
        _ => Enumerable.Empty<ModuleInstance>(),
    });
}
