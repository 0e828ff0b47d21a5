using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>A flow program to try.</summary>
/// <param name="Text">The last flow is tried.</param>
/// <param name="Shape">A sample's.</param>
/// <param name="Options">Hyperparameters and sizes by name.</param>
internal sealed record FlowProgram(string Name, string Text, long[] Shape, params (string Name, int Value)[] Options)
{
    /// <summary>The size of what stands behind the bar, or null.</summary>
    public long[]? Condition { get; init; }

    /// <summary>True where the log-determinant is 0 for all x.</summary>
    public bool KeepsVolume { get; init; }

    /// <summary>True where the log-determinant is a number that no parameter moves.</summary>
    public bool HasFixedLogDet { get; init; }

    /// <summary>The sites that the flow must not touch, as the rule of a partition: c, y, x of [c, h, w].</summary>
    public System.Func<long, long, long, bool>? Untouched { get; init; }

    public override string ToString() => Name;
}

/// <summary>One of every form that a flow may take.</summary>
internal static class FlowPrograms
{
    private const string Nets = """
        net Small(out: int)(a: [c, h, w]) {
            a |> conv(5, kernel: 3, pad: 1) |> tanh |> conv(out, kernel: 3, pad: 1, init: zeros)
        }
        net Wide(out: int)(a: [d]) {
            a |> linear(7) |> tanh |> linear(out)
        }

        """;

    private const string Coupling = """
        flow Coupling(split: partition, parity: int >= 0)(x: [c, h, w]) {
            param gain: [c, 1, 1] = ones
            (a, b) = split(x, parity)
            (s, t) = a |> Small(2 * c) |> chunk(2)
            b *= exp(gain * tanh(s))
            b += t
        }

        """;

    private const string Maf = """
        flow Maf(x: [d]) {
            (m, a) = x |> masked_linear(9) |> tanh |> masked_linear(2 * d, strict: true) |> chunk(2)
            x -= m
            x *= exp(-a)
            x |>= reverse
        }

        """;

