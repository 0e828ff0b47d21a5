using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Dsl;
using GenDsl.Dsl.Text;
using GenDsl.Generators.Emit;
using GenDsl.Testing;
using Xunit;

namespace GenDsl.Generators.Tests.Emit;

/// <summary>The C# of every shipped model, to be read as a colleague's pull request.</summary>
public sealed class ModelSnapshotTests
{
    public static TheoryData<string> Models => new(Directory.GetFiles(Repository.PathOf("models"), "*.gen")
        .Select(p => Path.GetFileNameWithoutExtension(p)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Models))]
    public Task Code(string name)
    {
        CheckedFile file = GenCompiler.Check(new GenSource(name + ".gen", File.ReadAllText(Repository.PathOf("models", name + ".gen"))));
        string code = CSharpEmitter.Emit(file, new EmitOptions("GenDsl.Models"))
            .Replace(CSharpEmitter.Version, "VERSION", StringComparison.Ordinal);
        return Verifier.Verify(code, name, "cs");
    }
}
