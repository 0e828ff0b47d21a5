using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;

namespace GenDsl.Dsl.Ir;

/// <summary>The learned tensors of one layer below a net of a trainer, those of all its rounds together.</summary>
/// <param name="Net">A net that the trainer constructs.</param>
/// <param name="Path">The layer's name from there, as in checkpoints: <c>prior.conv1</c>.</param>
public readonly record struct LearnedPlace(ModuleInstance Net, string Path);

/// <summary>What a <c>minimize</c> moves: a net, or a part of one, without what <c>except</c> takes out.</summary>
/// <param name="Net">A net that the trainer constructs.</param>
/// <param name="Path">The part's name from there; empty for the whole net.</param>
/// <param name="Except">Names of parts inside that stay.</param>
public sealed record IrPart(ModuleInstance Net, string Path, ImmutableArray<string> Except)
{
    /// <summary>As written, without what is taken out: <c>M.prior</c>.</summary>
    public string Name => Path.Length == 0 ? Net.Name : Net.Name + "." + Path;

    /// <summary>True where nothing is left out of a whole net.</summary>
    public bool IsWhole => Path.Length == 0 && Except.IsEmpty;

    /// <summary>The layers that it moves, in the order of the text.</summary>
    public ImmutableArray<LearnedPlace> Places { get; } =
        [.. Learned(Net.Module).Where(p => IsIn(p, Path) && !Except.Any(e => IsIn(p, e))).Select(p => new LearnedPlace(Net, p))];

    /// <summary>True where a layer's name is that of a part or lies below it.</summary>
    public static bool IsIn(string layer, string part) =>
        part.Length == 0 || layer == part || (layer.StartsWith(part, System.StringComparison.Ordinal) && layer[part.Length] == '.');

    /// <summary>True where a layer has something that optimizers move.</summary>
    public static bool IsLearned(LayerInstance layer) => layer.Weights.Any(w => w.Role is WeightRole.Kernel or WeightRole.Gain);

    /// <summary>The names of the layers of a module that are learned, those inside its parts included.</summary>
    public static ImmutableArray<string> Learned(IrModule module) =>
        [.. module.Layers.Where(IsLearned).Select(l => l.Name), .. module.Children.SelectMany(c => Learned(c.Module).Select(p => c.Name + "." + p))];
}
