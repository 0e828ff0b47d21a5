using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

public class MeterTests
{
    [Fact]
    public void ReadsTheMeanAndStartsAnew()
    {
        using var meter = new Meter("loss", CPU);
        Assert.True(meter.IsEmpty);
        Assert.True(double.IsNaN(meter.Mean()));
        for (var i = 0; i < 300; i++)
        {
            using var value = tensor((float)i);
            meter.Add(value);
        }

        Assert.False(meter.IsEmpty);
        Assert.Equal(Enumerable.Range(0, 300).Average(), meter.Mean());
        Assert.True(meter.IsEmpty);
        Assert.Null(meter.FirstNonFiniteStep);
    }

    [Fact]
    public void RemembersTheFirstStepThatIsNotFinite()
    {
        long step = 0;
        using var meter = new Meter("loss", CPU) { Clock = () => step };
        for (step = 0; step < 200; step++)
        {
            using var value = tensor(step switch { 150 => float.NegativeInfinity, 160 => float.NaN, _ => 1f });
            meter.Add(value);
        }

        meter.Mean();
        Assert.Equal(150, meter.FirstNonFiniteStep);
        Assert.Equal(double.NegativeInfinity, meter.FirstNonFinite);
    }

    [Fact]
    public void KeepsNoGraph()
    {
        using var meter = new Meter("loss", CPU);
        using var x = ones(1, requires_grad: true);
        using var y = x.sum();
        meter.Add(y);
        Assert.Equal(1, meter.Mean());
        using var gradient = Gradients.Of(y, [x])[0]!;
        Assert.Equal(1, gradient.ToDouble());
    }

    [Fact]
    public void SavedSumsGoOnExactly()
    {
        using var whole = new Meter("loss", CPU);
        using var first = new Meter("loss", CPU);
        using var second = new Meter("loss", CPU);
        for (var i = 0; i < 40; i++)
        {
            using var value = tensor(1f / (i + 3));
            whole.Add(value);
            (i < 17 ? first : second).Add(value);
            if (i == 16)
            {
                var (sum, count) = first.Save();
                second.Restore(sum, count);
            }
        }

        Assert.Equal(whole.Mean(), second.Mean());
    }

    [Fact]
    public void RowMeanWeighsByRows()
    {
        var mean = new RowMean();
        Assert.True(double.IsNaN(mean.Value));
        using var four = tensor(4f);
        using var one = tensor(1f);
        mean.Add(four, 3);
        mean.Add(one, 1);
        Assert.Equal(13 / 4.0, mean.Value);
    }
}
