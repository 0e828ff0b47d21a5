using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Generators.Emit;

/// <summary>
/// The public surface of what has errors: the build fails on these, and the C# that uses the types must not add errors
/// of its own.
/// </summary>
internal static class BrokenEmitter
{
    public static void Write(CodeWriter writer, IrModule module)
    {
        Docs.Summary(writer, module.Doc);
        string name = CSharpNames.Pascal(module.Name);
        string failure = $"throw new GenDslException({CSharpNames.Literal($"{module.Name} has errors in its .gen file.")})";
        if (module is IrTrainer trainer)
        {
            Trainer(writer, trainer, name + "Trainer", failure);
            return;
        }

        bool isNet = module is IrNet;
        string types = string.Join(", ", Enumerable.Repeat("Tensor", System.Math.Max(1, module.DataCount) + 1));
        using (writer.Braces($"{(module.IsLibrary ? "internal" : "public")} sealed partial class {name} : torch.nn.Module{(isNet ? $"<{types}>" : "")}"))
        {
            OptionsRecord.Write(writer, module, "", null);
            writer.Blank();
            writer.Line($"public {name}(Options? options = null) : base({CSharpNames.Literal(name)}) => {failure};");
            writer.Line($"internal {name}(Options options, Build build) : base({CSharpNames.Literal(name)}) => {failure};");
            writer.Line($"public StateTable State => {failure};");
            if (isNet)
            {
                string parameters = string.Join(", ", Enumerable.Range(1, System.Math.Max(1, module.DataCount)).Select(i => $"Tensor x{CSharpNames.Number((long)i)}"));
                writer.Line($"public override Tensor forward({parameters}) => {failure};");
            }

            writer.Line("protected override void RegisterComponents() { }");
        }
    }

    private static void Trainer(CodeWriter writer, IrTrainer trainer, string name, string failure)
    {
        const string Strings = "global::System.Collections.Generic.IReadOnlyDictionary<string, Source>";
        using (writer.Braces($"public sealed partial class {name} : Trainer<{name}.Data, {name}.Report>"))
        {
            OptionsRecord.Write(writer, trainer, " : TrainerOptions", null);
            writer.Line($"public {name}(Options? options = null) : base(Descriptor, options ?? {failure}) {{ }}");
            writer.Line($"public static TrainerDescriptor Descriptor => {failure};");
            writer.Line($"public static {name} Load(string folder, global::System.Func<Options, Options>? change = null) => {failure};");
            foreach (ModuleInstance net in trainer.Children)
            {
                writer.Line($"public {CSharpNames.Pascal(net.Module.Name)} {CSharpNames.Pascal(net.Name)} => {failure};");
            }

            foreach (IrSample sample in trainer.Samples)
            {
                writer.Line($"public {CSharpNames.Pascal(sample.Function.Results[0].Type.Space!.Name)} Sample{CSharpNames.Pascal(sample.Name)}(int count) => {failure};");
            }

            foreach (IrEvaluation evaluation in trainer.Evaluations)
            {
                string result = CSharpNames.Pascal(evaluation.Name) + "Result";
                writer.Line($"public {result} Evaluate{CSharpNames.Pascal(evaluation.Name)}(Source source) => {failure};");
                writer.Line($"public readonly record struct {result}({string.Join(", ", evaluation.Results.Select(r => $"double {CSharpNames.Pascal(r.Name)}"))});");
            }

            writer.Line($"public sealed record Data({string.Join(", ", trainer.Sources.Select(s => "Source " + CSharpNames.Pascal(s.Name)))});");
            using (writer.Braces($"public readonly record struct {TrainerEmitter.ReportSignature(trainer)} : IReport"))
            {
                writer.Line("global::System.Collections.Generic.IReadOnlyList<NamedValue> IReport.Values => [];");
            }

            writer.Line($"protected override void Connect(Data data) => {failure};");
            writer.Line($"protected override Data Bind({Strings} sources) => {failure};");
            writer.Line($"protected override void Advance() => {failure};");
            writer.Line($"protected override Report Read() => {failure};");
        }
    }
}
