using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Ir;

/// <summary>The index of a <c>for</c> loop.</summary>
/// <param name="Variable">The index as a size variable.</param>
/// <param name="From">First value.</param>
/// <param name="To">One behind the last value.</param>
public sealed record LoopIndex(DimVariable Variable, Dim From, Dim To)
{
    /// <summary>True where there is a round whatever the hyperparameters are.</summary>
    public bool IsSure => (To - From).LowerBound >= 1;
}

/// <summary>One construction of a layer in the text; one layer per round where it stands in loops.</summary>
/// <param name="Name">Unique in its module, e.g. <c>conv1</c>.</param>
/// <param name="Operation">The entry of the catalogue; null for a raw <c>param</c>.</param>
/// <param name="Weights">Its tensors.</param>
/// <param name="Loops">The loops it stands in, outermost first.</param>
public sealed record LayerInstance(string Name, Operation? Operation, ImmutableArray<Weight> Weights, ImmutableArray<LoopIndex> Loops);

/// <summary>One construction of a net or model.</summary>
public sealed class ModuleInstance(string name, IrModule module, IReadOnlyDictionary<string, HostValue> hyperparameters, ImmutableArray<LoopIndex> loops, TextSpan span)
{
    /// <summary>Unique in its owner: the name it is bound to, or the net's with a number.</summary>
    public string Name { get; set; } = name;

    /// <summary>What is constructed.</summary>
    public IrModule Module { get; } = module;

    /// <summary>Hyperparameters given; the others have their defaults.</summary>
    public IReadOnlyDictionary<string, HostValue> Hyperparameters { get; } = hyperparameters;

    /// <summary>Free sizes fixed by the first application.</summary>
    public Dictionary<string, Dim> FreeSizes { get; } = [];

    /// <summary>The loops it stands in, outermost first.</summary>
    public ImmutableArray<LoopIndex> Loops { get; } = loops;

    /// <summary>Where it is constructed.</summary>
    public TextSpan Span { get; } = span;

    /// <summary>The net that this is an average of, or null.</summary>
    public ModuleInstance? AverageOf { get; init; }

    /// <summary>True for a net that arrives trained, and never moves.</summary>
    public bool IsGiven { get; set; }

    /// <summary>Of a part of a net that a trainer calls by itself, <c>M.prior</c>: the net that it is a part of, and its name there; null for a whole net.</summary>
    public (ModuleInstance Net, string Path)? PartOf { get; init; }

    /// <summary>The net that a trainer constructs: this one, or the one that it is a part of.</summary>
    public ModuleInstance Root => PartOf?.Net ?? this;

    /// <summary>The name of a layer of this net, from the net that the trainer constructs.</summary>
    public string PathOf(string layer) => PartOf is { } part ? part.Path + "." + layer : layer;

    /// <summary>The decay of the average, read once per step; null for the mean of all that the net has been.</summary>
    public HostValue? Decay { get; init; }

    /// <summary>True where the net has anything to learn.</summary>
    public bool HasParameters => Module.HasParameters;

    /// <summary>Its integer hyperparameters in the sizes of its owner, defaults included.</summary>
    public IReadOnlyDictionary<string, Dim> KnownSizes => Module.KnownSizes(Hyperparameters);
}

/// <summary>A hyperparameter.</summary>
/// <param name="Name">As written.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Default">Its default; null where it must be given.</param>
/// <param name="Minimum">The least value of an int.</param>
/// <param name="Doc">Its documentation.</param>
public sealed record Hyperparameter(string Name, HostKind Kind, HostValue? Default, long? Minimum, string Doc, TextSpan Span);

/// <summary>What a module needs of its hyperparameters and sizes, checked when it is constructed: a fact from <c>where</c>, or what a place of its body asks of a number.</summary>
/// <param name="Conditions">All of them are to hold.</param>
/// <param name="Text">As written, or in words.</param>
public sealed record Fact(ImmutableArray<HostValue> Conditions, string Text, TextSpan Span)
{
    /// <summary>What is asked of one number, where the fact is of that form: it passes on to whoever gives the number.</summary>
    public NumberDemand? Demand { get; init; }
}

/// <summary>What is asked of a number.</summary>
/// <param name="Number">The number.</param>
/// <param name="Legal">Where it must lie; null for anywhere but 0.</param>
/// <param name="What">What the number is; null where the text itself says what is asked.</param>
public sealed record NumberDemand(HostValue Number, Ranges.Interval? Legal, string? What)
{
    /// <summary>Such as <c>in [0, 1)</c>, <c>above 0</c>, <c>other than 0</c>.</summary>
    public string Wanted => Legal is not { } legal ? "other than 0" : legal.Spoken;
}

