using System;
using System.Linq;
using GenDsl.Dsl;
using GenDsl.Dsl.Diagnostics;
using Xunit;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>The smallest program of every fault that the tests of this folder found.</summary>
public sealed class RegressionTests
{
    [Theory]
    [InlineData("a net without documentation is documented all the same", "net N(x: [d]) -> [2] { x |> linear(2) }")]
    [InlineData("a raw parameter and the local that reads it", "net N(x: [d]) {\n    param b: [d] = zeros\n    x + b\n}")]
    [InlineData("a raw parameter with the name of a child", "net N(x: [d]) {\n    param W: [d] = zeros\n    w = Mlp(2, 2)\n    (w(x), x + W)\n}")]
    [InlineData("a raw parameter with the name of a method", "net N(x: [d]) {\n    param forward: [d] = zeros\n    x + forward\n}")]
    [InlineData("a part that nobody wants", "net P(x: [d]) { (x |> linear(2), x |> linear(3)) }\nnet N(x: [d]) {\n    (_, b) = x |> P\n    b\n}")]
    [InlineData("a number divided by a tensor: its backward pass", "net N(x: [d]) { 2 / (1 + exp(x)) }")]
    [InlineData("convolutions along time", "net N(x: [c, t]) { x |> conv(2, kernel: 3) |> conv_transpose(3, kernel: 4, stride: 2) }")]
    [InlineData("a free size that stands only in a product", "net N(x: [2 * d, c]) { x |> flatten |> reshape(d, 2 * c) }")]
    [InlineData("a free size that a hyperparameter multiplies", "net N(k: int)(x: [k * t]) { x |> reshape(k, t) }")]
    [InlineData("a free size that a product multiplies, beside another", "net N(k: int)(x: [2 * k * t + c, c]) { x |> flatten |> linear(2) |> tanh |> linear(t) }")]
    [InlineData("blocks of the library inside a public net", "net N(x: [c, h, w]) { x |> ResidualBlock |> flatten |> Mlp(2, 3) }")]
    [InlineData("an inner loop as long as the outer index", "net N(x: [d]) {\n    for i in 0..3 {\n        for j in 0..i + 1 {\n            x |>= linear(d)\n        }\n    }\n    x\n}")]
    [InlineData("an inner loop that shrinks with the outer index", "net N(n: int)(x: [d]) {\n    for i in 1..n {\n        for j in 0..n - i {\n            x |>= linear(d)\n        }\n    }\n    x\n}")]
    [InlineData("an outer value read in every round", "net N(x: [d]) {\n    a = softplus(x)\n    b = tanh(x)\n    for i in 0..3 {\n        b = b + (a |> linear(d))\n    }\n    b\n}")]
    [InlineData("an outer value read in a round that may not come", "net N(n: int)(x: [d]) {\n    a = softplus(x)\n    b = tanh(x)\n    for i in 1..n {\n        b = b + (a |> linear(d))\n    }\n    b\n}")]
    [InlineData("the start of a loop under another name", "net N(x: [d]) {\n    a = softplus(x)\n    first = a\n    for i in 0..3 {\n        a = tanh(a) + first\n    }\n    a\n}")]
    [InlineData("two values that change places", "net N(x: [d]) {\n    a = softplus(x)\n    b = tanh(x)\n    for i in 0..3 {\n        (a, b) = (b, a)\n    }\n    a - 2 * b\n}")]
    [InlineData("a round that ends in an outer value", "net N(x: [d]) {\n    a = softplus(x)\n    b = tanh(x)\n    for i in 0..3 {\n        b = a\n    }\n    a + b\n}")]
    [InlineData("a round that ends in another loop", "net N(x: [d]) {\n    a = softplus(x)\n    for i in 0..2 {\n        for j in 0..2 {\n            a |>= linear(d)\n        }\n    }\n    a\n}")]
    [InlineData("a normalised layer that starts from data and is returned as it is", "net N(x: [c, t]) {\n    a = x |> weight_norm(conv(2, kernel: 3), init: data)\n    (a, a |> relu)\n}")]
    [InlineData("a normalised layer applied twice", "net N(x: [d]) {\n    w = weight_norm(linear(d), init: data)\n    a = x |> w |> w\n    a + w(x)\n}")]
    [InlineData("normalised layers of every round", "net N(n: int)(x: [c, h, w]) {\n    for i in 0..n {\n        x = x + (x |> weight_norm(conv_transpose(c, kernel: 3, pad: 1), init: data) |> tanh |> weight_norm(conv(c, kernel: 1)))\n    }\n    x\n}")]
    [InlineData("a family returned twice", "net N(x: [d]) {\n    us[0] = x\n    us[1] = x |> linear(d)\n    (us, us, us[0])\n}")]
    [InlineData("a family given back", "net N(x: [d], us: [n] of [d]) where n >= 2 { (us, us[1..n], us[0] + x) }")]
    [InlineData("a part that outlives its family", "net N(x: [d]) {\n    us[0] = x |> linear(d)\n    us[1] = us[0] |> tanh\n    a = us[1]\n    b = us[0] + x\n    (a, b)\n}")]
    [InlineData("a part written from another, which moves on", "net N(n: int)(x: [d]) {\n    h = x |> linear(d)\n    for i in 0..n {\n        us[i] = h\n        h = us[i] |> linear(d)\n    }\n    us[0] + us[n - 1] + h\n}")]
    [InlineData("a family of each round", "net N(n: int)(x: [d]) {\n    for i in 0..n {\n        us[0] = x |> linear(d)\n        us[1] = us[0] |> tanh\n        x = us[1] + us[0]\n    }\n    x\n}")]
    [InlineData("a family that a round takes over", "net N(n: int)(x: [d], us: [n] of [d]) {\n    h = us[0]\n    for i in 0..n {\n        h = us[i]\n    }\n    h + x\n}")]
    [InlineData("a family filled in an inner loop of every round", "net N(n: int)(x: [d]) {\n    s = 0\n    for i in 0..n {\n        for j in 0..i + 1 {\n            us[j] = x |> linear(d)\n        }\n        s = s + us[i]\n    }\n    s\n}")]
    [InlineData("parts overwritten by what reads them", "net N(x: [d]) {\n    us[0] = x |> linear(d)\n    a = us[0] |> tanh\n    a += 1\n    us[1] = a\n    b = a * 2\n    (b, us)\n}")]
    [InlineData("a family whose length shows in its data only", "net F(us: [n] of [3]) where n >= 1 {\n    s = 0\n    for i in 0..n {\n        s = s + (us[i] |> linear(2))\n    }\n    s\n}")]
    [InlineData("a sum that starts from zero and is written over in its round", "net N(x: [d]) {\n    s = 0\n    h = tanh(x)\n    for i in 0..3 {\n        g = h |> linear(d) |> tanh\n        s = s + g\n        s = s * 2\n        h = h + g\n    }\n    s + h\n}")]
    [InlineData("a sum of an outer value", "net N(x: [d]) {\n    s = 0\n    for i in 0..3 {\n        s = x + s\n    }\n    s\n}")]
    [InlineData("a sum that may have no term", "net N(n: int)(x: [d]) {\n    s = 0\n    for i in 1..n {\n        s = s + (x |> linear(2))\n    }\n    s\n}")]
    [InlineData("a product that starts from a number", "net N(n: int)(x: [d]) {\n    s = 0.5\n    for i in 0..n {\n        s = s * (x |> linear(2))\n    }\n    s\n}")]
    [InlineData("a sum in an inner loop of a sum", "net N(n: int)(x: [d]) {\n    t = 0\n    for i in 0..n {\n        s = 0\n        for j in 0..i + 1 {\n            s = s + (x |> linear(2))\n        }\n        t = s + t\n    }\n    t\n}")]
    [InlineData("a sum that an inner loop goes on with", "net N(n: int)(x: [d]) {\n    t = 0\n    for i in 0..n {\n        for j in 0..i + 1 {\n            t = t + (x |> linear(2))\n        }\n    }\n    t\n}")]
    [InlineData("a sum whose steps a model counts", "space P = f32[3]\nmodel M(x: P) {\n    s = 0\n    for i in 0..2 {\n        param m: [3] = zeros\n        s = s + m\n    }\n    x ~ normal(s, 1)\n}")]
    [InlineData("a Gaussian about bounded numbers", "space P = f32[3] in [-1, 1]\nmodel M(x: P) {\n    param m: [3] = zeros\n    x ~ normal(m, 1)\n}")]
    [InlineData("dropout on both sides of a latent", "space P = f32[3]\nmodel M(x: P) {\n    z: [2] ~ normal(0, 1)\n    x ~ normal(z |> linear(3) |> dropout(0.2), 1)\n    guide {\n        (m, s) = x |> dropout |> linear(4) |> chunk(2)\n        z ~ normal(m, exp(tanh(s)))\n    }\n}")]
    [InlineData("positions, which are one tensor for all rows, written over", "net N(x: [c, t]) { positions(x) |> relu |> conv(2, kernel: 1) }")]
    [InlineData("a mask of sizes that only the data knows", "net N(x: [d]) { x |> masked_linear(2 * d) |> relu |> masked_linear(3 * d, strict: true) }")]
    [InlineData("a crop written over", "net N(x: [c, t]) { x |> conv_transpose(2, kernel: 3, pad: causal) |> tanh }")]
    public void Runs(string why, string program) => Assert.True(ProgramTrial.Failure("regression", program) is null, $"{why}: {ProgramTrial.Failure("regression", program)}");

