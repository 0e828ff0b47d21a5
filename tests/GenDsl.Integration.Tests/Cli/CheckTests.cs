using System;
using System.Linq;
using System.Text;
using GenDsl.Integration.Tests.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

public sealed class CheckTests
{
    [Fact]
    public void ShippedModelsAreRight()
    {
        var outcome = Gendsl.Run("check vae dcgan");
        Assert.Equal((0, "2 files, 0 errors, 0 warnings\n"), (outcome.Code, outcome.Out));
    }

    [Fact]
    public void FindingsAreSortedAndInTheFormOfBuilds()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("wrong.gen", Encoding.UTF8.GetBytes(ProgramTexts.Wrong));
        var outcome = Gendsl.Run(["check", path]);
        var lines = outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1, outcome.Code);
        Assert.Equal(3, lines.Length);
        Assert.Matches($@"^{path}\(3,\d+\): error GEN3\d\d\d: .+ \[https://.+#gen3\d\d\d\]$", lines[0]);
        Assert.Matches($@"^{path}\(4,43\): error GEN2\d\d\d: .*'liner'.*'linear'.* \[https://.+#gen2\d\d\d\]$", lines[1]);
        Assert.Equal("1 file, 2 errors, 0 warnings", lines[2]);
        Assert.DoesNotContain('\e', outcome.Out);
    }

    [Fact]
    public void MissingFileDoesNotHideTheOthers()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("wrong.gen", Encoding.UTF8.GetBytes(ProgramTexts.Wrong));
        var outcome = Gendsl.Run(["check", folder["wrogn.gen"], path]);
        Assert.Equal(1, outcome.Code);
        Assert.Contains($"Did you mean '{path}'?", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(2, outcome.Out.Split('\n').Count(line => line.Contains(": error GEN", StringComparison.Ordinal)));
    }

    [Fact]
    public void TrainingAWrongFilePrintsItsFindings()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("wrong.gen", Encoding.UTF8.GetBytes(ProgramTexts.Wrong));
        var outcome = Gendsl.Run(["train", path, "--out", folder["out"]]);
        Assert.Equal((1, ""), (outcome.Code, outcome.Out));
        Assert.StartsWith($"{path}(3,", outcome.Error, StringComparison.Ordinal);
        Assert.False(System.IO.Directory.Exists(folder["out"]));
    }
}