/// <summary>A fact about one size, owed by whoever constructs or calls.</summary>
/// <param name="Name">The hyperparameter or free size.</param>
/// <param name="Minimum">Its least value, or null.</param>
/// <param name="Modulus">Its modulus; 1 for none.</param>
/// <param name="Residue">Its remainder.</param>
/// <param name="Text">The fact as written.</param>
public sealed record SizeFact(string Name, long? Minimum, long Modulus, long Residue, string Text, TextSpan Span)
{
    /// <summary>True where it holds for all values of the variables of a size.</summary>
    public bool IsProvedFor(Dim size) =>
        (Minimum is null || size.LowerBound >= Minimum) && (Modulus == 1 || Dim.Modulo(size, Modulus).Value == Residue);

    /// <summary>True where it holds for a number.</summary>
    public bool Holds(long value) => (Minimum is null || value >= Minimum) && (Modulus == 1 || (((value % Modulus) + Modulus) % Modulus) == Residue);
}

/// <summary>What a net or a model compiles to.</summary>
public abstract class IrModule(string name, string doc, TextSpan span)
{
    /// <summary>The name of its class.</summary>
    public string Name { get; } = name;

    /// <summary>The name in the text; that of a class which is elaborated for certain tuples or words says more.</summary>
    public string DeclaredName { get; init; } = name;

    /// <summary>Its documentation.</summary>
    public string Doc { get; } = doc;

    /// <summary>Where its name stands.</summary>
    public TextSpan Span { get; } = span;

    /// <summary>True where its own text, or what it is made of, has errors: its surface stands, its functions may be missing.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Number of tensors that it is applied to.</summary>
    public int DataCount { get; set; }

    /// <summary>True for a declaration of the standard library.</summary>
    public bool IsLibrary { get; init; }

    /// <summary>In the order of the text.</summary>
    public ImmutableArray<Hyperparameter> Hyperparameters { get; set; } = [];

    /// <summary>The integers among its hyperparameters where some are given, defaults included.</summary>
    public IReadOnlyDictionary<string, Dim> KnownSizes(IReadOnlyDictionary<string, HostValue> given)
    {
        var known = new Dictionary<string, Dim>(StringComparer.Ordinal);
        foreach (Hyperparameter parameter in Hyperparameters.Where(h => h.Kind == HostKind.Int))
        {
            known[parameter.Name] = given.TryGetValue(parameter.Name, out HostValue? value)
                ? value.Size!
                : parameter.Default!.Size!.Substitute(v => known.TryGetValue(v.Name, out Dim? earlier) ? earlier : null);
        }

        return known;
    }

    /// <summary>Facts to check at construction.</summary>
    public ImmutableArray<Fact> Facts { get; set; } = [];

    /// <summary>Facts about single sizes.</summary>
    public ImmutableArray<SizeFact> SizeFacts { get; set; } = [];

    /// <summary>Free sizes that reach the shape of a parameter, and so are fixed at construction.</summary>
    public ImmutableArray<DimVariable> FixedSizes { get; set; } = [];

    /// <summary>Layers with weights, in the order of the text.</summary>
    public List<LayerInstance> Layers { get; } = [];

    /// <summary>Nets constructed inside, in the order of the text.</summary>
    public List<ModuleInstance> Children { get; } = [];

    /// <summary>True where it has anything to learn, itself or inside.</summary>
    public bool HasParameters => Layers.Exists(l => l.Weights.Length > 0) || Children.Exists(c => c.HasParameters);

    /// <summary>True where a call depends on the mode: batch statistics inside.</summary>
    public bool UsesMode { get; set; }

    /// <summary>True where rows are joined, split, or looked at together, by itself or inside: then a sample's result is no function of it alone.</summary>
    public bool IsOfRows { get; set; }

    /// <summary>True where it looks at all rows of a call at once, by itself or inside, in every mode.</summary>
    public bool LooksAtAllRows { get; set; }

    /// <summary>True where a call as in training sees the other rows through batch statistics, by itself or inside.</summary>
    public bool UsesBatchStatistics { get; set; }

    /// <summary>True where its layers draw in training: dropout inside.</summary>
    public bool UsesDraws { get; set; }

    /// <summary>True where it has loops, itself or inside, whose rounds may be computed again instead of being kept.</summary>
    public bool CanRecompute => Children.Exists(c => c.Module.CanRecompute) || Functions.Any(f => f is not null && Recomputes(f.Body));

    /// <summary>Its functions that are differentiated.</summary>
    protected virtual IEnumerable<IrFunction?> Functions => [];

    private static bool Recomputes(IrBlock block) => block.Statements.OfType<IrFor>().Any(l => l.Undo is not null || Recomputes(l.Body));

    /// <summary>True where the pass before the first step sets parameters from a batch.</summary>
    public bool InitialisesFromData { get; set; }
}

/// <summary>A function over tensors.</summary>
/// <param name="parameters">In order.</param>
/// <param name="results">What it returns.</param>
public sealed class IrFunction(ImmutableArray<IrValue> parameters, IrBlock body, ImmutableArray<IrValue> results)
{
    /// <summary>In order.</summary>
    public ImmutableArray<IrValue> Parameters { get; } = parameters;

    /// <summary>Its statements.</summary>
    public IrBlock Body { get; } = body;