    [Theory]
    [InlineData("rounds that depend on the step", "repeat if step < 1 then 2 else 1 {\n        minimize mse(A(x), x) over A with sgd(lr)\n    }")]
    [InlineData("a batch for the step and one for each round", "repeat 2 {\n        minimize mse(A(x), x) over A with sgd(lr)\n    }\n    minimize mse(A(x), x) over A with sgd(lr)")]
    [InlineData("a value of the step read in every round", "once = stop(A(x))\n    repeat rounds {\n        minimize mse(A(x), x) + 0 * mean(once) over A with sgd(lr)\n    }")]
    [InlineData("one objective over two nets in turn", "both = mean(A(x) * B(x))\n    minimize both over A with sgd(lr)\n    minimize both over B with sgd(lr)")]
    [InlineData("one product in two objectives", "both = A(x) * B(x)\n    minimize mean(both) over A with sgd(lr)\n    minimize mean(both^2) over B with sgd(lr)")]
    [InlineData("dropout in a net that both sides of an objective call", "y = D(x)\n    for i in 0..2 {\n        y = D(y)\n    }\n    minimize mse(A(y), D(x)) over A with sgd(lr)")]
    [InlineData("a net applied in a loop", "y = A(x)\n    for i in 0..2 {\n        y = B(y)\n    }\n    minimize mean(y^2) over A with sgd(lr)\n    minimize mean(B(x)^2) over B with sgd(lr)")]
    [InlineData("a loss summed in a loop", "total = 0\n    for i in 0..rounds {\n        total = total + mse(A((i + 1) * x), x)\n    }\n    minimize total over A with sgd(lr)")]
    [InlineData("an evaluation that reports nothing", "minimize mse(A(x), x) over A with sgd(lr)\n    evaluate nothing(x: P) {\n    }")]
    [InlineData("a column that nothing reads", "minimize mse(A(x), x) over A with sgd(lr)\n    evaluate half(pairs: {x: P, y: P}) {\n        report r = mean(A(x))\n    }")]
    public void Trains(string why, string step)
    {
        string program = "space P = f32[3]\nnet F(x: [3]) -> [3] { x |> linear(3) }\nnet Drop(x: [3]) { x |> dropout }\ntrainer T(lr = 1e-2, rounds = 3)(x: P) {\n    A = F()\n    "
            + (step.Contains("B(", StringComparison.Ordinal) ? "B = F()\n    " : "") + (step.Contains("D(", StringComparison.Ordinal) ? "D = Drop()\n    " : "") + step + "\n}";
        CheckedFile file = ProgramTrial.Check("regression", program);
        Assert.True(!file.HasErrors, string.Join("\n", file.Diagnostics.Select(d => d.ToString())));
        Assert.True(ProgramTrial.Failure("regression", program) is null, $"{why}: {ProgramTrial.Failure("regression", program)}");
    }

