using System;
using System.Collections.Immutable;
using System.Linq;

namespace GenDsl.Dsl.Catalog;

/// <summary>How an entry is used in the text.</summary>
public enum OperationKind
{
    /// <summary><c>x |> conv(64)</c>: each construction in the text has weights of its own.</summary>
    Layer,

    /// <summary><c>relu(x)</c> or <c>x |> relu</c>: applies.</summary>
    Function,

    /// <summary>A function that leaves the per-sample view (bare <c>mean</c> and <c>sum</c>): losses, models and trainers only.</summary>
    Reduction,
}

/// <summary>What an argument may be.</summary>
public enum ParameterKind
{
    /// <summary>A tensor.</summary>
    Tensor,

    /// <summary>Any number of tensors.</summary>
    Tensors,

    /// <summary>A floating-point number known on the host.</summary>
    Number,

    /// <summary>An integer known on the host.</summary>
    Size,

    /// <summary>An integer for every spatial axis, or a tuple with one per axis.</summary>
    AxisSizes,

    /// <summary>Any number of integers.</summary>
    Sizes,

    /// <summary>true or false.</summary>
    Switch,

    /// <summary>A word of a fixed set, or <see cref="AxisSizes"/>.</summary>
    Padding,

    /// <summary>A word of a fixed set.</summary>
    Word,

    /// <summary>An initialiser such as <c>normal(0, 0.02)</c>.</summary>
    Initializer,

    /// <summary>Axes by their places, from the front or, negative, from the back, or a word of a fixed set.</summary>
    Axes,
}

/// <summary>A parameter of an entry.</summary>
/// <param name="Name">PyTorch's name where there is one.</param>
/// <param name="Kind">What it may be.</param>
/// <param name="Default">Its default as <c>.gen</c> text; null where it must be given.</param>
/// <param name="Doc">One line.</param>
public sealed record OperationParameter(string Name, ParameterKind Kind, string? Default, string Doc)
{
    /// <summary>The legal words of <see cref="ParameterKind.Word"/> and <see cref="ParameterKind.Padding"/>.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    /// <summary>True for a tensor that gets no gradient, though others of the same operation do.</summary>
    public bool CutsGradient { get; init; }

    /// <summary>True where the argument may be left out without a default.</summary>
    public bool IsOptional { get; init; }
}

/// <summary>
/// An entry of the catalogue. Its rule validates a call and returns the result's type, weights and template values;
/// its template is the C# call. Adding a layer or function is adding one entry.
/// </summary>
/// <param name="Name">As in the text.</param>
/// <param name="Kind">How it is used.</param>
/// <param name="Parameters">In order; the first tensor receives what is piped in.</param>
/// <param name="Rule">Shape, range and element rule.</param>
/// <param name="Call">The C# expression with <c>{placeholders}</c> for inputs, weights and attributes by name.</param>
/// <param name="Doc">One sentence.</param>
public sealed record Operation(
    string Name, OperationKind Kind, ImmutableArray<OperationParameter> Parameters, Func<OperationCall, OperationOutcome?> Rule, string Call, string Doc)
{
    /// <summary>Why it cannot be called; null where it can. Only functions of other assemblies have one.</summary>
    public string? Fault { get; init; }

    /// <summary>The paper it is from, where one is.</summary>
    public string? Source { get; init; }

    /// <summary>The C# statement that writes the result over the first input; null where there is none.</summary>
    public string? InPlace { get; init; }

    /// <summary>
    /// The C# statement that is all there is to do where the result is the input itself, under certain circumstances changed
    /// in place; null for entries that compute. The input must have no other reader.
    /// </summary>
    public string? Effect { get; init; }

    /// <summary>True where the pass before the first step sets parameters from a batch.</summary>
    public bool InitialisesFromData { get; init; }

    /// <summary>
    /// What is computed of the layer's own tensors before it is applied: it stands for <c>{weight}</c> in the templates. Null for a
    /// layer that takes its weight as it is.
    /// </summary>
    public Operation? Prepared { get; init; }

    /// <summary>
    /// For what is computed of a layer's tensors alone, the one of them by which passes that share it find it again; null for
    /// all other entries.
    /// </summary>
    public string? KeptBy { get; init; }

    /// <summary>True where the result is the input itself, under another type.</summary>
    public bool IsItself { get; init; }

    /// <summary>True where the backward pass needs the result, so that nobody may write over it.</summary>
    public bool KeepsOutput { get; init; }

    /// <summary>True where the result shares the input's memory.</summary>
    public bool IsView { get; init; }

    /// <summary>True where it makes other rows, or no rows, of rows: what calls it is no function of one sample.</summary>
    public bool IsOfRows { get; init; }

    /// <summary>True where a sample's result depends on the other samples in training.</summary>
    public bool CouplesRows { get; init; }

    /// <summary>True where the template asks for the mode of the call.</summary>
    public bool UsesMode { get; init; }

    /// <summary>True where the template asks for randomness of its own.</summary>
    public bool UsesDraws { get; init; }

    /// <summary>True where its gradient cannot be differentiated again.</summary>
    public bool LacksSecondGradient { get; init; }

    /// <summary>True where no gradient passes.</summary>
    public bool CutsGradient { get; init; }

    /// <summary>True where gradient passes to a tensor of a parameter.</summary>
    public bool PassesGradientTo(string parameter) => !CutsGradient && !Parameters.Any(p => p.Name == parameter && p.CutsGradient);

    /// <summary>
    /// The C# that adds the operation to a sampler's plan, with <c>{plan}</c> and the placeholders of the call: evaluated
    /// site by site, so that a sampler computes each site once. Null where there is no such form, and the sampler runs the whole net.
    /// </summary>
    public string? Site { get; init; }

    /// <summary>
    /// The C# that undoes the operation, with the result as <c>{x}</c> and the other inputs, weights and attributes of the call.
    /// Null where there is none.
    /// </summary>
    public string? Inverse { get; init; }

    /// <summary>
    /// The C# of log|det| per sample, [N], from the argument <c>{x}</c> and the result <c>{y}</c>. Null for an operation that keeps
    /// volumes; empty where it is the same number for all samples, which the attribute <c>log_abs</c> says per number.
    /// </summary>
    public string? LogDet { get; init; }

    /// <summary>
    /// Of a reduction that batches cannot be averaged of: the C# that makes what gathers it over a whole source, an <c>IMetric</c> whose
    /// <c>Add</c> takes the inputs in order. The call is the figure of a single batch.
    /// </summary>
    public string? Metric { get; init; }

    /// <summary>Of such a reduction: what its figure is of no use without, from its sizes, such as <c>{splits} splits</c>; printed with it.</summary>
    public string? Protocol { get; init; }

    /// <summary>
    /// Of a closed form that <c>solve</c> takes: the C# that makes what gathers it over a whole source, an <c>ISolver</c>. The call is the
    /// matrix of a single batch.
    /// </summary>
    public string? Solver { get; init; }

    /// <summary>Of an operation that undoes another one: that one.</summary>
    public Operation? Undoes { get; init; }

    /// <summary>True where a flow may be made of it.</summary>
    public bool IsBijection => Inverse is not null;
}
