using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Generators.Emit;

/// <summary>The pass before the first step, for nets that start from data.</summary>
internal sealed partial class TrainerEmitter
{
    private void Initial(CodeWriter members)
    {
        if (!trainer.InitialisesFromData)
        {
            return;
        }

        IrBlock block = InitialBlock.Of(trainer.Step);
        var usage = new Usage(block, []);
        FunctionContext context = Context();
        context.Mode = op => op is InvokeOp { Module.AverageOf: not null } or ModelOp { Module.AverageOf: not null } ? "Mode.Train" : "Mode.Initialise";
        context.Draws = site => $"Draws.At({CSharpNames.Literal(site)}).At(GlobalStep)";
        context.Rows = FeedField(trainer.Sources[0]) + ".Rows";
        List<IrSource> pulls = [.. trainer.Sources.Where(s => s.Columns.Any(c => usage.Reads(c.Batch) > 0))];
        members.Blank();
        members.Line("/// <inheritdoc/>");
        using (members.Braces("protected override bool InitialiseFromData()"))
        {
            var body = new BlockEmitter(members, context, usage, [], (_, emitter, dead) => emitter.DisposeRest(dead));
            Pull(body, pulls, block);
            body.Write(block);
            body.DisposeRest(pulls.SelectMany(s => s.Columns).Select(c => c.Batch));
            LineMapping.End(members, emit);
            foreach (ModuleInstance average in Averages.Where(a => a.Module.InitialisesFromData))
            {
                members.Line($"{AverageField(average)}.Update(0);");
            }

            members.Line("return true;");
        }
    }
}
