using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Dsl.Text;
using GenDsl.Testing;
using Xunit;

namespace GenDsl.Dsl.Tests.Baselines;

/// <summary>Right programs, the shipped models among them: no finding at all, and what was inferred.</summary>
public sealed class ValidProgramsTests
{
    private static readonly string s_folder = Repository.PathOf("tests", "baselines", "valid");

    public static TheoryData<string> Programs => new(Paths().Select(p => Path.GetFileNameWithoutExtension(p)!));

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Types(string name)
    {
        string path = Paths().Single(p => Path.GetFileNameWithoutExtension(p) == name);
        CheckedFile file = GenCompiler.Check(new GenSource(name + ".gen", File.ReadAllText(path)));

        // PixelCNN is the model that the blind spot was found in; it is shipped as published.
        Assert.Empty(file.Diagnostics.Where(d => name != "pixel_cnn" || d.Code != "GEN4510").Select(d => d.ToString()));
        await Verifier.VerifyBeside(InferredTypes.Of(file), Path.Combine(s_folder, name + ".types"), "txt");
    }

    private static IEnumerable<string> Paths() => Directory.GetFiles(s_folder, "*.gen").Concat(Directory.GetFiles(Repository.PathOf("models"), "*.gen")).Order(StringComparer.Ordinal);
}
