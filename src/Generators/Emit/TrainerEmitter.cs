using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Generators.Emit;

/// <summary>Writes a trainer: what it is made of. Its step and observers are in the other half.</summary>
internal sealed partial class TrainerEmitter(CodeWriter writer, GenSource source, EmitOptions emit, IrTrainer trainer)
{
    private readonly ScalarPool _scalars = new();
    private bool _readsOptions;

    private string ClassName => CSharpNames.Pascal(trainer.Name) + "Trainer";

    public void Write()
    {
        var members = new CodeWriter();
        Step(members);
        Samples(members);
        Evaluations(members);
        var births = new CodeWriter();
        Births(births);
        _readsOptions = members.ToString().Contains("_options.");
        Docs.Summary(writer, trainer.Doc.Length > 0 ? trainer.Doc : $"Trains {trainer.Name}.");
        using (writer.Braces($"public sealed partial class {ClassName} : Trainer<{ClassName}.Data, {ClassName}.Report>"))
        {
            Fields();
            Constructor(births);
            Descriptor();
            foreach (ModuleInstance net in trainer.Children)
            {
                writer.Blank();
                Docs.Summary(writer, net.AverageOf is { } of ? $"The moving average of {CSharpNames.Pascal(of.Name)}." : Docs.Of(net.Module));
                writer.Line($"{Members.Access(net.Module)} {CSharpNames.Pascal(net.Module.Name)} {CSharpNames.Pascal(net.Name)} {{ get; }}");
            }

            Load();
            Members.Copy(members, writer);
            Records();
        }
    }

    private static string OptimizerField(IrOptimizer optimizer) => $"_{CSharpNames.Camel(optimizer.Name)}{optimizer.Kind}";

    private static string MeterField(IrReport report) => $"_{CSharpNames.Camel(report.Name)}Meter";

    private static string FeedField(IrSource source) => $"_{CSharpNames.Camel(source.Name)}Feed";

    private static string AverageField(ModuleInstance average) => $"_{CSharpNames.Camel(average.Name)}Average";

    private IEnumerable<ModuleInstance> Averages => trainer.Children.Where(c => c.AverageOf is not null);

    private void Fields()
    {
        foreach ((string name, string value) in _scalars.Constants)
        {
            writer.Line($"private static readonly Scalar {name} = {value};");
        }

        if (_readsOptions)
        {
            writer.Line("private readonly Options _options;");
        }

        foreach ((string name, HostValue _) in _scalars.Settings)
        {
            writer.Line($"private readonly Scalar {name};");
        }

        foreach (IrOptimizer optimizer in trainer.Optimizers)
        {
            writer.Line($"private readonly {optimizer.Kind} {OptimizerField(optimizer)};");
        }

        foreach ((IrMove _, string field) in Moves)
        {
            writer.Line($"private readonly Move {field};");
        }

        foreach (IrConstraint constraint in trainer.Constraints)
        {
            writer.Line($"private readonly {(constraint.Interval is null ? "OrthogonalWeights" : "WeightClip")} {ConstraintField(constraint)};");
        }

        foreach (ModuleInstance average in Averages)
        {
            writer.Line($"private readonly Average {AverageField(average)};");
        }

        StateFields();
        foreach (IrReport report in trainer.Reports)
        {
            writer.Line($"private readonly Meter {MeterField(report)};");
        }

        foreach (IrSource feed in trainer.AllSources)
        {
            writer.Line($"private Feed {FeedField(feed)} = null!;");
            if (PassedOver.Contains(feed.Name))
            {
                writer.Line($"private Source {SourceField(feed)} = null!;");
            }
        }
    }

