using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using GenDsl.Dsl;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;
using GenDsl.Generators.Emit;
using GenDsl.Testing;
using Xunit;

namespace GenDsl.Generators.Tests.Emit;

/// <summary>The entries of autoregressive nets as C#, and every entry's form in a sampler's plan and inverse.</summary>
public sealed class EntrySnapshotTests
{
    private const string Text = """
        gen 1

        space Codes = code[16][3, 8, 8]
        space Audio = mulaw[256][100]
        space Gray = u8[1, 28, 28]
        space Bits = bit[12]
        space Unit = f32[4, 8, 8] in [0, 1]

        net Pixels(f: int, depth = 2)(x: Codes) {
            s = x |> embed(4) |> masked_conv(3 * f, kernel: 7, mask: A, groups: 3)
            for i in 0..depth {
                s = s + (s |> relu |> masked_conv(3 * f, kernel: 3, mask: B, groups: 3, dilation: (1, 2)) |> dropout(0.2))
            }

            s |> log_softmax
        }

        net Streams(f: int)(x: [c, h, w]) where h % 2 == 0, w % 2 == 0 {
            y = x |> append_ones
            u = y |> rows_above |> conv(2 * f, kernel: (2, 3), pad: down) |> gated
            l = y |> columns_left |> conv(2 * f, kernel: (2, 2), pad: down_right, bias: false) |> glu
            a = u |> concat_elu |> conv(f, kernel: (2, 3), pad: down, stride: 2) |> conv_transpose(f, kernel: (2, 3), stride: 2, pad: down)
            b = l |> elu |> conv(f, kernel: (2, 2), pad: down_right, stride: 2) |> conv_transpose(f, kernel: (3, 2), stride: 2, pad: down_right)
            concat(a, b, u)
        }

        net Sound(c: int)(x: Audio) {
            h = x |> embed(c) |> delay(2)
            h = h |> conv(2 * c, kernel: 2, dilation: 4, pad: causal) |> gated
            h |> conv_transpose(c, kernel: 3, stride: 2, pad: causal) |> softmax
        }

        net Line(n: int)(x: Gray) {
            t = x |> rescale(-1, 1) |> raster
            p = positions(x) |> raster
            concat(t |> delay, p, positions(t)) |> lstm(n) |> gru(n)
        }

        net Charts(k: int)(x: Unit) {
            y = x |> affine(0.9, 0.05) |> normal_quantile |> sigmoid |> logit(0.05) |> squeeze |> actnorm |> batch_affine |> invertible_conv1x1
            (a, b) = halves(y)
            (logits, means, scales) = b |> conv(24 * k, kernel: 1) |> reshape(3 * k, 8, 4, 4) |> chunk(3)
            a |> mixture_cdf(logits, means, exp(scales)) |> logit(0.01)
        }

        net Picture(f: int)(x: [c, h, w], s: [f]) where h >= 4, w >= 4, f % 8 == 0 {
            a = x |> spectral_norm(conv(f, kernel: 3)) |> instance_norm |> channel_affine |> avg_pool(2) |> upsample
            b = x |> equal_lr(conv(f, kernel: 3), gain: 1) |> batch_norm(affine: false) |> modulate(s, s) |> max_pool((2, 1), stride: 2)
            m = b |> upsample((1, 2), mode: bilinear) |> raster
            (a |> layer_norm(over: features) |> layer_norm, matmul(m, transpose(m)), b |> spectral_norm(SelfAttention()), adain(b, s, s))
        }

        net Variables(n: int, slope = 2.5)(x: Bits) {
            t = x |> reverse |> shuffle(4) |> rescale(-1, 1)
            h = t |> masked_linear(n) |> tanh |> masked_linear(24, strict: true)
            (a, b) = h |> chunk(2)
            c = (a - b) / (1 + exp(tanh(b))) * sigmoid(a) + softplus(a)
            d = (slope * c + 1) / 2 - silu(c)
            e = 1 / (1 + abs(d)) + (2 - d)^2 - log(exp(tanh(d)) + 1) + log_sigmoid(d)
            f = (c < d) + (c <= d) + (a > b) + (a >= b) + (d < 0.5) + (d <= slope) + (d > 0) + (d >= -1)
            (leaky_relu(e, 0.1) |> linear(4) |> reshape(2, 2) |> flatten, -(e + f |> stop) |> linear(5, bias: false))
        }
        """;

    [Fact]
    public Task Code() => Verifier.Verify(
        CSharpEmitter.Emit(Checked(), new EmitOptions("GenDsl.Models", LineDirectives: false)).Replace(CSharpEmitter.Version, "VERSION", StringComparison.Ordinal), "autoregressive", "cs");

    [Fact]
    public Task SitesAndInverses()
    {
        CheckedFile file = Checked();
        var page = new StringBuilder();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (IrNet net in file.Ir.Modules.OfType<IrNet>())
        {
            page.Append(CultureInfo.InvariantCulture, $"{net.Name}\n");
            foreach (CatalogOp op in Ops(net.Forward!.Body))
            {
                var context = new FunctionContext(file.Source, new EmitOptions("Programs"), "_options", new ScalarPool());
                foreach (string size in new[] { "c", "h", "w", "d", "i" })
                {
                    context.Sizes[size] = size;
                }

                var text = new OperationText(context, value => value.Name);
                seen.Add(op.Operation.Name);
                page.Append(CultureInfo.InvariantCulture, $"    {op.Operation.Name}: {(op.Operation.Site is null ? "-" : text.Site(op))}\n");
                if (op.Operation.Inverse is not null)
                {
                    var back = new OperationText(context, _ => "result");
                    page.Append(CultureInfo.InvariantCulture, $"        back: {back.Inverse(op)}\n");
                }
            }
        }

        Assert.Empty(Catalogue.Operations.Where(o => (o.Site ?? o.Inverse) is not null && !o.Name.StartsWith('~') && !seen.Contains(o.Name)).Select(o => o.Name));
        return Verifier.Verify(page.ToString(), "sites", "txt");
    }

    private static CheckedFile Checked()
    {
        CheckedFile file = GenCompiler.Check(new GenSource("autoregressive.gen", Text.ReplaceLineEndings("\n")));
        Assert.Empty(file.Diagnostics.Select(d => d.ToString()));
        return file;
    }

    private static IEnumerable<CatalogOp> Ops(IrBlock block) => block.Statements.SelectMany(s => s switch
    {
        IrOpStatement { Op: CatalogOp op } => [op],
        IrFor loop => Ops(loop.Body),
        _ => Enumerable.Empty<CatalogOp>(),
    });
}
