using System;
using System.IO;
using GenDsl.Dsl.Catalog;
using GenDsl.Testing;
using Xunit;

namespace GenDsl.Dsl.Tests.Baselines;

/// <summary>The page of the catalogue is what the compiler's table says.</summary>
public sealed class CataloguePageTests
{
    [Fact]
    public void ThePage_IsTheTable()
    {
        string path = Repository.PathOf("docs", "catalogue.md");
        string page = CataloguePage.Markdown();
        if (Environment.GetEnvironmentVariable(Verifier.AcceptVariable) == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.Equal(page, File.Exists(path) ? File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal) : "");
    }
}