    private void Constructor(CodeWriter births)
    {
        bool optional = OptionsRecord.AllOptional(trainer);
        var host = new HostText("options", v => "options." + CSharpNames.Pascal(v.Name));
        writer.Blank();
        writer.Line("/// <summary>Constructs the nets and optimizers.</summary>");
        writer.Line("/// <exception cref=\"GenDslException\">An option is out of range.</exception>");
        writer.Line(optional ? $"public {ClassName}(Options? options = null)" : $"public {ClassName}(Options options)");
        using (writer.Indented())
        {
            writer.Line(optional ? ": base(Descriptor, options ??= new())" : ": base(Descriptor, options)");
        }

        using (writer.Braces())
        {
            OptionsRecord.Checks(writer, trainer, host);
            if (_readsOptions)
            {
                writer.Line("_options = options;");
            }

            foreach ((string name, HostValue value) in _scalars.Settings)
            {
                writer.Line($"{name} = {host.Value(value)};");
            }

            foreach (ModuleInstance net in trainer.Children)
            {
                writer.Line($"{CSharpNames.Pascal(net.Name)} = new {CSharpNames.Pascal(net.Module.Name)}({OptionsRecord.Arguments(net, host)}, Build.Child({CSharpNames.Literal(net.Name)}));");
            }

            foreach (ModuleInstance net in trainer.Children.Where(c => c.IsGiven))
            {
                writer.Line($"Give({CSharpNames.Literal(net.Name)}, {CSharpNames.Pascal(net.Name)}.State);");
            }

            foreach (IrConstraint constraint in trainer.Constraints)
            {
                writer.Line($"{ConstraintField(constraint)} = " + (constraint.Interval is { } interval
                    ? $"new WeightClip({CSharpNames.Literal(constraint.Target.Name)}, {Learned(constraint.Target)}, {host.Value(interval.Low)}, {host.Value(interval.High)});"
                    : $"new OrthogonalWeights({Learned(constraint.Target)});"));
            }

            foreach (ModuleInstance average in Averages)
            {
                string counter = average.Decay is null ? $", {CSharpNames.Literal(average.Name)}" : "";
                writer.Line($"{AverageField(average)} = Own(new Average({CSharpNames.Pascal(average.AverageOf!.Name)}.State, {CSharpNames.Pascal(average.Name)}.State{counter}));");
            }

            if (trainer.States.Count + trainer.Histories.Count > 0)
            {
                Members.Copy(births, writer);
            }

            foreach (IrOptimizer optimizer in trainer.Optimizers)
            {
                string targets = optimizer.Targets.Count == 1
                    ? Learned(optimizer.Targets[0])
                    : "[" + string.Join(", ", optimizer.Targets.Select(t => ".. " + Learned(t))) + "]";
                if (optimizer.Targets.SelectMany(t => t.Places).Distinct().Count() < optimizer.Targets.Sum(t => t.Places.Length))
                {
                    targets = $"StateTable.Union({string.Join(", ", optimizer.Targets.Select(Learned))})";
                }

                string settings = string.Concat(optimizer.Settings.Select(s => $", {s.Name}: {host.Value(s.Value)}"));
                writer.Line($"{OptimizerField(optimizer)} = Own(new {optimizer.Kind}({CSharpNames.Literal(optimizer.Name)}, {targets}{settings}));");
            }

            foreach ((IrMove move, string field) in Moves)
            {
                writer.Line($"{field} = {Move(move, host)};");
            }

            foreach (IrReport report in trainer.Reports)
            {
                writer.Line($"{MeterField(report)} = Own(new Meter({CSharpNames.Literal(report.Name)}, Device));");
            }
        }
    }

    private static string Learned(IrPart target)
    {
        string state = CSharpNames.Pascal(target.Net.Name) + ".State.Learned";
        return target.IsWhole ? state : $"{state}In({string.Join(", ", target.Except.Insert(0, target.Path).Select(p => CSharpNames.Literal(InState(target.Net.Module, p))))})";
    }

    // The name of a part among state tensors, with a star for the number of each round that it stands in.
    private static string InState(IrModule module, string path)
    {
        if (path.Length == 0)
        {
            return path;
        }

        int dot = path.IndexOf('.');
        string name = dot < 0 ? path : path.Substring(0, dot);
        ModuleInstance? child = module.Children.Find(c => c.Name == name);
        int loops = child?.Loops.Length ?? module.Layers.First(l => l.Name == name).Loops.Length;
        string rounds = loops == 0 ? "" : ".*" + string.Concat(Enumerable.Repeat(".round.*", loops - 1));
        return name + rounds + (dot < 0 ? "" : "." + InState(child!.Module, path.Substring(dot + 1)));
    }

    private void Descriptor()
    {
        writer.Blank();
        writer.Line("/// <summary>What tools need to know of this trainer.</summary>");
        writer.Line("public static TrainerDescriptor Descriptor { get; } = new(");
        using (writer.Indented())
        {
            writer.Line($"{CSharpNames.Literal(trainer.Name)},");
            writer.Line($"{CSharpNames.Literal(trainer.Doc)},");
            List("Hyperparameters", trainer.Hyperparameters.Select(h =>
                $"new({CSharpNames.Literal(h.Name)}, {CSharpNames.Literal(h.Kind == HostKind.Int ? "int" : h.Kind == HostKind.Bool ? "bool" : "float")}, {CSharpNames.Literal(h.Default is { } standard ? HostReading.Text(standard.Expression) : "")}, {(h.Minimum is { } m ? CSharpNames.Number(m) : "null")}, {CSharpNames.Literal(h.Doc)})"));
            List("Sources", trainer.Sources.Select(s => $"new({CSharpNames.Literal(s.Name)}, [{Columns(s)}])"));
            List("Samples", trainer.Samples.Select(s => SampleInfo(s)));
            List("Evaluations", trainer.Evaluations.Select(e => $"new({CSharpNames.Literal(e.Name)}, [{string.Join(", ", e.Sources.Select(s => $"new({CSharpNames.Literal(s.Name)}, [{Columns(s)}])"))}])"));
            writer.Line($"SchemaHash: {CSharpNames.Literal(SchemaHash.Of(source))},");
            writer.Line($"Create: bag => new {ClassName}(Options.From(bag)),");
            writer.Line($"Load: (folder, changes) => Load(folder, options => Options.From(options.ToBag().With(changes))){(trainer.CanRecompute ? ", HasMemory: true" : "")}){Given()};");
        }
    }

