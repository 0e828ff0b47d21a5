using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Ir;

/// <summary>One column of a source.</summary>
/// <param name="Name">Its name in the text, by which a data source is bound.</param>
/// <param name="Space">The space of its values; null for one that was computed.</param>
/// <param name="Batch">The batch as a value of the step.</param>
public sealed record IrColumn(string Name, SpaceSymbol? Space, IrValue Batch);

/// <summary>An independent data source of a trainer or an evaluation.</summary>
public sealed record IrSource(string Name, ImmutableArray<IrColumn> Columns, string Doc, TextSpan Span)
{
    /// <summary>What it is made by; null for data that are given.</summary>
    public IrCollect? Collect { get; init; }

    /// <summary>The rows that a step takes of it, where the text says how many; null for the batch of the options.</summary>
    public Dim? Taken { get; init; }

    /// <summary>The rows of a batch of it.</summary>
    public Rows Rows => Columns[0].Batch.Type.Rows!;
}

/// <summary>An optimizer: of one <c>minimize</c>, or of those that name it.</summary>
/// <param name="name">Unique in its trainer.</param>
/// <param name="kind">The class of the runtime: Adam, AdamW, Sgd.</param>
/// <param name="learningRate">Read once per step.</param>
/// <param name="settings">Other arguments by C# parameter name, fixed at construction.</param>
/// <param name="limits">What bounds the gradients of a step, by C# parameter name.</param>
public sealed class IrOptimizer(
    string name,
    string kind,
    HostValue learningRate,
    ImmutableArray<(string Name, HostValue Value)> settings,
    ImmutableArray<(string Name, HostValue Value)> limits)
{
    /// <summary>Unique in its trainer.</summary>
    public string Name { get; } = name;

    /// <summary>The class of the runtime: Adam, AdamW, Sgd.</summary>
    public string Kind { get; } = kind;

    /// <summary>True for one that has a name of its own, and so outlives the phase that it moves in.</summary>
    public bool IsNamed { get; init; }

    /// <summary>The nets and parts that move, of all its statements; where one lies in another, both.</summary>
    public List<IrPart> Targets { get; } = [];

    /// <summary>Read once per step.</summary>
    public HostValue LearningRate { get; } = learningRate;

    /// <summary>Other arguments by C# parameter name, fixed at construction.</summary>
    public ImmutableArray<(string Name, HostValue Value)> Settings { get; } = settings;

    /// <summary>What bounds the gradients of a step, by C# parameter name.</summary>
    public ImmutableArray<(string Name, HostValue Value)> Limits { get; } = limits;
}

/// <summary>An invariant of a net: what holds of its learned numbers from its construction on, and after each of its moves.</summary>
/// <param name="Name">Unique among the constraints.</param>
/// <param name="Target">The net, or a part of one.</param>
/// <param name="Interval">The least and the greatest allowed number; null where the kernels are orthogonal.</param>
public sealed record IrConstraint(string Name, IrPart Target, (HostValue Low, HostValue High)? Interval, TextSpan Span);

/// <summary>A figure of the report: the mean over the executions since the last report.</summary>
/// <param name="Name">As written, or derived from the targets.</param>
/// <param name="Doc">Its documentation.</param>
/// <param name="Span">The statement that reports it.</param>
public sealed record IrReport(string Name, string Doc, TextSpan Span)
{
    /// <summary>True where it may be that no step since the last report has a value: the statement does not run in each.</summary>
    public bool IsConditional { get; set; }
}

/// <summary><c>sample name = e</c>, <c>sample name(y: Digit, t: int = 2048, psi: float = 0.7) = e</c>: rows drawn without data.</summary>
/// <param name="Function">Its parameters are the conditions, a row of each for a row of the sample.</param>
public sealed record IrSample(string Name, string Doc, IrFunction Function, TextSpan Span)
{
    /// <summary>Sizes that the caller may choose, with their defaults.</summary>
    public ImmutableArray<(DimVariable Size, long Default)> Sizes { get; init; } = [];

