using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Layers with a state that is carried from site to site.</summary>
internal static class RecurrentEntries
{
    public static ImmutableArray<Operation> All { get; } =
    [
        Entry("lstm", "Lstm", 4, "A long short-term memory: [c, t] to its states [hidden, t], from a state of zeros; gates in PyTorch's order i, f, g, o.", "Hochreiter and Schmidhuber 1997"),
        Entry("gru", "Gru", 3, "A gated recurrent unit: [c, t] to its states [hidden, t], from a state of zeros; gates in PyTorch's order r, z, n.", "Cho et al. 2014, arXiv:1406.1078"),
    ];

    private static Operation Entry(string name, string function, int gates, string doc, string source) =>
        new(name, OperationKind.Layer,
            [
                new("x", ParameterKind.Tensor, null, "a sequence, [c, t]"),
                new("hidden", ParameterKind.Size, null, "size of the state"),
                new("init", ParameterKind.Initializer, null, "how all weights are born, biases of zeros then; uniform within 1/sqrt(hidden) if not given") { IsOptional = true },
            ],
            c => Recurrent(c, gates),
            $"Layers.{function}({{x}}, {{weight_ih_l0}}, {{weight_hh_l0}}, {{bias_ih_l0}}, {{bias_hh_l0}})",
            doc)
        {
            Source = source,
            KeepsOutput = true,
            Site = $"{{plan}}.{function}({{x}}, {{weight_ih_l0}}, {{weight_hh_l0}}, {{bias_ih_l0}}, {{bias_hh_l0}})",
        };

    private static OperationOutcome? Recurrent(OperationCall call, int gates)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[channels, time]", 2))
        {
            return null;
        }

        // A state is a mean of numbers within (-1, 1), or such a number times a gate.
        TensorType x = call.Type("x");
        Dim hidden = call.Size("hidden");
        Initializer born = Initializer.FanIn(hidden);
        Initializer kernel = call.Initializer("init", born);
        Initializer bias = call.Has("init") ? Initializer.Zeros : born;
        return OperationOutcome.Of(TensorType.Real(x.Rows, [hidden, x.Shape[1]]) with { Range = new Interval(-1, 1) }) with
        {
            Access = new ScanAccess(),
            Weights =
            [
                new("weight_ih_l0", WeightRole.Kernel, kernel, [gates * hidden, x.Shape[0]]),
                new("weight_hh_l0", WeightRole.Kernel, kernel, [gates * hidden, hidden]),
                new("bias_ih_l0", WeightRole.Gain, bias, [gates * hidden]),
                new("bias_hh_l0", WeightRole.Gain, bias, [gates * hidden]),
            ],
        };
    }
}