    private string Given()
    {
        List<string> names = [.. trainer.Children.Where(c => c.IsGiven).Select(c => CSharpNames.Literal(c.Name))];
        return names.Count == 0 ? "" : $" {{ Given = [{string.Join(", ", names)}] }}";
    }

    private static string SampleInfo(IrSample sample)
    {
        string info = $"new({CSharpNames.Literal(sample.Name)}, {CSharpNames.Pascal(sample.Function.Results[0].Type.Space!.Name)}.Info)";
        List<string> more = [];
        if (sample.Function.Parameters.Length > 0)
        {
            more.Add($"Conditions = [{string.Join(", ", sample.Function.Parameters.Select(c => $"new ColumnBinding({CSharpNames.Literal(c.Name)}, {CSharpNames.Pascal(c.Type.Space!.Name)}.Info)"))}]");
        }

        if (sample.Sizes.Length > 0)
        {
            more.Add($"Sizes = [{string.Join(", ", sample.Sizes.Select(s => CSharpNames.Literal(s.Size.Name)))}]");
        }

        if (sample.Numbers.Length > 0)
        {
            more.Add($"Numbers = [{string.Join(", ", sample.Numbers.Select(n => CSharpNames.Literal(n.Name)))}]");
        }

        if (HasTemperature(sample))
        {
            more.Add("HasTemperature = true");
        }

        return more.Count == 0 ? info : $"{info} {{ {string.Join(", ", more)} }}";
    }

    private void List(string name, IEnumerable<string> items)
    {
        List<string> all = [.. items];
        if (all.Count == 0)
        {
            writer.Line($"{name}: [],");
            return;
        }

        writer.Line($"{name}:");
        writer.Line("[");
        using (writer.Indented())
        {
            foreach (string item in all)
            {
                writer.Line(item + ",");
            }
        }

        writer.Line("],");
    }

    private static string Columns(IrSource source) => Columns(source, _ => "");

    // As a trainer reads them whose options say how many codes there are.
    private static string Bound(IrSource source) => Columns(source, Counted);

    private static string Counted(SpaceSymbol space) => space.FreeCount is { } count ? $".Of(_options.{CSharpNames.Pascal(count.Name)})" : "";

    private static string Columns(IrSource source, Func<SpaceSymbol, string> more) =>
        string.Join(", ", source.Columns.Select(c => Column(c, more)));

    private static string Column(IrColumn column, Func<SpaceSymbol, string> more) =>
        $"new ColumnBinding({CSharpNames.Literal(column.Name)}, {CSharpNames.Pascal(column.Space!.Name)}.Info{more(column.Space)})";

    /// <summary>The parameters of the record that a step returns.</summary>
    public static string ReportSignature(IrTrainer trainer)
    {
        bool isPlan = trainer.Phases.Count > 0;
        string phase = isPlan ? ", string Phase, long PhaseStep" : "";
        return $"Report(long Step, double Epoch{phase}{string.Concat(trainer.Reports.Select(r => $", double{(isPlan || r.IsConditional ? "?" : "")} {CSharpNames.Pascal(r.Name)}"))})";
    }

    private void Load()
    {
        writer.Blank();
        writer.Line("/// <summary>Goes on from a checkpoint: the same nets, moments, figures and place in the data.</summary>");
        writer.Line("/// <param name=\"folder\">A checkpoint, or the folder whose latest checkpoint is meant.</param>");
        writer.Line("/// <param name=\"change\">Changes options, such as the device.</param>");
        writer.Line("/// <exception cref=\"GenDslException\">There is no whole checkpoint of this program.</exception>");
        using (writer.Braces($"public static {ClassName} Load(string folder, global::System.Func<Options, Options>? change = null)"))
        {
            writer.Line("var checkpoint = Checkpoint.Open(folder, Descriptor);");
            writer.Line("var options = Options.From(checkpoint.Options);");
            writer.Line($"return checkpoint.Into(new {ClassName}(change is null ? options : change(options)));");
        }
    }

