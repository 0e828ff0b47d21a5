using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Trainers with one or two players, and of models.</summary>
internal sealed partial class ProgramGenerator
{
    private void Trainer(int index)
    {
        string name = "Train" + Text(index + 1);
        switch (random.Next(3))
        {
            case 0 when _models.Count > 0:
                OfModel(name);
                break;
            case 1:
                Game(name);
                break;
            default:
                Fit(name);
                break;
        }
    }

    private string Optimizer() => Of(
        "adam(1e-3)", "adam(lr)", "adam(lr: lr, beta1: 0.5)", "adamw(lr, decay: 1e-2)", "sgd(lr)", "sgd(1e-4, momentum: 0.9)", "lars(1e-2, decay: 1e-4)", "sgd(lr, momentum: 0.9, nesterov: true, decay: 1e-4)",
        "adam(if step < 2 then lr else lr / 2)", "adam(lr * exp(-step / 10))");

    private void OfModel(string name)
    {
        (string model, string space, string? condition, bool hasLatents) = _models[random.Next(_models.Count)];
        string data = condition is null ? $"x: {space}" : $"pairs: {{x: {space}, y: {condition}}}";
        string arguments = condition is null ? "M, x" : "M, x, y";
        string objective = hasLatents ? Of($"mean(loss({arguments}))", $"-mean(elbo({arguments}))", $"bound") : Of($"mean(loss({arguments}))", $"-mean(log_prob({arguments}))");
        List<ProgramText> body = [ProgramText.Line($"M = {model}({Of("dim", "2")}, hidden: {Of("4", "dim + 1")})")];
        if (objective == "bound")
        {
            body.Add(ProgramText.Line($"bound = -mean(elbo({arguments}))"));
        }

        body.Add(ProgramText.Line($"minimize {objective} over M with {Optimizer()}"));
        if (random.Next(2) == 0)
        {
            body.Add(ProgramText.Line($"report again = mean(loss({arguments}))"));
        }

        if (condition is null)
        {
            body.Add(ProgramText.Line("sample rows = draw(M)"));
        }

        body.Add(ProgramText.Block($"evaluate test({(condition is null ? $"x: {space}" : $"pairs: {{x: {space}, y: {condition}}}")})", [ProgramText.Line($"report figure = mean(loss({arguments}))")]));
        _declarations.Add(ProgramText.Block($"trainer {name}(dim = 2, lr = 1e-3)({data})", body));
    }

    // Reconstruction or regression: one player, perhaps with a second objective over a second net.
    private void Fit(string name)
    {
        (string Name, string[] Dims, string Element) space = _spaces[random.Next(_spaces.Count)];
        string sizes = string.Join(" * ", space.Dims);
        string shape = string.Join(", ", space.Dims);
        string net = name + "Net";
        string input = space.Element == "f32" ? "x" : "x |> rescale(-1, 1)";
        var body = new BodySketch(random, ["width"], [], [.. _calls]);
        body.Give(new ValueSketch(space.Element == "f32" ? "x" : "v0", space.Dims, Span.All));
        body.Grow(random.Next(3));
        List<ProgramText> lines = [.. space.Element == "f32" ? [] : new[] { ProgramText.Line($"v0 = {input}") }, .. body.Lines, ProgramText.Line(body.Reach(space.Dims).Text)];
        _declarations.Add(ProgramText.Block($"net {net}(width: int)(x: {space.Name})", lines));
        List<ProgramText> text =
        [
            ProgramText.Line($"A = {net}(width)"),
            ProgramText.Line($"B = {net}(width: {Of("2", "width + 1")})"),
            ProgramText.Line("again = A(x)"),
        ];
        string target = space.Element == "f32" ? "x" : space.Element == "bit" ? "rescale(x, 0, 1)" : "rescale(x, -1, 1)";
        string distance = Of("mse", "l1", "Distance");
        if (distance == "Distance")
        {
            _declarations.Add(ProgramText.Block($"loss Distance{name}(a: S, b: S, scale = 2)", [ProgramText.Line("d = a - b"), ProgramText.Line("mean(d^2) * scale + 0.1 * mean(abs(d))")]));
            distance += name;
        }

        text.Add(ProgramText.Line($"close = {distance}(again, {target})"));
        text.Add(ProgramText.Line($"minimize {Of("close", "close + 0.1 * mean(again^2)", "2 * close", $"close + {distance}(B(x), stop(again))")} over {Of("A", "A")} with {Optimizer()}"));
        string second = Of($"{distance}(B(x), {target})", $"{distance}(B(x), A(x))", $"{distance}(B(x), stop(again))", "mean(A(x) * B(x))");
        text.Add(ProgramText.Line($"minimize {second} over {Of("B", "B", "(B, A)")} with {Optimizer()}"));
        if (random.Next(4) == 0)
        {
            text.Add(ProgramText.Line($"both = {Of("A(x) * B(x)", "A(x) - B(x)", "tanh(A(x)) / (1 + exp(tanh(B(x))))")}"));
            text.Add(ProgramText.Line($"minimize mean(both) over {Of("A", "B")} with {Optimizer()}"));
            text.Add(ProgramText.Line($"minimize mean(both^2) over {Of("A", "B")} with {Optimizer()}"));
        }

        if (random.Next(4) == 0)
        {
            text.Add(ProgramText.Line("turn = A(x)"));
            text.Add(ProgramText.Block("for i in 0..width", [ProgramText.Line(Of("turn = tanh(turn) + B(x)", "turn = turn * 0.5", "(turn, other) = (B(x), turn)"))]));
            text.Add(ProgramText.Line($"minimize mean(turn^2) over {Of("A", "B")} with {Optimizer()}"));
        }

        if (random.Next(2) == 0)
        {
            text.Add(ProgramText.Line($"slow = ema(A, {Of("0.9", "decay", "if step < 2 then 0 else decay")})"));
            text.Add(ProgramText.Line($"report {Of("drift = ", "drift = ")}mean((slow(x) - A(x))^2)"));
        }

        if (random.Next(2) == 0)
        {
            text.Add(ProgramText.Block($"repeat {Of("2", "rounds", "if step < 1 then 2 else 1")}", [ProgramText.Line($"inner = {distance}(A(x), {target})"), ProgramText.Line($"minimize inner over A with {Optimizer()}")]));
        }

        text.Add(ProgramText.Block($"evaluate test(x: {space.Name})", [ProgramText.Line($"report error = mean((A(x) - {target})^2)"), ProgramText.Line("report size = 2 * mean(A(x)) - mean(B(x))")]));
        _declarations.Add(ProgramText.Block($"trainer {name}(width = 2, lr = 1e-3, decay = 0.9, rounds = 2)(x: {space.Name})", text));
    }

