using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Ir;

/// <summary>One operation on tensors.</summary>
public abstract class IrOp(TextSpan span, ImmutableArray<IrValue> inputs, ImmutableArray<IrValue> outputs)
{
    /// <summary>Where the text asks for it.</summary>
    public TextSpan Span { get; } = span;

    /// <summary>What it reads.</summary>
    public ImmutableArray<IrValue> Inputs { get; private set; } = inputs;

    /// <summary>What it computes.</summary>
    public ImmutableArray<IrValue> Outputs { get; } = outputs;

    /// <summary>True where some <c>minimize</c> differentiates through it, so that its graph is recorded.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>Reads another value in place of one.</summary>
    internal virtual void Replace(IrValue input, IrValue by) => Inputs = ImmutableArray.CreateRange(Inputs, i => ReferenceEquals(i, input) ? by : i);

    /// <summary>The net or model that it calls, or null.</summary>
    public virtual ModuleInstance? Called => null;

    /// <summary>
    /// What some <c>minimize</c> moves of the net that it calls, and differentiates through this call: the whole or parts, which
    /// then write their running statistics.
    /// </summary>
    public List<IrPart> Learns { get; } = [];
}

/// <summary>An entry of the catalogue applied.</summary>
/// <param name="operation">The entry.</param>
/// <param name="layer">The layer with its weights; null for a function.</param>
/// <param name="bindings">Inputs by parameter name, in the entry's order.</param>
/// <param name="attributes">Values of the other placeholders of the entry's templates.</param>
public sealed class CatalogOp(
    Operation operation,
    LayerInstance? layer,
    ImmutableArray<(string Parameter, IrValue Value)> bindings,
    IReadOnlyDictionary<string, OperationAttribute> attributes,
    Access access,
    ImmutableArray<IrValue> outputs,
    TextSpan span) : IrOp(span, ImmutableArray.CreateRange(bindings, b => b.Value), outputs)
{
    /// <summary>The entry.</summary>
    public Operation Operation { get; } = operation;

    /// <summary>The layer with its weights; null for a function.</summary>
    public LayerInstance? Layer { get; } = layer;

    /// <summary>Inputs by parameter name.</summary>
    public ImmutableArray<(string Parameter, IrValue Value)> Bindings { get; private set; } = bindings;

    /// <summary>What its results may depend on.</summary>
    public Access Access { get; } = access;

    /// <summary>Values of the other placeholders.</summary>
    public IReadOnlyDictionary<string, OperationAttribute> Attributes { get; } = attributes;

    /// <inheritdoc/>
    internal override void Replace(IrValue input, IrValue by)
    {
        base.Replace(input, by);
        Bindings = ImmutableArray.CreateRange(Bindings, b => (b.Parameter, ReferenceEquals(b.Value, input) ? by : b.Value));
    }
}

/// <summary>A raw parameter read as a value.</summary>
public sealed class ReadParameterOp(LayerInstance layer, IrValue output, TextSpan span) : IrOp(span, [], [output])
{
    /// <summary>The holder of the parameter.</summary>
    public LayerInstance Layer { get; } = layer;
}

/// <summary>How a call of a net differs from a plain one.</summary>
[System.Flags]
public enum CallManner
{
    /// <summary>It does not.</summary>
    Plain = 0,

    /// <summary>As in training, but running statistics are not written: <c>still(F)</c>.</summary>
    Still = 1,

    /// <summary>As in evaluation: <c>eval(F)</c>.</summary>
    Evaluated = 2,

    /// <summary>The net's parameters get no gradient, what it is applied to does: <c>stop(F)</c>.</summary>
    Constant = 4,
}

/// <summary>A net applied.</summary>
public sealed class InvokeOp(ModuleInstance module, ImmutableArray<IrValue> inputs, ImmutableArray<IrValue> outputs, TextSpan span) : IrOp(span, inputs, outputs)
{
    /// <summary>The net or flow.</summary>
    public ModuleInstance Module { get; } = module;

