namespace GenDsl.Dsl.Tests.Parsing;

/// <summary>Right programs that together use every construct.</summary>
internal static class Samples
{
    public const string Gan = """
        gen 1

        /// Images of clothes.
        space Image  = f32[1, 28, 28] in [-1, 1]
        space Latent = f32[64] ~ normal(0, 1)

        net Generator(width: int = 64, k: (int, int))(z: Latent) -> Image {
            z |> linear(4 * width * 7 * 7) |> reshape(4 * width, 7, 7) |> batch_norm |> relu
              |> conv_transpose(2 * width, kernel: 4, stride: 2, pad: 1) |> tanh
        }

        loss gradient_penalty(critic: net(S) -> [1], real: S, fake: S) {
            mix   = lerp(real, fake, uniform(0, 1, per: sample))
            slope = grad(sum(critic(mix)), mix)
            mean((norm(slope, per: sample) - 1)^2)
        }

        trainer WganGp(critic_steps: int > 0 = 5, lambda = 10.0)(real: Image) {
            G = Generator(); D = Critic(); G_avg = ema(G, 0.999)
            repeat critic_steps {                       // each round draws a fresh batch
                fake = G(draw(Latent))
                distance = mean(D(real)) - mean(D(fake))
                minimize lambda * gradient_penalty(D, real, fake) - distance
                    over D with adam(1e-4, beta1: 0.0, beta2: 0.9)
            }
            minimize -mean(D(G(draw(Latent)))) over (G, D.head) with adam(if step < 20000 then 1e-4 else 1e-5)
            report distance
            sample image = G_avg(draw(Latent))
            sample few(n: int | y: Digit) = G_avg(draw(Latent))
            evaluate test(words: [N; { p: English, t: Spanish }], es: { s: Spanish }) {
                report p1 = precision(W(unit(p)), target: t, among: all(unit(s)), at: 1)
            }
        }
        """;

    public const string Vae = """
        gen 1
        space Bits = bit[1, 28, 28]
        space Digit = class[10]
        space Audio = mulaw[256][T]

        /// A variational autoencoder.
        model Vae(dim = 16, levels: int >= 0)(x: Bits | y: Digit, n: [N;], e: [N; d, 2 * c]) where H % 2^levels == 0, W > 4 {
            /// The latent.
            z: [dim] ~ normal(0, 1)
            param gain: [c, 1, 1] = ones
            (a, b) = split(x, "left\n")
            b *= exp(gain * tanh(a)); b += a; b -= 1; b /= 2
            for i in 0..levels {
                us = us[i + 1] |> x.features
                y |>= Coupling(hidden, channels, i) |> flip
            }
            x ~ bernoulli(logits: z |> Decoder())
            guide {
                (mean, log_std) = x |> Encoder(2 * dim) |> chunk(2)
                z ~ normal(mean, exp(log_std))
                cost 0.25 * mean((e - stop(k |> book))^2, over: all)
            }
        }
        """;

    public static readonly string[] All = [Gan, Vae];
}