    private void Game(string name)
    {
        (string Name, string[] Dims, string Element) space = _spaces.Where(s => s.Element == "f32" && s.Name is not "Latent").OrderBy(_ => random.Next()).First();
        (string maker, string judge) = (name + "Maker", name + "Judge");
        string sizes = string.Join(" * ", space.Dims);
        string last = space.Name == "Picture" ? " |> tanh" : space.Name == "Point" ? Of(" |> sigmoid", " |> tanh", "") : "";
        _declarations.Add(ProgramText.Block($"net {maker}(width: int)(z: Latent) -> {space.Name}", [ProgramText.Line($"z |> linear(width) |> {Of("relu", "batch_norm |> relu", "leaky_relu(0.2)")} |> linear({sizes}) |> reshape({string.Join(", ", space.Dims)}){last}")]));
        var body = new BodySketch(random, ["width"], [], [.. _calls]);
        body.Give(new ValueSketch("x", space.Dims));
        body.Grow(random.Next(4));
        _declarations.Add(ProgramText.Block($"net {judge}(width: int)(x: {space.Name}) -> [1]", [.. body.Lines, ProgramText.Line(body.Reach(["1"]).Text)]));
        string critic = Of("gan", "hinge", "lsgan", "wasserstein");
        string player = Of("non_saturating(D(fake))", "saturating(D(fake))", "lsgan_generator(D(fake))", "mean(bce(D(fake), 1))", "-mean(D(fake))", "mse(D(fake), D(stop(real)))");
        List<ProgramText> text =
        [
            ProgramText.Line($"G = {maker}(width)"),
            ProgramText.Line($"D = {string.Format(CultureInfo.InvariantCulture, Of("{0}", "{0}", "spectral_norm({0})", "equal_lr({0}, gain: 1)"), $"{judge}({Of("width", "2 * width")})")}"),
            ProgramText.Line("fake = G(draw(Latent))"),
        ];
        var first = ProgramText.Line($"minimize {critic}(real: D(real), fake: D({Of("fake", "stop(fake)")})) over D with {Optimizer()}");
        text.Add(random.Next(3) == 0 ? ProgramText.Block($"repeat {Of("2", "rounds")}", [first]) : first);
        text.Add(ProgramText.Line($"minimize {player} over G with {Optimizer()}"));
        if (random.Next(2) == 0)
        {
            text.Add(ProgramText.Line("G_avg = ema(G, 0.99)"));
            text.Add(ProgramText.Line("sample average = G_avg(draw(Latent))"));
        }

        if (random.Next(3) == 0)
        {
            text.Add(ProgramText.Line("minimize mean(G(draw(Latent))^2) + mean(D(real))^2 over (G, D) with sgd(1e-3)"));
        }

        text.Add(ProgramText.Line("report spread = mean(abs(fake - mean(fake)))"));
        text.Add(ProgramText.Line("sample one = G(draw(Latent))"));
        text.Add(ProgramText.Block($"evaluate quality(real: {space.Name})", [ProgramText.Line("report score = mean(D(real)) - mean(D(G(draw(Latent))))")]));
        _declarations.Add(ProgramText.Block($"trainer {name}(width = 2, lr = 1e-3, rounds = 2)(real: {space.Name})", text));
    }
}
