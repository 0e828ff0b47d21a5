using System;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Text.Json;
using GenDsl.Integration.Tests.Data;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>Pictures scored by a net of somebody else: <c>gendsl eval FILE.pt --data fake=... --data real=...</c>.</summary>
public sealed class ScriptScoresTests
{
    private const string Player = """
        gen 1
        space Image = f32[1, 28, 28] in [-1, 1]
        space Latent = f32[8] ~ normal(0, 1)
        net Generator(z: Latent) -> Image { z |> linear(784) |> tanh |> reshape(1, 28, 28) }
        trainer Player(real: Image) {
            G = Generator()
            minimize mean((G(draw(Latent)) - real)^2) over G with adam(1e-3)
            sample image = G(draw(Latent))
        }
        """;

    private const string Data = "--data fake=segment-digits@first=300:train --data real=segment-digits@first=200:test";

    [Fact]
    public void DataAgainstData_AreScoredByWhatTheNetSays()
    {
        using var folder = new ScratchFolder();
        var net = ScriptFile.Write(folder["pair.pt"], ScriptFile.Pair);
        var run = Gendsl.Run($"eval {net} {Data} --range 0,1 --splits 1 --json");
        Assert.True(run.Code == 0, run.Error);
        using var record = JsonDocument.Parse(run.Out);

        // The same by hand: the means of the four quarters of each picture.
        using var scope = NewDisposeScope();
        Tensor fake = Quarters("segment-digits@first=300:train"), real = Quarters("segment-digits@first=200:test");
        Tensor p = (fake.narrow(1, 0, 3) * 4).softmax(1), marginal = p.mean([0]);
        double score = Math.Exp((p * (p.log() - marginal.log())).sum([1]).mean().ToDouble());
        Assert.Equal(score, Figure(record, "inception_score"), 1e-6);
        Assert.True(score > 1.001);
        using var distance = new FrechetDistance(4);
        distance.Add(real, fake);
        Assert.Equal(distance.Value, Figure(record, "frechet_distance"), 1e-6);
        Assert.True(distance.Value > 1e-5);
        Assert.Equal("pair.pt", record.RootElement.GetProperty("net").GetString());
        Assert.Equal(64, record.RootElement.GetProperty("weights").GetString()!.Length);

        static Tensor Quarters(string data)
        {
            using var source = DataSets.Open(data, new DataOptions());
            Tensor x = source.Columns.Single(column => column.Name == "image").Values.to(ScalarType.Float64).reshape(-1, 2, 14, 2, 14) / 255;
            return x.mean([2, 4]).reshape(-1, 4);
        }
    }