    [Theory]
    [InlineData("GEN3020", "net N(x: [d]) { x^0.5 }")]
    [InlineData("GEN3020", "net N(p: float)(x: [d]) { relu(x)^p }")]
    [InlineData("GEN3018", "net N(x: [d]) { log(1 - sigmoid(x)) }")]
    [InlineData("GEN3019", "net N(x: [d]) { x |> chunk(1) }")]
    [InlineData("GEN3019", "net N(x: [d]) { concat(x) }")]
    [InlineData("GEN3019", "net N(x: [d]) { x |> batch_norm(eps: 0) }")]
    [InlineData("GEN3019", "net N(x: [d]) { x |> batch_norm(momentum: 2) }")]
    [InlineData("GEN3019", "net N(x: [d]) { x |> linear(2, init: uniform(1, 0)) }")]
    [InlineData("GEN2006", "net N(flag: bool)(x: [d]) { x |> linear(2, bias: flag) }")]
    [InlineData("GEN4002", "space P = f32[3]\nnet F(x: P) -> [1] { x |> linear(1) |> stop }\ntrainer T(x: P) {\n    A = F()\n    minimize mean(A(x)) over A with adam(1e-3)\n}")]
    [InlineData("GEN4001", "space P = f32[3]\nnet F(x: P) { x |> linear(3) }\ntrainer T(n = 2)(x: P) {\n    A = F()\n    B = F()\n    y = A(x)\n    for i in 0..n {\n        y = B(x)\n    }\n    minimize mean(y) over A with adam(1e-3)\n    minimize mean(B(x)) over B with adam(1e-3)\n}")]
    [InlineData("GEN4001", "space P = f32[3]\nnet F(x: P) { (x |> linear(1), x) }\ntrainer T(x: P) {\n    A = F()\n    (a, b) = A(x)\n    minimize mean(b) over A with adam(1e-3)\n    report m = mean(a)\n}")]
    [InlineData("GEN4001", "space P = f32[3]\nnet F(x: P) { x |> linear(3) }\ntrainer T(n = 1)(x: P) {\n    A = F()\n    B = F()\n    y = A(x)\n    for i in 1..n {\n        y = B(x)\n    }\n    minimize mean(y) over B with adam(1e-3)\n    minimize mean(A(x)) over A with adam(1e-3)\n}")]
    [InlineData("GEN3013", "net N(a: [c * d]) { a |> reshape(c, d) }")]
    public void IsRejected(string code, string program)
    {
        CheckedFile file = ProgramTrial.Check("regression", program);
        Assert.Contains(code, file.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Code));
    }
}
