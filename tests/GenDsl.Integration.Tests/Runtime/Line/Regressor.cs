#pragma warning disable CS8981 // The aliases of generated code are lower-case, as in PyTorch.
using GenDsl.Runtime;
using functional = global::TorchSharp.torch.nn.functional;
using Parameter = global::TorchSharp.Modules.Parameter;
using Tensor = global::TorchSharp.torch.Tensor;
using torch = global::TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

/// <summary>Written as the generator writes nets.</summary>
public sealed class Regressor : torch.nn.Module<Tensor, Tensor>
{
    private readonly Parameter linear1_weight;
    private readonly Parameter linear1_bias;
    private readonly Parameter norm1_weight;
    private readonly Parameter norm1_bias;
    private readonly Tensor norm1_running_mean;
    private readonly Tensor norm1_running_var;
    private readonly Parameter linear2_weight;
    private readonly Parameter linear2_bias;

    public Regressor(Options? options = null)
        : this(options ?? new(), new Build((options ?? new()).Seed, options?.Device))
    {
    }

    internal Regressor(Options options, Build build)
        : base("Regressor")
    {
        linear1_weight = build.Parameter("linear1.weight", StateRole.Kernel, Initializer.FanIn(3), options.Width, 3);
        register_parameter("linear1_weight", linear1_weight);
        linear1_bias = build.Parameter("linear1.bias", StateRole.Gain, Initializer.FanIn(3), options.Width);
        register_parameter("linear1_bias", linear1_bias);
        norm1_weight = build.Parameter("norm1.weight", StateRole.Gain, Initializer.Ones, options.Width);
        register_parameter("norm1_weight", norm1_weight);
        norm1_bias = build.Parameter("norm1.bias", StateRole.Gain, Initializer.Zeros, options.Width);
        register_parameter("norm1_bias", norm1_bias);
        norm1_running_mean = build.Buffer("norm1.running_mean", StateRole.Statistic, Initializer.Zeros, options.Width);
        register_buffer("norm1_running_mean", norm1_running_mean);
        norm1_running_var = build.Buffer("norm1.running_var", StateRole.Statistic, Initializer.Ones, options.Width);
        register_buffer("norm1_running_var", norm1_running_var);
        linear2_weight = build.Parameter("linear2.weight", StateRole.Kernel, Initializer.FanIn(options.Width), 1, options.Width);
        register_parameter("linear2_weight", linear2_weight);
        linear2_bias = build.Parameter("linear2.bias", StateRole.Gain, Initializer.Zeros, 1);
        register_parameter("linear2_bias", linear2_bias);
        State = build.State;
    }

    public StateTable State { get; }

    public override Tensor forward(Tensor x) => Forward(x, training ? Mode.Learn : Mode.Evaluate);

    internal Tensor Forward(Tensor x, Mode mode)
    {
        var linear1 = functional.linear(x, linear1_weight, linear1_bias);
        var norm1 = Layers.BatchNorm(linear1, norm1_weight, norm1_bias, norm1_running_mean, norm1_running_var, mode, 0.1, 1e-5);
        linear1.Dispose();
        var tanh1 = norm1.tanh();
        norm1.Dispose();
        var linear2 = functional.linear(tanh1, linear2_weight, linear2_bias);
        tanh1.Dispose();
        return linear2;
    }

    protected override void RegisterComponents()
    {
    }

    public sealed record Options
    {
        public int Width { get; init; } = 8;

        public ulong Seed { get; init; }

        public torch.Device? Device { get; init; }
    }
}
