using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// Names of the language become members and types in C#. Two that become the same one, or one that the generated class
/// inherits or mentions, would fail there with an error that nobody understands; so they are rejected here.
/// </summary>
internal static class MemberNames
{
    /// <summary>Types that generated code mentions by their short names.</summary>
    private static readonly ImmutableHashSet<string> Types = Set(
        "Adam AdamW Average BatchRows Bounds Build Checkpoint CodeUsage Codebooks ColumnBinding Comparisons Data Distributions Draws DregGate ElementKind Families Feed FrechetDistance Functional GenDslException Gradients GradientSum History InceptionScore InitialPass Initializer IReport ISpace KeptWeights KnnAccuracy Lars Layers LeastSquares LinearProbe MatchedAccuracy Memory Meter Mixing Mode Move MutualProcrustes "
        + "NamedValue Optimizer OptionBag Options OrthogonalWeights PaddingModes Parameter Pass PlannedPhase PositionSampler Precision Procrustes Recompute Report RowCollector RowMean RunLength SampleInfo SampleRequest SamplerPlan SamplingOptions Scalar Sgd SiteDraws SiteKernels SiteValue Source SpaceInfo Spaces StateRole StateTable StraightThrough Tensor Trainer TrainerDescriptor TrainerOptions Views WeightClip");

    private static readonly ImmutableHashSet<string> ModuleMembers = Set("Apply BitsPerDim Continue Dispose Draw Elbo Forward GetType LogProb Loss MemberwiseClone Options Sampling State Trace");

    // A net may well have an encoder of this name.
    private static readonly ImmutableHashSet<string> QueryMembers = Set("Dreg Encode Importance Iwae PriorImportance");

    private static readonly ImmutableHashSet<string> TrainerMembers = Set(
        "Advance Bind Solve Build Collect Collected Connect Data Done Descriptor Device Dispose DisposeAsync Draws Epoch EpochBefore Evaluate Feed Fit GetType Give GlobalStep HandOver InitialiseFromData Load MemberwiseClone Nets Options Own Pass Phase Phases PhasePlace PhaseIndex PhaseProgress PhaseStarted PhaseStep Plan "
        + "Progress Queues Read Renew Renewed Report ResumeWarnings RowsCollected Sample Save Saved State Step UnknownEvaluation UnknownSample");

    private static readonly ImmutableHashSet<string> ModuleOptions = Set("Device EqualityContract Memory Seed");

    private static readonly ImmutableHashSet<string> TrainerOptions = Set("Batch CheckpointEvery CheckpointFolder Describe Device EqualityContract From Given KeepCheckpoints Memory ReportEvery Seed ToBag");

    private static readonly ImmutableHashSet<string> ReportMembers = Set("Epoch EqualityContract Step Values");

    /// <summary>Declarations of a file.</summary>
    /// <param name="trained">The models that a trainer of the file constructs or another model is made of; the others get a trainer of their own.</param>
    public static void OfFile(FileContext file, IReadOnlyCollection<string> trained)
    {
        var names = new List<(string Name, string Member, TextSpan Span)>();
        foreach (DeclarationSymbol symbol in file.Symbols.Where(s => s.Kind != "loss"))
        {
            string member = MemberName.Pascal(symbol.Name) + (symbol.Kind == "trainer" ? "Trainer" : "");
            names.Add((symbol.Name, member, symbol.Syntax.Name.Span));
            if (symbol.Kind == "model" && !trained.Contains(symbol.Name))
            {
                names.Add((symbol.Name, member + "Trainer", symbol.Syntax.Name.Span));
            }
        }

        Check(names, Types, "generated code uses for itself", (span, d) => file.Diagnostics.Add(d(new DiagnosticBuilder(file.Source, span))));
    }

    /// <summary>Hyperparameters and parts of a net, model or trainer.</summary>
    public static void OfModule(Ir.IrModule module, Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report)
    {
        bool trains = module is Ir.IrTrainer;
        IEnumerable<(string, string, TextSpan)> options = module.Hyperparameters.Select(h => (h.Name, MemberName.Pascal(h.Name), h.Span))
            .Concat(module.FixedSizes.Select(s => (s.Name, MemberName.Pascal(s.Name), module.Span)));
        bool ok = Check(options, trains ? TrainerOptions : ModuleOptions, "every options record has", report);
        ok &= Check(module.Children.Select(c => (c.Name, MemberName.Pascal(c.Name), c.Span)), trains ? TrainerMembers.Union(PhaseMembers(module)) : (module is Ir.IrModel ? ModuleMembers.Union(QueryMembers) : ModuleMembers).Union(SamplerMembers(module)), "the generated class has already", report);
        if (ok && module is Ir.IrTrainer trainer)
        {
            Check(trainer.AllSources.Select(s => (s.Name, MemberName.Pascal(s.Name), s.Span)), Set("Data EqualityContract"), "the generated record has already", report);
            Check(trainer.Reports.Select(r => (r.Name, MemberName.Pascal(r.Name), r.Span)), trainer.Phases.Count == 0 ? ReportMembers : ReportMembers.Union(["Phase", "PhaseStep"]), "every report has", report);
        }
    }

    // Each phase is a method, two where nets start from data.
    private static IEnumerable<string> PhaseMembers(Ir.IrModule module) =>
        module is Ir.IrTrainer trainer ? trainer.Phases.Select(p => MemberName.Pascal(p.Name)).SelectMany(n => new[] { "Advance" + n, "Initialise" + n }) : [];

    // What a derived sampler is made of has the name of the data in it.
    private static IEnumerable<string> SamplerMembers(Ir.IrModule module)
    {
        if (module is not Ir.IrModel { Sampler: { } sampler })
        {
            return [];
        }

        string name = MemberName.Pascal(sampler.Law.Data.Name);
        return [$"Draw{name}", $"Trace{name}", $"ParametersOf{name}", $"RootOf{name}", $"{name}Of"];
    }

    private static bool Check(
        IEnumerable<(string Name, string Member, TextSpan Span)> names, ImmutableHashSet<string> reserved, string why, Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report)
    {
        bool ok = true;
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string member, TextSpan span) in names)
        {
            if (reserved.Contains(member))
            {
                ok = false;
                report(span, b => b.MemberClash(name, member, why));
            }
            else if (member.Length == 0 || char.IsDigit(member[0]))
            {
                ok = false;
                report(span, b => b.NoMember(name));
            }
            else if (taken.TryGetValue(member, out string? other))
            {
                ok = false;
                report(span, b => b.MemberClash(name, member, name == other ? "it has already" : $"'{other}' becomes too"));
            }
            else
            {
                taken.Add(member, name);
            }
        }

        return ok;
    }

    private static ImmutableHashSet<string> Set(string names) => ImmutableHashSet.Create(StringComparer.Ordinal, names.Split([' '], StringSplitOptions.RemoveEmptyEntries));
}