    /// <summary>What it returns.</summary>
    public ImmutableArray<IrValue> Results { get; } = results;
}

/// <summary>A net.</summary>
public class IrNet(string name, string doc, TextSpan span) : IrModule(name, doc, span)
{
    /// <summary>Its forward pass; null where its body has errors.</summary>
    public IrFunction? Forward { get; set; }

    /// <inheritdoc/>
    protected override IEnumerable<IrFunction?> Functions => [Forward];
}

/// <summary>A model.</summary>
public sealed class IrModel(string name, string doc, TextSpan span) : IrModule(name, doc, span)
{
    /// <summary>The exact log-probability of a batch, [N;]; null for a model with latents.</summary>
    public IrFunction? LogProb { get; set; }

    /// <summary>The bound from one draw of the guide, [N;]; null for a model without latents.</summary>
    public IrFunction? Elbo { get; set; }

    /// <summary>The bound apart: the log-likelihood, [N;], then the divergences of the latents; null for a model without latents.</summary>
    public IrFunction? Terms { get; set; }

    /// <summary>log p(x, z) - log q(z | x) of several draws of the guide for each sample, [count * N;]; null for a model whose log-probability is exact.</summary>
    public IrFunction? Weights { get; set; }

    /// <summary>The same for the doubly reparameterised gradient; null where the guide does not allow it.</summary>
    public IrFunction? DregWeights { get; set; }

    /// <summary>Why there is no such gradient; null where there is one.</summary>
    public string? DregObstacle { get; set; }

    /// <summary>Why the bound cannot be had apart; null where it can.</summary>
    public string? TermsObstacle { get; set; }

    /// <summary>True where its text has latents, summed out ones included.</summary>
    public bool HasLatents { get; set; }

    /// <summary>A latent whose draws are relaxed in training, and its law; null where there is none.</summary>
    public (string Latent, string Law)? RelaxedLatent { get; set; }

    /// <summary>log p(x | z) of several draws of the prior for each sample, [count * N;]; null for a model without latents.</summary>
    public IrFunction? PriorWeights { get; set; }

    /// <summary>The queries that are asked somewhere, of those that are written only then.</summary>
    public HashSet<ModelQuery> Asked { get; } = [];

    /// <summary>The latents that the guide draws for each sample, in the order of its lines; null for a model without latents.</summary>
    public IrFunction? Encode { get; set; }

    /// <summary>What training minimises, [N;]: minus the log-probability or bound, plus the <c>cost</c> lines.</summary>
    public IrFunction? Loss { get; set; }

    /// <summary>A sample.</summary>
    public IrFunction? Draw { get; set; }

    /// <inheritdoc/>
    protected override IEnumerable<IrFunction?> Functions => [LogProb, Elbo, Loss];

    /// <summary>What a query runs; null where the model does not answer it.</summary>
    public IrFunction? Function(ModelQuery query) => query switch
    {
        ModelQuery.LogProb => LogProb,
        ModelQuery.Elbo => Elbo,
        ModelQuery.Terms => Terms,
        ModelQuery.Iwae or ModelQuery.Importance => Weights,
        ModelQuery.Dreg => DregWeights,
        ModelQuery.PriorImportance => PriorWeights,
        ModelQuery.Loss => Loss,
        ModelQuery.Encode => Encode,
        ModelQuery.Propose => Propose,
        _ => Draw,
    };

    /// <summary>True where a sample may be drawn colder or hotter: normal noise is scaled.</summary>
    public bool HasTemperature { get; set; }

    /// <summary>A sample with its log-probability; null where another model has no use for one.</summary>
    public IrFunction? Propose { get; set; }

    /// <summary>The lines whose law depends on what was drawn before, in order; none for a model that draws all at once.</summary>
    public ImmutableArray<Autoregression> Autoregressions { get; set; } = [];

    /// <summary>The lines that were judged, those that leak included.</summary>
    internal ImmutableArray<JudgedLaw> Judged { get; set; } = [];

    /// <summary>How the data parameter is drawn position by position; null for a model that draws all at once.</summary>
    public IrPositionSampler? Sampler { get; set; }

    /// <summary>Sizes of the data that a draw has to be told, because neither construction nor a condition says them.</summary>
    public ImmutableArray<DimVariable> DrawSizes { get; set; } = [];

    /// <summary>How many of the parameters of its functions, from the first, are data; the others are conditions.</summary>
    public int ObservedCount { get; set; }

    /// <summary>True where levels are filled up with noise, so that its log-probability is a bound.</summary>
    public bool IsDequantized { get; set; }

    /// <summary>True where its log-probability is that of discrete data, exact or a bound, so that it is a number of bits.</summary>
    public bool IsDiscrete => (LogProb ?? Elbo) is { } exact && exact.Parameters.Take(ObservedCount).All(p => p.Type.IsDiscrete);

    /// <summary>True where the functions draw noise.</summary>
    public bool IsBound => Elbo is not null;
}