    /// <inheritdoc/>
    public override ModuleInstance Called => Module;

    /// <summary>True for a flow that is run backwards.</summary>
    public bool IsInverse { get; init; }

    /// <summary>How it is called.</summary>
    public CallManner Manner { get; init; }

    /// <summary>True for a call as in evaluation.</summary>
    public bool IsEvaluated => (Manner & CallManner.Evaluated) != 0;

    /// <summary>True where running statistics stay as they are, whatever learns through the call.</summary>
    public bool IsSilent => (Manner & (CallManner.Still | CallManner.Evaluated)) != 0;

    /// <summary>True for an observer's call that looks at all rows of a batch: at any time, or through the batch statistics of a call by <c>still</c>.</summary>
    public bool ObservesAllRows => Module.Module.LooksAtAllRows || (IsSilent && !IsEvaluated && Module.Module.UsesBatchStatistics);

    /// <summary>What is run; null where the net has errors.</summary>
    public IrFunction? Function => IsInverse ? ((IrFlow)Module.Module).Inverse : (Module.Module as IrNet)?.Forward;
}

/// <summary>What a model derives.</summary>
public enum ModelQuery
{
    /// <summary>log p(x), exact; [N;].</summary>
    LogProb,

    /// <summary>A lower bound of log p(x) from one draw of the guide; [N;].</summary>
    Elbo,

    /// <summary>The bound apart: the log-likelihood, [N;], and for each latent the divergence of its proposal from its prior.</summary>
    Terms,

    /// <summary>The lower bound from several draws of the guide for each sample; [N;].</summary>
    Iwae,

    /// <summary>The same with the doubly reparameterised gradient; [N;].</summary>
    Dreg,

    /// <summary>An estimate of log p(x) from many draws of the guide, in parts, without gradient; [N;].</summary>
    Importance,

    /// <summary>The same from draws of the prior.</summary>
    PriorImportance,

    /// <summary>One draw of each latent by the guide.</summary>
    Encode,

    /// <summary>What the default trainer minimises: minus the log-probability or bound, plus the <c>cost</c> lines; [N;].</summary>
    Loss,

    /// <summary>A sample.</summary>
    Draw,

    /// <summary>A sample with the gradient of its way from the noise, and its log-probability, [N;].</summary>
    Propose,
}

/// <summary>A derived function of a model applied.</summary>
public sealed class ModelOp(ModuleInstance module, ModelQuery query, string site, ImmutableArray<IrValue> inputs, ImmutableArray<IrValue> outputs, TextSpan span) : IrOp(span, inputs, outputs)
{
    /// <summary>A query with one result.</summary>
    public ModelOp(ModuleInstance module, ModelQuery query, string site, ImmutableArray<IrValue> inputs, IrValue output, TextSpan span)
        : this(module, query, site, inputs, [output], span)
    {
    }

    /// <summary>The model.</summary>
    public ModuleInstance Module { get; } = module;

    /// <inheritdoc/>
    public override ModuleInstance Called => Module;

    /// <summary>Which function.</summary>
    public ModelQuery Query { get; } = query;

    /// <summary>The name of its randomness.</summary>
    public string Site { get; } = site;

    /// <summary>Of a draw: the sizes of the data that neither construction nor a condition says, in the model's order.</summary>
    public ImmutableArray<Dim> Sizes { get; init; } = [];

    /// <summary>Of a query with several draws: how many for each sample.</summary>
    public HostValue? Count { get; init; }

    /// <summary>True where no gradient comes back: samples, and estimates that are computed in parts.</summary>
    public bool CutsGradient => Query is ModelQuery.Draw or ModelQuery.Importance or ModelQuery.PriorImportance;

    /// <summary>What is run.</summary>
    public IrFunction? Function => (Module.Module as IrModel)?.Function(Query);
}

