namespace GenDsl.Integration.Tests.Cli;

/// <summary>Small programs.</summary>
internal static class ProgramTexts
{
    /// <summary>Two trainers.</summary>
    public const string Two = """
        gen 1
        space Bits = bit[1, 28, 28]
        model One(x: Bits) {
            z: [2] ~ normal(0, 1)
            x ~ bernoulli(logits: z |> linear(28 * 28) |> reshape(1, 28, 28))
            guide {
                (mean, log_std) = x |> rescale(-1, 1) |> flatten |> linear(4) |> chunk(2)
                z ~ normal(mean, exp(log_std))
            }
        }
        model Two(x: Bits) {
            z: [3] ~ normal(0, 1)
            x ~ bernoulli(logits: z |> linear(28 * 28) |> reshape(1, 28, 28))
            guide {
                (mean, log_std) = x |> rescale(-1, 1) |> flatten |> linear(6) |> chunk(2)
                z ~ normal(mean, exp(log_std))
            }
        }
        """;

    /// <summary>An unknown name on line 4 and a wrong shape on line 3.</summary>
    public const string Wrong = """
        gen 1
        space Image = f32[1, 28, 28]
        net A(x: Image) -> [10] { x |> flatten |> linear(9) }
        net B(x: Image) -> [10] { x |> flatten |> liner(10) }
        """;
}
