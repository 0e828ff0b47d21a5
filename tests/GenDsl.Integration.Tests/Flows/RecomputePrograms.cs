using System.Collections.Generic;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>A model with a loop that may be computed again.</summary>
/// <param name="Text">Its model is M, with n rounds.</param>
/// <param name="Shape">A sample's.</param>
internal sealed record RecomputeProgram(string Name, string Text, params long[] Shape)
{
    public override string ToString() => Name;
}

/// <summary>Loops of every kind that may be computed again, and loops that may not.</summary>
internal static class RecomputePrograms
{
    public static IReadOnlyList<RecomputeProgram> Eligible { get; } =
    [
        new("couplings", Couplings("conv(5, kernel: 3, pad: 1) |> relu"), 2, 4, 4),
        new("couplings with batch_norm", Couplings("conv(5, kernel: 3, pad: 1) |> batch_norm |> relu"), 2, 4, 4),
        new("couplings with dropout", Couplings("conv(5, kernel: 3, pad: 1) |> relu |> dropout(0.3)"), 2, 4, 4),
        new("masked layers", """
            space P = f32[5]
            flow F(x: [d]) {
                (m, a) = x |> masked_linear(9) |> tanh |> masked_linear(2 * d, strict: true) |> chunk(2)
                x -= m
                x *= exp(-tanh(a))
                x |>= reverse
            }
            model M(n = 3)(x: P) {
                u = x
                for i in 0..n { u |>= F() }
                pu = u |> sigmoid
                pu ~ uniform(0, 1)
            }
            """, 5),
        new("steps of Glow", """
            space P = f32[4, 4, 4]
            flow F(x: [2 * c, h, w]) {
                x |>= actnorm |> invertible_conv1x1
                (a, b) = halves(x)
                (s, t) = a |> conv(5, kernel: 3, pad: 1) |> tanh |> conv(2 * c, kernel: 1) |> chunk(2)
                b += t
                b *= sigmoid(s + 2)
            }
            model M(n = 3)(x: P) {
                u = x
                for i in 0..n { u |>= F() }
                (z, v) = halves(u)
                pz = z |> sigmoid
                pz ~ uniform(0, 1)
                v |>= squeeze
                for i in 0..n { v |>= F() }
                pv = v |> sigmoid
                pv ~ uniform(0, 1)
            }
            """, 4, 4, 4),
        new("a loop in a flow, with layers of its own", """
            space P = f32[6]
            flow F(n = 3)(x: [2 * d]) {
                for i in 0..n {
                    param scale: [2 * d] = zeros
                    (a, b) = halves(x)
                    b += a |> linear(d) |> tanh
                    x *= exp(scale)
                    x |>= reverse
                }
            }
            model M(n = 3)(x: P) {
                u = x |> F(n)
                pu = u |> sigmoid
                pu ~ uniform(0, 1)
            }
            """, 6),
        new("shifts, which have no log-determinant", """
            space P = f32[6]
            flow F(x: [6]) {
                (a, b) = halves(x)
                b += a |> linear(3) |> tanh
                x |>= reverse
            }
            model M(n = 3)(x: P) {
                u = x
                for i in 0..n { u |>= F() }
                pu = u |> sigmoid
                pu ~ uniform(0, 1)
            }
            """, 6),
        new("one flow for all rounds", """
            space P = f32[6]
            flow F(x: [6]) {
                (a, b) = halves(x)
                b += a |> linear(3) |> tanh
                b *= exp(a |> linear(3) |> tanh)
                x |>= reverse
            }
            model M(n = 3)(x: P) {
                f = F()
                u = x
                for i in 0..n { u |>= f }
                pu = u |> sigmoid
                pu ~ uniform(0, 1)
            }
            """, 6),
        new("a loop in a loop", """
            space P = f32[6]
            flow F(x: [6]) {
                (a, b) = halves(x)
                b += a |> linear(3) |> tanh
                b *= exp(a |> linear(3) |> tanh)
                x |>= reverse
            }
            model M(n = 3)(x: P) {
                u = x
                for i in 0..2 {
                    for j in 0..n { u |>= F() }
                    u |>= F()
                }
                pu = u |> sigmoid
                pu ~ uniform(0, 1)
            }
            """, 6),
    ];

    public static IReadOnlyList<RecomputeProgram> Others { get; } =
    [
        new("a tensor from around the loop", """
            space P = f32[6]
            space C = f32[3]
            flow F(x: [6] | c: [3]) {
                (a, b) = halves(x)
                b += concat(a, c) |> linear(3) |> tanh
                x |>= reverse
            }
            model M(n = 3)(x: P | c: C) {
                u = x
                for i in 0..n { u |>= F()(c) }
                pu = u |> sigmoid
                pu ~ uniform(0, 1)
            }
            """, 6),
        new("dropout position by position", """
            space P = f32[5]
            flow F(x: [d]) {
                x -= x |> masked_linear(9) |> dropout(0.3) |> masked_linear(d, strict: true)
            }
            model M(n = 3)(x: P) {
                u = x
                for i in 0..n { u |>= F() }
                pu = u |> sigmoid
                pu ~ uniform(0, 1)
            }
            """, 5),
    ];

    private static string Couplings(string layers) => $$"""
        space P = f32[2, 4, 4]
        net Small(out: int)(a: [c, h, w]) {
            a |> {{layers}} |> conv(out, kernel: 3, pad: 1)
        }
        flow F(parity: int >= 0)(x: [c, h, w]) {
            param gain: [c, 1, 1] = ones
            (a, b) = checkerboard(x, parity)
            (s, t) = a |> Small(2 * c) |> chunk(2)
            b *= exp(gain * tanh(s))
            b += t
        }
        model M(n = 3)(x: P) {
            u = x
            for i in 0..n { u |>= F(i) }
            pu = u |> sigmoid
            pu ~ uniform(0, 1)
        }
        """;
}