    [Fact]
    public void TheText_SaysTheNet_TheCounts_AndHowPicturesWereShown()
    {
        using var folder = new ScratchFolder();
        var net = ScriptFile.Write(folder["pair.pt"], ScriptFile.Pair);
        var run = Gendsl.Run($"eval {net} {Data} --range -1,1 --input 3x40x20 --splits 5 --gives features,logits");
        Assert.True(run.Code == 0, run.Error);
        Assert.Matches(@"^pair\.pt \(sha256 [0-9a-f]{12}\) on fake = segment-digits@first=300:train \(300 rows\), real = segment-digits@first=200:test \(200 rows\)\n", run.Out);
        Assert.Contains("  fake: [1, 28, 28] in [-1, 1] shown as [3, 40, 20] in [-1, 1]: grey repeated, resized (bilinear, smoothed)\n", run.Out, StringComparison.Ordinal);
        Assert.Contains(" (5 splits)", run.Out, StringComparison.Ordinal);
        Assert.Contains(" (12 features)", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("singular", run.Error, StringComparison.Ordinal);
        Assert.Contains("4 pictures for 4 features: the covariance is singular", Gendsl.Run($"eval {net} --data fake=segment-digits@first=4:train --data real=segment-digits:test --range 0,1 --splits 2").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatARunDraws_IsScoredInTheRangeOfTheNet()
    {
        using var folder = new ScratchFolder();
        var program = folder.Write("player.gen", Encoding.UTF8.GetBytes(Player));
        Assert.Equal(0, Gendsl.Run($"train {program} --data segment-digits --batch 50 --seed 1 --threads 1 --steps 3 --out {folder["player"]}").Code);
        var net = ScriptFile.Write(folder["pair.pt"], ScriptFile.Pair);

        // The features are linear in the pixels, so that twice the range is four times the squared distance.
        var fake = $"--data fake={folder["player"]}@700 --data real=segment-digits";
        var unit = Gendsl.Run($"eval {net} {fake} --range 0,1");
        var twice = Gendsl.Run($"eval {net} {fake} --range -1,1 --json");
        Assert.True(unit.Code == 0, unit.Error);
        Assert.Contains("player@700 (700 rows), real = segment-digits:test (2,000 rows)", unit.Out, StringComparison.Ordinal);
        Assert.Contains("  fake: [1, 28, 28] in [-1, 1] shown as [1, 28, 28] in [0, 1]: scaled\n", unit.Out, StringComparison.Ordinal);
        using var first = JsonDocument.Parse(Gendsl.Run($"eval {net} {fake} --range 0,1 --json").Out);
        using var second = JsonDocument.Parse(twice.Out);
        Assert.Equal(4 * Figure(first, "frechet_distance"), Figure(second, "frechet_distance"), 1e-5);
        Assert.True(Figure(first, "frechet_distance") > 0.01);

        // What is compared with itself is no distance away.
        using var itself = JsonDocument.Parse(Gendsl.Run($"eval {net} --data fake={folder["player"]}@100 --data real={folder["player"]}@100 --range 0,1 --json").Out);
        Assert.InRange(Figure(itself, "frechet_distance"), 0, 1e-9);
    }

    [Fact]
    public void EveryPixel_IsScaled_Repeated_AndResized()
    {
        using var source = new Source("s", [new Column("image", ElementKind.Levels, 256, 0, 255, tensor(new byte[] { 0, 255, 51, 102 }).reshape(1, 1, 2, 2))]);
        var pictures = new ScriptPictures(source, new ScriptScoring(-1, 1) { Input = [3, 4, 4] });
        using var shown = pictures.Batches(CPU).Single();
        using var small = tensor(new[] { -1f, 1f, -0.6f, -0.2f }).reshape(1, 1, 2, 2);
        using var large = nn.functional.interpolate(small, size: [4, 4], mode: InterpolationMode.Bilinear, align_corners: false);
        using var wanted = large.expand(1, 3, 4, 4);
        Assert.Equal([1, 3, 4, 4], shown.shape);
        TensorAssert.Close(wanted, shown, 1e-6);
    }

    [Theory]
    [InlineData("features", "frechet_distance")]
    [InlineData("logits", "inception_score")]
    public void ASingleResult_IsWhatItIsSaidToBe(string gives, string only)
    {
        using var folder = new ScratchFolder();
        var net = ScriptFile.Write(folder["one.pt"], "def forward(self, x: Tensor) -> Tensor:\n  return torch.flatten(torch.adaptive_avg_pool2d(x, [2, 2]), 1)");
        using var record = JsonDocument.Parse(Gendsl.Run($"eval {net} {Data} --range -1,1 --gives {gives} --json").Out);
        Assert.Equal([only], record.RootElement.GetProperty("values").EnumerateObject().Select(value => value.Name));
        Assert.Contains("one.pt gives [4] for each picture. Say what that is", Gendsl.Run($"eval {net} {Data} --range 0,1").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Probabilities_AreLogitsOfTheSameScore()
    {
        using var folder = new ScratchFolder();
        string Net(string name, string result) => ScriptFile.Write(folder[name], $"def forward(self, x: Tensor, sharp: bool) -> Tensor:\n  f = torch.flatten(torch.adaptive_avg_pool2d(x, [2, 2]), 1)\n  if sharp:\n    f = torch.mul(f, 1000.)\n  else:\n    pass\n  return {result}");
        double Score(string name, string gives, bool sharp)
        {
            var run = Gendsl.Run($"eval {folder[name]} --data fake=segment-digits --range -1,1 --gives {gives} --json --arguments {sharp}");
            Assert.True(run.Code == 0, run.Error);
            using var record = JsonDocument.Parse(run.Out);
            return Figure(record, "inception_score");
        }

        Net("logits.pt", "f");
        Net("shares.pt", "torch.softmax(f, 1)");
        Assert.Equal(Score("logits.pt", "logits", false), Score("shares.pt", "probabilities", false), 1e-5);

        // Where most are 0 in f32 too.
        Assert.Equal(Score("logits.pt", "logits", true), Score("shares.pt", "probabilities", true), 1e-4);
        Assert.Contains("are probabilities: none is negative, and all sum to 1", Gendsl.Run($"eval {folder["shares.pt"]} --data fake=segment-digits --range -1,1 --gives logits --arguments false").Error, StringComparison.Ordinal);
        Assert.Contains("are no probabilities", Gendsl.Run($"eval {folder["logits.pt"]} --data fake=segment-digits --range -1,1 --gives probabilities --arguments false").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "does not say which values its pictures have")]
    [InlineData("--range 1", "--range takes two numbers, such as 0,1, but it is '1'.")]
    [InlineData("--range 1,0", "goes from a number to a greater one, but it is [1, 0].")]
    [InlineData("--range 0,1 --input 3x0x9", "--input takes channels, rows and columns")]
    [InlineData("--range 0,1 --gives logit,features", "one is 'logit'. Did you mean 'logits'?")]
    [InlineData("--range 0,1 --gives features,features", "gives features twice")]
    [InlineData("--range 0,1 --gives _,_", "nothing is used")]
    [InlineData("--range 0,1 --gives features", "gives [4] and [3] for each picture, 2 results, but 1 is named.")]
    [InlineData("--range 0,1 --gives features,_ --data real=", "")]
    [InlineData("--range 0,1 --splits 0", "'--splits' takes a whole number of at least 1")]
    [InlineData("--range 0,1 --splits 301", "needs as many rows, but there are 300")]
    [InlineData("--range 0,1 --arguments two", "one is 'two'")]
    [InlineData("--range 0,1 --arguments 2", "pair.pt fails on pictures [1, 28, 28]")]
    [InlineData("--range 0,1 --best", "'--best' belongs to the evaluation of a run")]
    [InlineData("--range 0,1 --device tpu", "a device such as cpu")]
    public void WhatIsWrong_IsSaid(string options, string expected)
    {
        using var folder = new ScratchFolder();
        var net = ScriptFile.Write(folder["pair.pt"], ScriptFile.Pair);
        var data = options.Contains("--data", StringComparison.Ordinal) ? "--data fake=segment-digits" : Data;
        var run = Gendsl.Run($"eval {net} {data} {options.Replace(" --data real=", "", StringComparison.Ordinal)}".Trim());
        Assert.NotEqual(0, run.Code);
        Assert.Contains(expected.Length > 0 ? expected : "which say nothing without those of real pictures", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("def forward(self, x: Tensor) -> Tensor:\n  return torch.mean(x, [2, 3], True)", "gives [50, 1, 1, 1] for 50 pictures. A net for scores gives real numbers, one tensor [n, k]")]
    [InlineData("def forward(self, x: Tensor) -> Tensor:\n  return torch.argmax(torch.flatten(x, 1), 1, True)", "gives [50, 1] of Int64")]
    [InlineData("def forward(self, x: Tensor) -> Tensor:\n  return torch.flatten(torch.div(x, torch.mul(x, 0.)), 1)", "is not finite. Is the range that it is shown the right one?")]
    [InlineData("def forward(self, x: Tensor) -> Tensor:\n  return torch.flatten(torch.conv2d(x, torch.ones([2, 3, 1, 1])), 1)", "fails on pictures [1, 28, 28]")]
    [InlineData("def forward(self, x: Tensor) -> Tensor:\n  return ops.torchvision.nms(x, x, 0.5)", "calls ops.torchvision.nms, an operation that libtorch itself does not have")]
    public void ANetOfAnotherKind_IsRefused(string forward, string expected)
    {
        using var folder = new ScratchFolder();
        var net = ScriptFile.Write(folder["net.pt"], forward);
        var run = Gendsl.Run($"eval {net} {Data} --range 0,1 --gives features");
        Assert.Equal(1, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsNone_IsRefused()
    {
        using var folder = new ScratchFolder();
        string Error(string path) => Gendsl.Run($"eval {path} --data fake=segment-digits --range 0,1").Error;
        Assert.Contains("There is no file '", Error(folder["none.pt"]), StringComparison.Ordinal);
        Assert.Contains("is not a TorchScript file, which is an archive", Error(folder.Write("text.pt", "no net"u8.ToArray())), StringComparison.Ordinal);
        using (var archive = new ZipArchive(File.Create(folder["weights.pt"]), ZipArchiveMode.Create))
        {
            archive.CreateEntry("archive/data.pkl");
        }

        Assert.Contains("It seems to hold weights without a program", Error(folder["weights.pt"]), StringComparison.Ordinal);
        var whole = File.ReadAllBytes(ScriptFile.Write(folder["whole.pt"], ScriptFile.Pair));
        Assert.Contains("is not a TorchScript file", Error(folder.Write("cut.pt", whole[..^30])), StringComparison.Ordinal);
        Assert.Contains("and there are none. Give it some: --data fake=RUN@10000", Gendsl.Run($"eval {folder["whole.pt"]} --range 0,1").Error, StringComparison.Ordinal);
        Assert.Contains("would read the same rows", Gendsl.Run($"eval {folder["whole.pt"]} --range 0,1 --data segment-digits").Error, StringComparison.Ordinal);
        var program = folder.Write("player.gen", Encoding.UTF8.GetBytes(Player));
        Assert.Equal(0, Gendsl.Run($"train {program} --data segment-digits --batch 50 --steps 1 --out {folder["player"]}").Code);
        Assert.Contains("'--range' says something of a TorchScript net, and this is a run", Gendsl.Run($"eval {folder["player"]} --range 0,1").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AScore_LeavesNothingBehind()
    {
        using var folder = new ScratchFolder();
        using var net = ScriptNet.Load(ScriptFile.Write(folder["pair.pt"], ScriptFile.Pair));
        using var source = DataSets.Open("segment-digits@first=120:train", new DataOptions());
        var scores = new ScriptScores(net, new ScriptScoring(0, 1) { Input = [3, 20, 20] });
        scores.Of(source, source);
        TrainedProgram.NoLeak(() => scores.Of(source, source));
    }

    private static double Figure(JsonDocument record, string name) =>
        double.Parse(record.RootElement.GetProperty("values").GetProperty(name).GetRawText(), CultureInfo.InvariantCulture);
}
