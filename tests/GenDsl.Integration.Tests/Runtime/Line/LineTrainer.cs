#pragma warning disable CS8981 // The aliases of generated code are lower-case, as in PyTorch.
using System;
using System.Collections.Generic;
using GenDsl.Runtime;
using functional = global::TorchSharp.torch.nn.functional;
using Tensor = global::TorchSharp.torch.Tensor;
using torch = global::TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

/// <summary>Written as the generator writes trainers.</summary>
public sealed class LineTrainer : Trainer<LineTrainer.Data, LineTrainer.Report>
{
    private readonly Options _options;
    private readonly Adam _adamF;
    private readonly Meter _f;
    private readonly Average _averageF;
    private Feed _points = null!;

    public LineTrainer(Options? options = null)
        : base(Descriptor, options ??= new())
    {
        _options = options;
        F = new Regressor(new() { Width = options.Width }, Build.Child("F"));
        FAvg = new Regressor(new() { Width = options.Width }, Build.Child("F_avg"));
        _averageF = Own(new Average(F.State, FAvg.State));
        _adamF = Own(new Adam("F", F.State.Learned));
        _f = Own(new Meter("F", Device));
    }

    public static TrainerDescriptor Descriptor { get; } = new(
        "LineTrainer",
        "Fits a plane.",
        [new("lr", "float", "0.01", 0, "Learning rate."), new("width", "int", "8", 1, "Hidden units.")],
        [new("points", [new("x", Point.Info), new("y", Height.Info)])],
        [new("height", Height.Info)],
        [new("test", [new("points", [new("x", Point.Info), new("y", Height.Info)])])],
        "5cheMa",
        bag => new LineTrainer(Options.From(bag)),
        (folder, changes) => Load(folder, changes));

    public Regressor F { get; }

    public Regressor FAvg { get; }

    /// <summary>The step whose objective is made infinite, to test what happens then.</summary>
    public long? Explode { get; init; }

    /// <summary>Whether the learning rate falls to zero over the run.</summary>
    public bool Scheduled { get; set; }

    public static LineTrainer Load(string folder, Func<Options, Options>? change = null)
    {
        var checkpoint = Checkpoint.Open(folder, Descriptor);
        var options = Options.From(checkpoint.Options);
        return checkpoint.Into(new LineTrainer(change is null ? options : change(options)));
    }

    public static LineTrainer Load(string folder, OptionBag changes)
    {
        var checkpoint = Checkpoint.Open(folder, Descriptor);
        return checkpoint.Into(new LineTrainer(Options.From(checkpoint.Options.With(changes))));
    }

    public double EvaluateTest(Source points) => Evaluate("test", new Dictionary<string, Source> { ["points"] = points })[0].Value;

    public Height SampleHeight(int count)
    {
        using var frozen = torch.no_grad();
        return Height.From(Sample("height", new SampleRequest(count), out _));
    }

    protected override void Connect(Data data) =>
        _points = Feed("points", data.Points, new ColumnBinding("x", Point.Info), new ColumnBinding("y", Height.Info));

    protected override Data Bind(IReadOnlyDictionary<string, Source> sources) => new(sources["points"]);

    protected override void Advance()
    {
        _points.Pull();
        var x = _points.Gather(0);
        var y = _points.Gather(1);
        var noise = Draws.At("noise").At(GlobalStep).Normal(_points.Rows, 3);
        x.add_(noise, Small);
        noise.Dispose();
        var f = F.Forward(x, Mode.Learn);
        x.Dispose();
        var objectiveF = functional.mse_loss(f, y);
        y.Dispose();
        f.Dispose();
        if (GlobalStep == Explode)
        {
            var infinite = objectiveF / Zero;
            objectiveF.Dispose();
            objectiveF = infinite;
        }

        _adamF.Minimize(objectiveF, Scheduled ? _options.Lr * (1 - Progress) : _options.Lr);
        _f.Add(objectiveF);
        objectiveF.Dispose();
        _averageF.Update(0.9);
    }

    protected override Report Read() => new(GlobalStep, Epoch, _f.Mean());

    protected override Tensor Sample(string name, SampleRequest request, out SpaceInfo space)
    {
        switch (name)
        {
            case "height":
                space = Height.Info;
                using (var x = Draws.At("height").Normal(request.Count, 3))
                {
                    return FAvg.Forward(x, Mode.Evaluate);
                }

            default:
                throw UnknownSample(name);
        }
    }

    protected override IReadOnlyList<NamedValue> Evaluate(string name, IReadOnlyDictionary<string, Source> sources)
    {
        if (name != "test")
        {
            throw UnknownEvaluation(name);
        }

        var error = new RowMean();
        foreach (var batch in Pass(sources["points"], new ColumnBinding("x", Point.Info), new ColumnBinding("y", Height.Info)))
        {
            using var x = batch.Gather(0);
            using var y = batch.Gather(1);
            using var f = FAvg.Forward(x, Mode.Evaluate);
            using var loss = functional.mse_loss(f, y);
            error.Add(loss, batch.Rows);
        }

        return [new("error", error.Value)];
    }

    private static readonly global::TorchSharp.Scalar Small = 0.01;
    private static readonly global::TorchSharp.Scalar Zero = 0;

    public sealed record Options : TrainerOptions
    {
        public double Lr { get; init; } = 0.01;

        public int Width { get; init; } = 8;

        public static Options From(OptionBag bag) =>
            bag.Complete(new Options { Lr = bag.Float("lr", 0.01), Width = bag.Int("width", 8) }, Descriptor);

        protected override void Describe(OptionBag bag)
        {
            bag.Set("lr", Lr);
            bag.Set("width", Width);
        }
    }

    public sealed record Data(Source Points);

    public readonly record struct Report(long Step, double Epoch, double F) : IReport
    {
        public IReadOnlyList<NamedValue> Values => [new("F", F)];
    }
}