    /// <summary>Other numbers that the caller may choose, with their defaults.</summary>
    public ImmutableArray<(string Name, double Default)> Numbers { get; init; } = [];
}

/// <summary>A figure of an evaluation: the mean over all rows of a per-row value, or a metric of all rows.</summary>
/// <param name="Name">As written.</param>
/// <param name="Value">A scalar, weighted by the rows of its batch; what a metric gives for a batch.</param>
public sealed record IrEvaluationResult(string Name, string Doc, IrValue Value)
{
    /// <summary>The metric; null for a mean.</summary>
    public CatalogOp? Metric => Value.Producer is CatalogOp { Operation.Metric: not null } metric ? metric : null;

    /// <summary>What is read of each batch.</summary>
    public ImmutableArray<IrValue> Read => Metric?.Inputs ?? [Value];

    /// <summary>Of which source each of them is, by its number.</summary>
    public ImmutableArray<int> Sources { get; init; } = [];
}

/// <summary><c>evaluate name(sources) { report ... }</c>.</summary>
public sealed record IrEvaluation(string Name, string Doc, ImmutableArray<IrSource> Sources, IrBlock Body, ImmutableArray<IrEvaluationResult> Results, TextSpan Span);

/// <summary>What a trainer compiles to.</summary>
public sealed class IrTrainer(string name, string doc, TextSpan span) : IrModule(name, doc, span)
{
    /// <summary>True where the compiler wrote the trainer for a model.</summary>
    public bool IsDerived { get; init; }

    /// <summary>Free sizes of the data that its nets are constructed with: each is a hyperparameter too.</summary>
    public ImmutableArray<DimVariable> DataSizes { get; set; } = [];

    /// <summary>Independent sources that are given; the first is the clock.</summary>
    public List<IrSource> Sources { get; } = [];

    /// <summary>Sources that a plan makes of others, in the order of the text.</summary>
    public List<IrSource> Collected { get; } = [];

    /// <summary>All that a step may take batches of.</summary>
    public IEnumerable<IrSource> AllSources => Sources.Concat(Collected);

    /// <summary>Sources that the step itself pulls.</summary>
    public List<IrSource> Pulls { get; } = [];

    /// <summary>Optimizers in the order of their statements.</summary>
    public List<IrOptimizer> Optimizers { get; } = [];

    /// <summary>Invariants of nets, in the order of the text.</summary>
    public List<IrConstraint> Constraints { get; } = [];

    /// <summary>Tensors that outlive the step, in the order of the text.</summary>
    public List<IrState> States { get; } = [];

    /// <summary>Pools of earlier rows, in the order of the text.</summary>
    public List<IrHistory> Histories { get; } = [];

    /// <summary>Figures in the order of the text.</summary>
    public List<IrReport> Reports { get; } = [];

    /// <summary>One step; empty in a plan of phases.</summary>
    public IrBlock Step { get; } = new();

    /// <summary>The order of the phases; empty for a trainer with one step.</summary>
    public List<IrPlanItem> Plan { get; } = [];

    /// <summary>The phases of a plan, in the order of the text; none for a trainer with one step.</summary>
    public List<IrPhase> Phases { get; } = [];

    /// <summary>The step, or those of the phases.</summary>
    public IEnumerable<IrBlock> Steps => Phases.Count == 0 ? [Step] : Phases.Select(p => p.Step);

    /// <summary>Samplers.</summary>
    public List<IrSample> Samples { get; } = [];

    /// <summary>Evaluations.</summary>
    public List<IrEvaluation> Evaluations { get; } = [];
}

/// <summary>A whole file, ready to be written as C#.</summary>
/// <param name="Spaces">The spaces of the file.</param>
/// <param name="Modules">Nets and models, those of the library that are used first, each behind what it uses.</param>
/// <param name="Trainers">Declared trainers, then those derived for bare models.</param>
public sealed record IrFile(ImmutableArray<SpaceSymbol> Spaces, ImmutableArray<IrModule> Modules, ImmutableArray<IrTrainer> Trainers)
{
    /// <summary>A file with nothing in it.</summary>
    public static IrFile Empty { get; } = new([], [], []);
}
