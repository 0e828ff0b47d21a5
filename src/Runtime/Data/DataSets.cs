using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime.Data.Own;
using GenDsl.Runtime.Data.Procedural;
using GenDsl.Runtime.Data.Reading;

namespace GenDsl.Runtime.Data;

/// <summary>
/// The data sets that GenDsl knows by name. Real ones are read from files (<c>GENDSL_DATA</c>, then the cache, then a download checked by sha256);
/// procedural ones are made on the spot. Of a real set <c>train</c> is all training rows but the last twelfth, <c>validation</c> that twelfth
/// (MNIST: 55,000 and 5,000), <c>trainall</c> both, and <c>test</c> the published test rows. <see cref="Mnist"/> and <see cref="Shapes"/> say the same of
/// the two sets that examples begin with.
/// </summary>
public static class DataSets
{
    private static readonly DataSet[] Sets =
    [
        IdxImages.Mnist,
        IdxImages.FashionMnist,
        IdxImages.Kmnist,
        new Cifar10Images(),
        new DigitImages(),
        new SpokenDigits(),
        new CharacterText(),
        new WordText(),
        new SentencePairs(),
        new WordPairs(),
        new ShapesSet("shapes", isColour: false),
        new ShapesSet("shapes-color", isColour: true),
        new PairedShapesSet(),
        new ColouredShapesSet(),
        new ShapeScenesSet(),
        new MovingShapesSet(),
        new SegmentDigitsSet(),
        PointsSet.Moons,
        PointsSet.EightGaussians,
        PointsSet.GaussianGrid,
        PointsSet.Checkerboard,
        PointsSet.Rings,
        DensitySet.Bumps,
        DensitySet.SixD,
        new TonesSet(),
        new PhrasesSet(),
    ];

    /// <summary>All data sets, real ones first.</summary>
    public static IReadOnlyList<DataSetInfo> All { get; } = [.. Sets.Select(set => set.Info)];

    /// <summary>Opens a data set.</summary>
    /// <param name="spec">
    /// <c>NAME[@view][:split]</c>, for example <c>mnist</c>, <c>mnist@random:train</c>, <c>shapes:test</c>, <c>tinyshakespeare@128</c>; in place of a name the
    /// path of a folder of pictures, sounds or texts, or of a CSV or text file.
    /// </param>
    /// <param name="options">Folders, seed and number of rows; default <c>GENDSL_DATA</c> and the cache.</param>
    /// <returns>Its rows, in memory; dispose it to free them.</returns>
    /// <exception cref="GenDslException">The name, view or split is unknown, or a file is missing or damaged.</exception>
    public static Source Open(string spec, DataOptions? options = null)
    {
        TorchRuntime.Initialize();
        var parsed = DataSpec.Parse(spec);
        return Find(parsed.Name).Open(parsed, options ?? new DataOptions());
    }

    /// <summary>What is known of a data set.</summary>
    /// <exception cref="GenDslException">There is none of that name.</exception>
    public static DataSetInfo Describe(string name) => Find(name).Info;

    private static DataSet Find(string name)
    {
        if (Sets.FirstOrDefault(set => string.Equals(set.Info.Name, name, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            return found;
        }

        if (OwnFiles.At(name) is { } own)
        {
            return own;
        }

        var names = Sets.Select(set => set.Info.Name).ToArray();
        throw new GenDslException($"There is no data set '{name}'.{Spelling.Meant(name, names)} Known: {string.Join(", ", names)}, and the path of a folder or file of your own.");
    }
}
