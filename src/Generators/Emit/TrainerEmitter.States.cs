using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements;

namespace GenDsl.Generators.Emit;

/// <summary>What of a trainer outlives its steps beside nets: states and histories.</summary>
internal sealed partial class TrainerEmitter
{
    private void StateFields()
    {
        foreach (IrState state in trainer.States)
        {
            writer.Line($"private readonly Tensor {HeldFields.Of(state)};");
        }

        foreach (IrHistory history in trainer.Histories.Where(h => h.Type is not null))
        {
            writer.Line($"private readonly History {HeldFields.Of(history)};");
        }
    }

    private void QueueList(CodeWriter members)
    {
        var queues = Queues.Of(trainer);
        if (queues.Count == 0)
        {
            return;
        }

        var host = new HostText("_options", v => v.Name);
        members.Blank();
        members.Line("/// <inheritdoc/>");
        members.Line($"public override global::System.Collections.Generic.IReadOnlyList<QueueInfo> Queues => [{string.Join(", ", queues.Select(q => $"new({CSharpNames.Literal(q.State.Name)}, {host.Int(q.State.Shape[0])}, {CSharpNames.Literal(q.Source.Name)})"))}];");
    }

    // In the order of the text: the first value of a state may be computed of one before it.
    private void Births(CodeWriter lines)
    {
        foreach (IrState state in trainer.States)
        {
            var context = new FunctionContext(source, emit, "options", _scalars) { Mode = Observed };
            context.Draws = site => $"Draws.At({CSharpNames.Literal(site)})";
            context.InHand = GenDsl.Dsl.Types.Rows.Drawn(0);
            string name = CSharpNames.Literal(state.Name);
            if (state.Initializer is { } initializer)
            {
                string shape = string.Concat(state.Shape.Select(d => ", " + context.Host.Argument(d)));
                lines.Line($"{HeldFields.Of(state)} = Build.Buffer({name}, StateRole.State, {ModuleEmitter.Initial(context.Host, initializer)}{shape});");
                continue;
            }

            IrFunction birth = state.Birth!;
            var body = new BlockEmitter(lines, context, new Usage(birth.Body, birth.Results), birth.Results);
            using (lines.Braces("using (torch.no_grad())"))
            {
                body.Write(birth.Body);
                LineMapping.End(lines, emit);
                lines.Line($"{HeldFields.Of(state)} = Build.Keep({name}, StateRole.State, {body.Result(birth.Results[0])});");
            }
        }

        foreach (IrHistory history in trainer.Histories.Where(h => h.Type is not null))
        {
            var host = new HostText("options", v => v.Name);
            lines.Line($"{HeldFields.Of(history)} = new History({CSharpNames.Literal(history.Name)}, Build, {host.Value(history.Size)}, {host.Sizes(history.Type!.Shape)});");
        }
    }
}

/// <summary>The fields of what outlives the step.</summary>
internal static class HeldFields
{
    public static string Of(IrState state) => $"_{CSharpNames.Camel(state.Name)}State";

    public static string Of(IrHistory history) => $"_{CSharpNames.Camel(history.Name)}History";
}