    public static IReadOnlyList<FlowProgram> All { get; } =
    [
        .. from kind in new[] { "checkerboard", "channels", "top_bottom", "left_right" }
           from parity in new[] { 0, 1, 3 }
           select new FlowProgram($"{kind} {parity}", Nets + Coupling + $"flow F(x: [2, 3, 2]) {{ x |>= Coupling({kind}, {parity}) }}", [2, 3, 2]) { Untouched = Sites(kind, parity, 2, 3, 2) },
        new("halves of a line", Nets + """
            flow F(x: [2 * d]) {
                (a, b) = halves(x)
                (s, t) = a |> Wide(2 * d) |> chunk(2)
                b *= exp(s)
                b += t
                a += b |> Wide(d)
            }
            """, [6], ("d", 3)),
        new("halves of channels keep the first", Nets + """
            flow F(x: [2 * c, h, w]) {
                (a, b) = halves(x)
                (s, t) = a |> Small(2 * c) |> chunk(2)
                b += t
                b *= sigmoid(s + 2)
            }
            """, [4, 2, 2], ("c", 2)) { Untouched = (c, _, _) => c < 2 },
        new("a step of Glow", Nets + """
            flow F(x: [2 * c, h, w]) {
                x |>= actnorm |> invertible_conv1x1
                (a, b) = halves(x)
                (s, t) = a |> Small(2 * c) |> chunk(2)
                b += t
                b *= sigmoid(s + 2)
            }
            """, [4, 2, 2], ("c", 2)),
        new("a masked autoregressive layer", Maf, [5], ("d", 5)),
        new("a loop of layers", Maf + "flow F(n: int)(x: [d]) { for i in 0..n { x |>= Maf } }", [4], ("d", 4), ("n", 3)),
        new("nested loops", Maf + """
            flow F(x: [d]) {
                for i in 0..2 {
                    x *= exp(x |> masked_linear(d, strict: true) |> tanh)
                    for j in 0..2 {
                        x |>= Maf
                    }
                    x |>= reverse
                }
            }
            """, [4], ("d", 4)),
        new("an image", """
            flow F(x: [c, h, w]) {
                x += x |> masked_conv(c, kernel: 3, mask: A)
                x *= exp(x |> masked_conv(c, kernel: 3, mask: A) |> tanh)
            }
            """, [1, 3, 4], ("c", 1)),
        new("channels of an image one by one", """
            flow F(x: [3, h, w]) {
                (s, t) = x |> masked_conv(6, kernel: 3, mask: A, groups: 3) |> tanh |> masked_conv(6, kernel: 1, mask: B, groups: 3) |> chunk(2)
                x *= exp(s)
                x += t
            }
            """, [3, 2, 2]),
        new("channels of an image at once", """
            flow F(x: [3, h, w]) {
                x += x |> columns_left |> conv(3, kernel: (1, 2), pad: down_right)
                x *= exp(x |> rows_above |> conv(3, kernel: (1, 3)) |> tanh)
            }
            """, [3, 2, 2]),
        new("the gate of IAF", """
            flow F(z: [d]) {
                (m, s) = z |> masked_linear(9) |> tanh |> masked_linear(2 * d, strict: true) |> chunk(2)
                g = sigmoid(s + 1.5)
                z *= g
                z += (1 - g) * m
            }
            """, [6], ("d", 6)),
        new("a condition in a coupling", Nets + """
            flow F(x: [2 * d] | k: [3]) {
                (a, b) = halves(x)
                (s, t) = concat(a, k) |> Wide(2 * d) |> chunk(2)
                b *= exp(s)
                b += t
                a += k |> linear(d)
            }
            """, [6], ("d", 3)) { Condition = [3] },
        new("a condition in an autoregressive flow", """
            flow F(x: [d] | k: [3]) {
                x *= exp(tanh((x |> masked_linear(d, strict: true)) + (k |> linear(d))))
                x += k |> linear(d)
            }
            """, [5], ("d", 5)) { Condition = [3] },
        new("a condition passed on in a loop", """
            flow G(x: [d] | k: [e]) {
                x *= exp(tanh((x |> masked_linear(d, strict: true)) + (k |> linear(d))))
                x |>= reverse
            }
            flow F(x: [d] | k: [3]) {
                h = k |> linear(4) |> tanh
                for i in 0..3 {
                    x |>= G()(h)
                    x += h |> linear(d)
                }
            }
            """, [4], ("d", 4)) { Condition = [3] },
        new("free sizes that the result no longer shows", """
            flow F(x: [c, h, w]) {
                x |>= flatten
                x *= 1.5
            }
            """, [2, 2, 3], ("c", 2), ("h", 2), ("w", 3)) { HasFixedLogDet = true },
        new("free sizes in a line of pixels", """
            flow F(x: [c, h, w]) {
                x |>= raster
                x *= exp(x |> delay |> tanh)
            }
            """, [2, 2, 3], ("h", 2), ("w", 3)),
        new("a loop over parts made before", """
            flow F(x: [2 * d]) {
                (a, b) = halves(x)
                for i in 0..3 {
                    b += a |> linear(d) |> tanh
                    a *= exp(b |> linear(d) |> tanh)
                }
            }
            """, [6], ("d", 3)),
        new("a loop over masked parts, and the whole in it", """
            flow F(x: [2, 2, 3]) {
                (a, b) = checkerboard(x, 1)
                for i in 0..2 {
                    b += a |> conv(2, kernel: 3, pad: 1) |> tanh
                    x *= 1.25
                    a *= exp(b |> conv(2, kernel: 3, pad: 1) |> tanh)
                }
                x |>= invertible_conv1x1
                b += a |> conv(2, kernel: 1)
            }
            """, [2, 2, 3]),
        new("a loop that may run no round", "flow F(n: int >= 0)(x: [d]) { x *= 3\n for i in 0..n { x *= exp(x |> masked_linear(d, strict: true)) } }", [3], ("d", 3), ("n", 0)) { HasFixedLogDet = true },
        new("a parity by the index of a loop", Nets + Coupling + "flow F(x: [2, 2, 2]) { for i in 0..3 { x |>= Coupling(left_right, i) |> actnorm } }", [2, 2, 2]),
        new("flows of flows", Nets + Coupling + """
            flow Two(parity: int >= 0)(x: [c, h, w]) {
                x |>= Coupling(checkerboard, parity) |> Coupling(checkerboard, parity + 1)
            }
            flow F(x: [2, 2, 2]) {
                x |>= Two(0)
                x |>= actnorm |> Two(1)
            }
            """, [2, 2, 2]),
        new("division", """
            flow F(x: [2 * d]) {
                (a, b) = halves(x)
                b /= softplus(a |> linear(d)) + 0.1
                x /= exp(x |> masked_linear(2 * d, strict: true))
                a /= 4
            }
            """, [6], ("d", 3)),
        new("negative factors", """
            flow F(x: [2 * d]) {
                (a, b) = halves(x)
                b *= -exp(a |> linear(d))
                x /= -sigmoid(x |> masked_linear(2 * d, strict: true))
                x *= -0.5
                a *= -exp(b |> linear(d)) - 1
            }
            """, [6], ("d", 3)),
        new("numbers", "flow F(x: [d]) { x *= 2\n x += 1\n x /= 5\n x -= 0.25 }", [3], ("d", 3)) { HasFixedLogDet = true },
        new("numbers on masked parts", "flow F(x: [3, 3, 1]) { (a, b) = checkerboard(x, 0)\n a *= 2\n b += 1\n (p, q) = channels(x, 0)\n q /= -5\n p -= 0.25 }", [3, 3, 1]) { HasFixedLogDet = true },
        new("factors that are spread", """
            flow F(x: [c, 2, 2]) {
                param each: [c, 1, 1] = zeros
                param one: [1, 1, 1] = zeros
                param shift: [c, 1, 2] = zeros
                x *= exp(each)
                x += shift
                (a, b) = checkerboard(x, 0)
                b *= exp(each)
                a /= exp(one + tanh(each))
                a += shift
            }
            """, [3, 2, 2], ("c", 3)),
        new("factors that are spread over unequal parts", """
            flow F(x: [3, 3, 1]) {
                param each: [3, 1, 1] = zeros
                param rows: [1, 3, 1] = zeros
                (a, b) = top_bottom(x, 0)
                a *= exp(each)
                (p, q) = checkerboard(x, 1)
                q *= exp(each)
                p /= exp(rows)
                (u, v) = channels(x, 1)
                v *= exp(rows)
            }
            """, [3, 3, 1]),
        new("a factor of one number per sample", """
            flow F(x: [2 * d]) {
                (a, b) = halves(x)
                b *= exp(a |> linear(1) |> tanh)
                a += b |> linear(1)
            }
            """, [6], ("d", 3)),
        new("two partitions", Nets + """
            flow F(x: [4, 2, 2]) {
                (a, b) = halves(x)
                b += a |> Small(2)
                a *= exp(b |> Small(2) |> tanh)
                (u, v) = checkerboard(x, 1)
                v *= exp(u |> Small(4) |> tanh)
                (p, q) = left_right(x, 0)
                q += p |> Small(4)
                a += b |> Small(2)
            }
            """, [4, 2, 2]),
        new("parts of parts", """
            flow F(x: [8]) {
                (a, b) = halves(x)
                (p, q) = halves(a)
                q *= exp(p |> linear(2) |> tanh)
                b += a |> linear(4)
                p += b |> linear(2)
                (u, v) = channels(b, 1)
                u *= exp(a |> linear(4) |> tanh)
                v += u |> linear(4)
            }
            """, [8]),
        new("masked parts that read each other's past", """
            flow F(x: [d]) {
                (a, b) = channels(x, 0)
                s = a |> masked_linear(d, strict: true)
                a += b |> masked_linear(d, strict: true)
                b *= exp(tanh(s))
            }
            """, [6], ("d", 6)),
        new("checkerboard parts that read each other's past", """
            flow F(x: [1, 3, 4]) {
                (a, b) = checkerboard(x, 0)
                s = a |> masked_conv(1, kernel: 3, mask: A)
                a *= exp(b |> masked_conv(1, kernel: 3, mask: A) |> tanh)
                b *= exp(tanh(s))
            }
            """, [1, 3, 4]),
        new("the past of the whole in both parts", """
            flow F(x: [d]) {
                s = x |> masked_linear(d, strict: true)
                (a, b) = channels(x, 1)
                a += s
                b *= exp(tanh(s))
                x += x |> delay(2)
            }
            """, [6], ("d", 6)),
        new("a version read by its own step and by the past", """
            flow F(x: [d]) {
                s = x |> masked_linear(d)
                x += x |> masked_linear(d, strict: true)
                t = x |> masked_linear(d, strict: true)
                x *= exp(tanh(t))
                x += t |> delay(1)
                x += s |> masked_linear(d, strict: true)
            }
            """, [5], ("d", 5)),
        new("an operand in classes of features", """
            flow F(x: [2 * d]) {
                (a, b) = halves(x)
                a *= exp(b |> masked_linear(d) |> tanh)
                a += a |> masked_linear(d, strict: true)
            }
            """, [6], ("d", 3)),
        new("bijections of the catalogue as functions", """
            flow F(x: [2 * d]) {
                (a, b) = halves(x)
                s = b |> reverse
                a += sigmoid(b)
                a *= exp(s |> affine(2, 1) |> tanh)
                for i in 0..2 {
                    b += sigmoid(a)
                    b *= exp(tanh(sigmoid(a)))
                }
            }
            """, [6], ("d", 3)),
        new("squeeze, then a checkerboard", Nets + """
            flow F(x: [1, 4, 4]) {
                x |>= squeeze
                (a, b) = checkerboard(x, 0)
                b *= exp(a |> Small(4) |> tanh)
                (u, v) = channels(x, 1)
                v += u |> Small(4)
            }
            """, [1, 4, 4]),
        new("bijections of the catalogue", """
            flow F(x: [d]) {
                x |>= sigmoid |> logit(0.05) |> affine(-2, 0.5) |> reverse |> sigmoid |> normal_quantile
            }
            """, [4], ("d", 4)) { HasFixedLogDet = true },
        new("a mixture's distribution function", """
            flow F(x: [d]) {
                param logits: [3, d] = zeros
                param means: [3, d] = zeros
                param log_scales: [3, d] = zeros
                x |>= mixture_cdf(logits, means, exp(log_scales)) |> normal_quantile
            }
            """, [3], ("d", 3)),
        new("a mixture's distribution function in a coupling", """
            flow F(x: [2 * d]) {
                (a, b) = halves(x)
                l = a |> linear(3 * d) |> reshape(3, d)
                m = a |> linear(3 * d) |> reshape(3, d)
                s = a |> linear(3 * d) |> reshape(3, d)
                b |>= mixture_cdf(l, m, exp(s)) |> logit(0.05)
            }
            """, [4], ("d", 2)),
        new("shifts alone", "flow F(x: [2 * d]) { (a, b) = halves(x)\n b += a |> linear(d) |> tanh\n a -= b |> linear(d) |> tanh\n x |>= reverse }", [6], ("d", 3)) { KeepsVolume = true },
    ];

    // The first part keeps what it is: sites whose row + column is even, or the first half rounded up; the second under an odd parity.
    private static System.Func<long, long, long, bool> Sites(string kind, int parity, long c, long h, long w) => (channel, row, column) =>
        kind switch
        {
            "checkerboard" => (row + column) % 2 == 0,
            "channels" => channel < (c + 1) / 2,
            "top_bottom" => row < (h + 1) / 2,
            _ => column < (w + 1) / 2,
        } == (parity % 2 == 0);
}
