using System.Linq;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Padded convolutions against sums written out, and the sizes that they promise.</summary>
public sealed class ConvolutionTests
{
    [Theory]
    [InlineData("down", 2, 3, 1, 1, 1, 1)]
    [InlineData("down", 3, 5, 1, 2, 4, 4)]
    [InlineData("down", 2, 3, 2, 1, 1, 1)]
    [InlineData("down_right", 2, 2, 1, 1, 1, 1)]
    [InlineData("down_right", 3, 2, 2, 1, 2, 1)]
    public void RowsAndColumns(string pad, int rows, int columns, int stride, int dilation, int above, int left)
    {
        var net = new CompiledNet($"net N(x: [c, h, w]) where h % {stride} == 0, w % {stride} == 0 {{ x |> conv(3, kernel: ({rows}, {columns}), pad: {pad}, stride: {stride}, dilation: {dilation}) }}", ("c", 2));
        const int height = 6;
        const int width = 8;
        using Tensor x = CompiledNet.Normal(2, 2, height, width);
        using Tensor y = net.Run(x);
        Assert.Equal([2, 3, height / stride, width / stride], y.shape);
        Assert.Equal(["3", stride == 1 ? "h" : $"(h / {stride})", stride == 1 ? "w" : $"(w / {stride})"], net.Op.Outputs[0].Type.Shape.Select(d => d.ToString()));
        double[] input = CompiledNet.Numbers(x);
        double[] weight = net.Numbers("conv1.weight");
        double[] bias = net.Numbers("conv1.bias");
        double[] found = CompiledNet.Numbers(y);
        int at = 0;
        for (int n = 0; n < 2; n++)
        {
            for (int o = 0; o < 3; o++)
            {
                for (int i = 0; i < height / stride; i++)
                {
                    for (int j = 0; j < width / stride; j++)
                    {
                        double sum = bias[o];
                        for (int c = 0; c < 2; c++)
                        {
                            for (int a = 0; a < rows; a++)
                            {
                                for (int b = 0; b < columns; b++)
                                {
                                    int row = (i * stride) + (a * dilation) - above;
                                    int column = (j * stride) + (b * dilation) - left;
                                    sum += row < 0 || column < 0 || row >= height || column >= width ? 0
                                        : weight[(((((o * 2) + c) * rows) + a) * columns) + b] * input[(((((n * 2) + c) * height) + row) * width) + column];
                                }
                            }
                        }

                        Assert.Equal(sum, found[at++], 1e-12);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("down", 2, 3, 2, 0, 1)]
    [InlineData("down_right", 2, 2, 2, 0, 0)]
    [InlineData("down", 3, 3, 1, 0, 1)]
    [InlineData("down_right", 4, 3, 2, 0, 0)]
    public void Transposed_CropsToStrideTimesTheInput(string pad, int rows, int columns, int stride, int above, int left)
    {
        var net = new CompiledNet($"net N(x: [c, h, w]) {{ x |> conv_transpose(3, kernel: ({rows}, {columns}), pad: {pad}, stride: {stride}) }}", ("c", 2));
        const int height = 3;
        const int width = 4;
        using Tensor x = CompiledNet.Normal(2, 2, height, width);
        using Tensor y = net.Run(x);
        Assert.Equal([2, 3, height * stride, width * stride], y.shape);
        Assert.Equal(["3", stride == 1 ? "h" : $"{stride} * h", stride == 1 ? "w" : $"{stride} * w"], net.Op.Outputs[0].Type.Shape.Select(d => d.ToString()));

        // Every input paints its kernel at stride times its place; the crop moves all of it up and to the left.
        double[] expected = new double[2 * 3 * height * stride * width * stride];
        double[] input = CompiledNet.Numbers(x);
        double[] weight = net.Numbers("conv_transpose1.weight");
        double[] bias = net.Numbers("conv_transpose1.bias");
        foreach (long[] p in AccessTests.Places([2, 3, height * stride, width * stride]))
        {
            expected[AccessTests.Index(p, [2, 3, height * stride, width * stride])] = bias[p[1]];
        }

        foreach (long[] p in AccessTests.Places([2, 2, height, width, 3, rows, columns]))
        {
            long row = (p[2] * stride) + p[5] - above;
            long column = (p[3] * stride) + p[6] - left;
            if (row >= 0 && column >= 0 && row < height * stride && column < width * stride)
            {
                expected[AccessTests.Index([p[0], p[4], row, column], [2, 3, height * stride, width * stride])] +=
                    input[AccessTests.Index([p[0], p[1], p[2], p[3]], [2, 2, height, width])] * weight[AccessTests.Index([p[1], p[4], p[5], p[6]], [2, 3, rows, columns])];
            }
        }

        Assert.All(expected.Zip(CompiledNet.Numbers(y)), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Causal_KeepsTheLength_AndStridesDivideIt()
    {
        var net = new CompiledNet("net N(n: int)(x: [c, 4 * n]) { x |> conv(3, kernel: 3, pad: causal, dilation: 2) |> conv(2, kernel: 2, pad: causal, stride: 4) |> conv_transpose(2, kernel: 5, pad: causal, stride: 4) }", ("c", 2), ("n", 2));
        Assert.Equal("2, 4 * n", string.Join(", ", net.Op.Outputs[0].Type.Shape));
        using Tensor x = CompiledNet.Normal(1, 2, 8);
        using Tensor y = net.Run(x);
        Assert.Equal([1, 2, 8], y.shape);
    }

    [Fact]
    public void AStrideThatIsAHyperparameter_DividesWhereItIsKnown()
    {
        var net = new CompiledNet("net Step(s: int)(x: [c, h, w]) { x |> conv(c, kernel: (2, 3), pad: down, stride: s) }\nnet N(x: [2, 4, 6]) { x |> Step(1) |> Step(2) }");
        Assert.Equal("2, 2, 3", string.Join(", ", net.Ir.Forward!.Results[0].Type.Shape));
        using Tensor x = CompiledNet.Normal(1, 2, 4, 6);
        using Tensor y = net.Run(x);
        Assert.Equal([1, 2, 2, 3], y.shape);
    }
}