    // What the bag says, or the default, which may read what it says of others.
    private string FromBag(string name)
    {
        Hyperparameter h = trainer.Hyperparameters.First(p => p.Name == name);
        string verb = h.Kind switch { HostKind.Int => "Int", HostKind.Bool => "Bool", _ => "Float" };
        return $"bag.{verb}({CSharpNames.Literal(name)}{(OptionsRecord.Default(h, FromBag) is { } fallback ? ", " + fallback : "")})";
    }

    private void Records()
    {
        writer.Blank();
        OptionsRecord.Write(writer, trainer, " : TrainerOptions", () =>
        {
            writer.Blank();
            writer.Line("internal static Options From(OptionBag bag) => bag.Complete(");
            using (writer.Indented())
            {
                string hypers = string.Join(", ", trainer.Hyperparameters.Select(h => $"{CSharpNames.Pascal(h.Name)} = {FromBag(h.Name)}"));
                hypers = string.Join(", ", ((string[])[hypers, trainer.CanRecompute ? "Memory = bag.Memory()" : ""]).Where(h => h.Length > 0));
                writer.Line(hypers.Length == 0 ? "new Options()," : $"new Options {{ {hypers} }},");
                writer.Line("Descriptor);");
            }

            writer.Blank();
            writer.Line("/// <inheritdoc/>");
            using (writer.Braces("protected override void Describe(OptionBag bag)"))
            {
                foreach (Hyperparameter h in trainer.Hyperparameters)
                {
                    writer.Line($"bag.Set({CSharpNames.Literal(h.Name)}, {CSharpNames.Pascal(h.Name)});");
                }

                if (trainer.CanRecompute)
                {
                    writer.Line("bag.Set(Memory);");
                }
            }
        });

        writer.Blank();
        writer.Line("/// <summary>The data sources of a run.</summary>");
        foreach (IrSource data in trainer.Sources)
        {
            writer.Line($"/// <param name=\"{CSharpNames.Pascal(data.Name)}\">{CSharpNames.Xml(data.Doc.Length > 0 ? data.Doc : "Columns: " + string.Join(", ", data.Columns.Select(c => $"{c.Name} ({c.Space!.Name})")) + ".").Replace("\n", " ")}</param>");
        }

        writer.Line($"public sealed record Data({string.Join(", ", trainer.Sources.Select(s => "Source " + CSharpNames.Pascal(s.Name)))});");
        writer.Blank();
        writer.Line($"/// <summary>Figures: each the mean over the steps since the last report{(IsPlan ? ", null outside its phase" : "")}.</summary>");
        writer.Line("/// <param name=\"Step\">Steps done.</param>");
        writer.Line($"/// <param name=\"Epoch\">{(IsPlan ? "Passes over the sources that the phases count by" : "Passes over the first source")}.</param>");
        if (IsPlan)
        {
            writer.Line("/// <param name=\"Phase\">The phase that the steps belong to.</param>");
            writer.Line("/// <param name=\"PhaseStep\">Steps done in it.</param>");
        }

        foreach (IrReport report in trainer.Reports)
        {
            writer.Line($"/// <param name=\"{CSharpNames.Pascal(report.Name)}\">{CSharpNames.Xml(report.Doc.Length > 0 ? report.Doc : $"The figure '{report.Name}'.").Replace("\n", " ")}{(report.IsConditional && !IsPlan ? " Null where no step since the last report has one." : "")}</param>");
        }

        using (writer.Braces($"public readonly record struct {ReportSignature(trainer)} : IReport"))
        {
            string values = string.Join(", ", trainer.Reports.Select(r => $"new({CSharpNames.Literal(r.Name)}, {CSharpNames.Pascal(r.Name)})"));
            if (IsPlan || trainer.Reports.Exists(r => r.IsConditional))
            {
                values = $".. NamedValue.Present({string.Join(", ", trainer.Reports.Select(r => $"({CSharpNames.Literal(r.Name)}, {CSharpNames.Pascal(r.Name)})"))})";
            }

            writer.Line($"global::System.Collections.Generic.IReadOnlyList<NamedValue> IReport.Values => [{values}];");
        }

        foreach (IrEvaluation evaluation in trainer.Evaluations)
        {
            writer.Blank();
            Docs.Summary(writer, evaluation.Doc.Length > 0 ? evaluation.Doc : $"What '{evaluation.Name}' found.");
            string results = string.Join(", ", evaluation.Results.Select(r => $"double {CSharpNames.Pascal(r.Name)}"));
            foreach (IrEvaluationResult result in evaluation.Results)
            {
                writer.Line($"/// <param name=\"{CSharpNames.Pascal(result.Name)}\">{CSharpNames.Xml(result.Doc.Length > 0 ? result.Doc : $"The figure '{result.Name}'.").Replace("\n", " ")}</param>");
            }

            writer.Line($"public readonly record struct {CSharpNames.Pascal(evaluation.Name)}Result({results});");
        }
    }
}
