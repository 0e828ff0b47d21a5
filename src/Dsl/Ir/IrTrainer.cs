using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Ir;

/// <summary>One column of a source.</summary>
/// <param name="Name">Its name in the text, by which a data source is bound.</param>
/// <param name="Space">The space of its values.</param>
/// <param name="Batch">The batch as a value of the step.</param>
public sealed record IrColumn(string Name, SpaceSymbol Space, IrValue Batch);

/// <summary>An independent data source of a trainer or an evaluation.</summary>
public sealed record IrSource(string Name, ImmutableArray<IrColumn> Columns, string Doc, TextSpan Span);

/// <summary>An optimizer of one <c>minimize</c>.</summary>
/// <param name="Name">Unique in its trainer.</param>
/// <param name="Kind">The class of the runtime: Adam, AdamW, Sgd.</param>
/// <param name="Targets">The nets and parts that move.</param>
/// <param name="LearningRate">Read once per step.</param>
/// <param name="Settings">Other arguments by C# parameter name, fixed at construction.</param>
/// <param name="Limits">What bounds the gradients of a step, by C# parameter name.</param>
public sealed record IrOptimizer(
    string Name,
    string Kind,
    ImmutableArray<IrPart> Targets,
    HostValue LearningRate,
    ImmutableArray<(string Name, HostValue Value)> Settings,
    ImmutableArray<(string Name, HostValue Value)> Limits);

/// <summary>A figure of the report: the mean over the executions since the last report.</summary>
/// <param name="Name">As written, or derived from the targets.</param>
/// <param name="Doc">Its documentation.</param>
/// <param name="Span">The statement that reports it.</param>
public sealed record IrReport(string Name, string Doc, TextSpan Span);

/// <summary><c>sample name = e</c>, <c>sample name(y: Digit, t: int = 2048) = e</c>: rows drawn without data.</summary>
/// <param name="Function">Its parameters are the conditions, a row of each for a row of the sample.</param>
public sealed record IrSample(string Name, string Doc, IrFunction Function, TextSpan Span)
{
    /// <summary>Sizes that the caller may choose, with their defaults.</summary>
    public ImmutableArray<(DimVariable Size, long Default)> Sizes { get; init; } = [];
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

    /// <summary>Independent sources; the first is the clock.</summary>
    public List<IrSource> Sources { get; } = [];

    /// <summary>Sources that the step itself pulls.</summary>
    public List<IrSource> Pulls { get; } = [];

    /// <summary>Optimizers in the order of their statements.</summary>
    public List<IrOptimizer> Optimizers { get; } = [];

    /// <summary>Figures in the order of the text.</summary>
    public List<IrReport> Reports { get; } = [];

    /// <summary>One step; empty in a plan of phases.</summary>
    public IrBlock Step { get; } = new();

    /// <summary>The phases of a plan, in order; none for a trainer with one step.</summary>
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
