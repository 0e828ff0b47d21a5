using System;
using System.IO;
using GenDsl.Integration.Tests.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>Wrong input gives one clear line, exit code 1, and leaves nothing behind.</summary>
public sealed class WrongInputTests
{
    [Theory]
    [InlineData("trian vae", "has no command 'trian'. Did you mean 'train'?")]
    [InlineData("train vae --epoch 5", "has no option '--epoch'. Did you mean '--epochs'?")]
    [InlineData("list --jsn", "Did you mean '--json'?")]
    [InlineData("train", "Say what to train")]
    [InlineData("train vea", "There is no shipped model 'vea'. Did you mean 'vae'?")]
    [InlineData("train vea.gen", "There is no file 'vea.gen'. For the shipped model, write 'vae'.")]
    [InlineData("train nowhere/vae.gen", "the folder 'nowhere' does not exist")]
    [InlineData("train vae --steps 3 --epochs 4", "say the length twice")]
    [InlineData("train vae --steps 0", "'--steps' takes a whole number of at least 1, but it is '0'")]
    [InlineData("train vae --epochs nan", "'--epochs' takes a number above 0")]
    [InlineData("train vae --seed -1", "'--seed' takes a whole number of at least 0")]
    [InlineData("train vae --batch 20000 --out OUT", "fewer than one batch of 20000")]
    [InlineData("train vae --set dimm=3", "no hyperparameter 'dimm'. Did you mean 'dim'?")]
    [InlineData("train vae --set dim=abc", "'dim' takes a whole number, but it is 'abc'")]
    [InlineData("train vae --set dim=0", "'dim' must be at least 1")]
    [InlineData("train moco --set m=1.5 --out OUT", "MoCo needs m to be in [0, 1], as the decay of an average, but m is 1.5.")]
    [InlineData("train gan --entry InstanceNoise --set until=0 --out OUT", "needs until to be in (0, 1], as 'to' of 'linear' (a part of the run), but until is 0.")]
    [InlineData("train vae --set dim", "--set takes name=value")]
    [InlineData("train vae --set dim=2 --set dim=3", "gives both 2 and 3 to 'dim'")]
    [InlineData("train vae --data mnits", "There is no data set 'mnits'. Did you mean 'mnist'?")]
    [InlineData("train vae --data shapes:tests", "has no split 'tests'")]
    [InlineData("train vae --data image=shapes", "Vae has no source 'image'. It has: x.")]
    [InlineData("train vae --data x=shapes --data x=moons", "gives both 'shapes' and 'moons' to 'x'")]
    [InlineData("train vae --data moons --out OUT", "none fits")]
    [InlineData("train vae --entry Vea", "has no trainer 'Vea'. Did you mean 'Vae'?")]
    [InlineData("train vae --resume", "Give its folder")]
    [InlineData("train vae --resume --out OUT", "There is no run")]
    [InlineData("sample OUT -n 0", "'-n' takes a whole number of at least 1, but it is '0'")]
    [InlineData("sample OUT", "There is no run")]
    [InlineData("eval OUT", "There is no run")]
    [InlineData("result OUT", "There is no run")]
    [InlineData("show vae --set hiden=3", "no hyperparameter 'hiden'. Did you mean 'hidden'?")]
    [InlineData("emit vea", "Did you mean 'vae'?")]
    public void OneLine(string commandLine, string message)
    {
        using var folder = new ScratchFolder();
        var outcome = Gendsl.Run(commandLine.Replace("OUT", folder["out"], StringComparison.Ordinal));
        Assert.Equal(1, outcome.Code);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public void CudaWithoutCuda()
    {
        if (!TorchSharp.torch.cuda.is_available())
        {
            var outcome = Gendsl.Run("train vae --device cuda");
            Assert.Equal(1, outcome.Code);
            Assert.Contains("no CUDA device can be used here", outcome.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FolderThatCannotBeMade()
    {
        using var folder = new ScratchFolder();
        folder.Write("file", []);
        var outcome = Gendsl.Run($"train vae --out {folder["file/run"]}");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("cannot be written", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderWithSomethingElse()
    {
        using var folder = new ScratchFolder();
        folder.Write("thesis.tex", []);
        var outcome = Gendsl.Run($"train vae --out {folder.Path}");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("is not empty", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingDataFile()
    {
        using var folder = new ScratchFolder();
        var before = Environment.GetEnvironmentVariable("GENDSL_DATA");
        Environment.SetEnvironmentVariable("GENDSL_DATA", folder["gone"]);
        try
        {
            var outcome = Gendsl.Run($"train vae --data mnist --out {folder["out"]}");
            Assert.Equal(1, outcome.Code);
            Assert.Contains("does not exist. Set GENDSL_DATA", outcome.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder["out"]));
        }
        finally
        {
            Environment.SetEnvironmentVariable("GENDSL_DATA", before);
        }
    }
}
