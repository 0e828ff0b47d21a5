using System.Reflection;
using System.Threading.Tasks;
using GenDsl.Testing;
using PublicApiGenerator;
using Xunit;

namespace GenDsl.Integration.Tests;

/// <summary>What others build on changes only where someone reads the change.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Assemblies => ["GenDsl.Dsl", "GenDsl.Generators", "GenDsl.Runtime"];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public Task ThePublicSurface_IsAsAccepted(string assembly) => Verifier.Verify(
        Assembly.Load(assembly).GeneratePublicApi(new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            ExcludeAttributes = ["System.Runtime.CompilerServices.CompilerGeneratedAttribute", "System.Diagnostics.CodeAnalysis.SuppressMessageAttribute", "System.CodeDom.Compiler.GeneratedCodeAttribute"],
        }),
        assembly);
}
