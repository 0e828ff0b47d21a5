using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using GenDsl.Cli.Compilation;
using GenDsl.Cli.Inspection;
using GenDsl.Integration.Tests.Data;
using GenDsl.Runtime;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary><c>list</c>, <c>show</c> and <c>emit</c>.</summary>
public sealed class InspectionTests
{
    [Fact]
    public void ListNamesModelsAndData()
    {
        var outcome = Gendsl.Run("list");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("  vae ", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("  shapes ", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void ListIsJsonOnDemand()
    {
        using var json = JsonDocument.Parse(Gendsl.Run("list --json").Out);
        var models = json.RootElement.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString());
        Assert.Contains("dcgan", models);
        Assert.Contains(json.RootElement.GetProperty("data").EnumerateArray(), set => set.GetProperty("isProcedural").GetBoolean());
    }

    [Fact]
    public void ShowPrintsLayersInOrder()
    {
        var outcome = Gendsl.Run("show dcgan --set width=8");
        Assert.Equal(0, outcome.Code);
        var lines = outcome.Out.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();
        var first = lines.IndexOf("linear1 [784] 78,400");
        Assert.True(first > 0);
        Assert.Equal(["reshape [16, 7, 7]", "batch_norm1 [16, 7, 7] 32", "relu [16, 7, 7]", "conv_transpose1 [8, 14, 14] 2,048"], lines[(first + 1)..(first + 5)]);
        Assert.Contains("estimate for two cores: about ", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void ShowPrintsWhatAModelSeesOfItsOwnPast()
    {
        var outcome = Gendsl.Run("show pixel_cnn --set depth=2");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("model GatedPixelCnn: 'x' is drawn in order of row, column, by pixels", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("horizon (0, -1) of its own place", outcome.Out, StringComparison.Ordinal);

        // Four rows by the first layer behind the shift, one by each further layer; the columns by the widths of the kernels.
        Assert.Contains("receptive field row -6..0, column -8..7, seen from [27, 14]", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("blind spot: at any depth it sees 376; ", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("    #o", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vae", "hidden", "37")]
    [InlineData("vae", "dim", "3")]
    [InlineData("dcgan", "width", "5")]
    public void CountsFromTheTextAreThoseOfTheTrainer(string model, string name, string value)
    {
        var set = new OptionBag();
        set.Set(name, value);
        var file = ProgramCompiler.Check(GenFiles.Read(model), ForeignCode.None);
        using var trainer = ProgramCompiler.Load(file, ForeignCode.None, _ => { }).Entry(null).Create(set);
        var ir = file.Ir.Trainers[0];
        var averages = ir.Children.Count(child => child.AverageOf is not null);
        var learned = trainer.Nets.SkipLast(averages).Sum(net => net.State.LearnedSize);
        Assert.Equal(learned, ParameterCount.Of(ir, SizeScope.Of(ir, set.ToDictionary())));
    }

    [Fact]
    public void EmitWritesAFile()
    {
        using var folder = new ScratchFolder();
        var printed = Gendsl.Run("emit vae");
        var written = Gendsl.Run(["emit", "vae", "--out", folder["code"]]);
        Assert.Equal((0, 0), (printed.Code, written.Code));
        Assert.Equal(printed.Out, File.ReadAllText(folder["code/vae.g.cs"]));
        Assert.Contains("class VaeTrainer", printed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralTrainersNeedAnEntry()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("pair.gen", Encoding.UTF8.GetBytes(ProgramTexts.Two));
        var outcome = Gendsl.Run(["train", path, "--out", folder["out"]]);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("has several trainers: One, Two. Choose one with --entry", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TheTrainerThatAFileIsNamedAfter_NeedsNone()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("number_two.gen", Encoding.UTF8.GetBytes(ProgramTexts.Two.Replace("Two", "NumberTwo", StringComparison.Ordinal)));
        var outcome = Gendsl.Run(["train", path, "--steps", "1", "--out", folder["out"]]);
        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Contains("NumberTwo (number_two.gen)", outcome.Out, StringComparison.Ordinal);
    }
}