/// <summary>Fresh noise.</summary>
/// <param name="kind">The elementary distribution.</param>
/// <param name="site">The name of this draw: stable under added statements elsewhere.</param>
/// <param name="shape">Per-sample shape of the noise.</param>
/// <param name="arguments">low and high of a uniform draw, and of a normal one that stays inside an interval.</param>
/// <param name="inputs">The probabilities of a Bernoulli draw.</param>
public sealed class DrawOp(DrawKind kind, string site, ImmutableArray<Dim> shape, ImmutableArray<HostValue> arguments, ImmutableArray<IrValue> inputs, IrValue output, TextSpan span)
    : IrOp(span, inputs, [output])
{
    /// <summary>The elementary distribution.</summary>
    public DrawKind Kind { get; } = kind;

    /// <summary>The name of this draw.</summary>
    public string Site { get; } = site;

    /// <summary>Per-sample shape.</summary>
    public ImmutableArray<Dim> Shape { get; } = shape;

    /// <summary>low and high of a uniform draw, and of a normal one that stays inside an interval; none of one that does not.</summary>
    public ImmutableArray<HostValue> Arguments { get; } = arguments;
}

/// <summary><c>grad(y, at)</c>: the gradient of a scalar at a tensor that it was computed from.</summary>
/// <param name="of">The scalar.</param>
/// <param name="at">The tensor, as it was when the scalar was computed from it.</param>
public sealed class GradOp(IrValue of, IrValue at, IrValue output, TextSpan span) : IrOp(span, [of, at], [output])
{
    /// <summary>The scalar.</summary>
    public IrValue Of => Inputs[0];

    /// <summary>The tensor.</summary>
    public IrValue At => Inputs[1];

    /// <summary>True where a later backward pass runs through a part of the scalar's graph.</summary>
    public bool KeepsGraph { get; set; }
}

/// <summary>What a figure of the weights themselves says.</summary>
public enum WeightFigure
{
    /// <summary>How far the learned numbers of two nets alike are apart, squared.</summary>
    Distance,

    /// <summary>How far the filters of a net's kernels are from being orthogonal: the squares of their products.</summary>
    OffDiagonalGram,
}

/// <summary>A number computed of the weights of nets, into which its gradient goes where they learn.</summary>
/// <param name="figure">Which number.</param>
/// <param name="nets">The nets: two for a distance.</param>
public sealed class WeightFigureOp(WeightFigure figure, ImmutableArray<ModuleInstance> nets, IrValue output, TextSpan span) : IrOp(span, [], [output])
{
    /// <summary>Which number.</summary>
    public WeightFigure Figure { get; } = figure;

    /// <summary>The nets.</summary>
    public ImmutableArray<ModuleInstance> Nets { get; } = nets;

    /// <summary>The layers that it is computed of and that learn.</summary>
    public IEnumerable<LearnedPlace> Places => Nets.Where(n => n is { AverageOf: null, IsGiven: false })
        .SelectMany(n => new IrPart(n, "", []).Places)
        .Where(p => Figure == WeightFigure.Distance || HasKernel(p.Net.Module, p.Path));

    /// <summary>True for a layer, by its name, with filters that products are taken of.</summary>
    public static bool HasKernel(IrModule module, string path) => module.Layers.Any(l => l.Name == path && l.Weights.Any(w => w.Role == WeightRole.Kernel && w.Shape.Length > 1))
        || module.Children.Any(c => path.StartsWith(c.Name + ".", System.StringComparison.Ordinal) && HasKernel(c.Module, path.Substring(c.Name.Length + 1)));
}

/// <summary>Data drawn position by position, each from its law given what was drawn before.</summary>
/// <param name="sampler">What is drawn, and how.</param>
/// <param name="site">The name of its randomness.</param>
/// <param name="inputs">The conditions, in their order.</param>
public sealed class DrawPositionsOp(IrPositionSampler sampler, string site, ImmutableArray<IrValue> inputs, IrValue output, TextSpan span) : IrOp(span, inputs, [output])
{
    /// <summary>What is drawn, and how.</summary>
    public IrPositionSampler Sampler { get; } = sampler;

    /// <summary>The name of its randomness.</summary>
    public string Site { get; } = site;
}
