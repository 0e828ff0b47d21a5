using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>
/// Writes random programs over the whole language: spaces, nets that call each other, losses, models with guides,
/// trainers. Most are legal; the checker decides. This file: spaces and nets.
/// </summary>
internal sealed partial class ProgramGenerator(Random random)
{
    private readonly List<ProgramText> _declarations = [];
    private readonly List<(string Name, string[] Dims, string Element)> _spaces = [];
    private readonly List<Func<ValueSketch, (string Call, ValueSketch Result)?>> _calls = [];
    private int _nets;

    /// <summary>The program of a seed.</summary>
    public static ProgramText Program(int seed) => new ProgramGenerator(new Random(seed)).Write();

    private ProgramText Write()
    {
        _declarations.Add(ProgramText.Line(Of("gen 1", "")));
        Spaces();
        _calls.Add(v => v is { Rank: 1, HasRows: true, Span: not Span.Bits } ? Mlp(v) : null);
        _calls.Add(v => v is { Rank: 3, HasRows: true, Span: not Span.Bits } ? ("ResidualBlock", v with { Span = Span.All }) : null);
        _declarations.Add(ProgramText.Block("net Window(f: int, k: (int, int), p: padding = same, stride = 1)(x: [c, h, w])", [ProgramText.Line("x |> conv(f, kernel: k, pad: p, stride: stride)")]));
        _calls.Add(v => v is { Rank: 3, HasRows: true, Span: not Span.Bits } ? Window(v) : null);
        if (random.Next(3) == 0)
        {
            _declarations.Add(ProgramText.Block("net Recurrent(x: [c, t])", [ProgramText.Line($"x |> {Of("gru", "lstm")}({Of("2", "3")}) |> {Of("relu", "conv(c, kernel: 3)")}")]));
        }

        foreach ((string rank, string shape, string layer) in new[] { ("1", "[d]", "linear(d)"), ("3", "[c, h, w]", "conv(c, kernel: 3)") })
        {
            _declarations.Add(ProgramText.Block(
                $"net Gather{rank}(x: {shape}, us: [n] of {shape})",
                [ProgramText.Block("for i in 0..n", [ProgramText.Line(Of($"x = x + (us[n - 1 - i] |> {layer})", "x = x * us[i]", $"x = (x |> {layer}) + us[i] + us[0]"))]), ProgramText.Line("x")]));
            _declarations.Add(ProgramText.Block(
                $"net Spread{rank}(n: int)(x: {shape})",
                [ProgramText.Block("for i in 0..n", [ProgramText.Line($"us[i] = {Of($"x |> {layer}", "x", "x * 2")}")]), ProgramText.Line(Of("(us, us[0])", "(us, x)", "(us[0..n], us[n - 1] + us[0])"))]));
        }

        int nets = 1 + random.Next(3);
        for (int i = 0; i < nets; i++)
        {
            Net();
        }

        if (random.Next(2) == 0)
        {
            Model();
        }

        int trainers = random.Next(3);
        for (int i = 0; i < trainers; i++)
        {
            Trainer(i);
        }

        if (random.Next(3) == 0)
        {
            Discrete();
        }

        return ProgramText.Block("", _declarations);
    }

    private (string Call, ValueSketch Result)? Mlp(ValueSketch v)
    {
        string size = Of("2", "3");
        return ($"Mlp({Of("4", "hidden: 3")}, out: {size})", v with { Dims = [size], Span = Span.All });
    }

    private (string Call, ValueSketch Result) Window(ValueSketch v)
    {
        string width = Of("2", "3");
        bool halves = random.Next(3) == 0 && long.TryParse(v.Dims[1], NumberStyles.None, CultureInfo.InvariantCulture, out long side) && v.Dims[1] == v.Dims[2] && side > 2;
        string[] sites = halves ? [.. v.Dims.Skip(1).Select(d => Text(((int.Parse(d, CultureInfo.InvariantCulture) - 1) / 2) + 1))] : [.. v.Dims.Skip(1)];
        string arguments = halves ? Of("(3, 3), 1, 2", "(3, 3), p: (1, 1), stride: 2", "k: (3, 5), p: (1, 2), stride: 2") : Of("(3, 5)", "(1, 3), same", "(3, 3), 1, 1", "k: (1, 1), p: 0");
        return ($"Window({width}, {arguments})", new("", [width, .. sites]));
    }

    private void Spaces()
    {
        string size = Of("2", "3", "5");
        string side = Of("4", "5", "8");
        string[] vector = [size];
        string[] image = [Of("1", "2"), side, side];
        Space("Latent", [Of("2", "3")], "f32", Of("~ normal(0, 1)", "in [0, 1] ~ uniform(0, 1)", "in [-2, 2] ~ uniform(-1, 1.5)", "~ normal(1, 0.5)"));
        Space("Point", vector, "f32", Of("", "in [-1, 1]", "in [0, 1]"));
        Space("Picture", image, Of("f32", "u8", "bit", "f32"), "");
        if (random.Next(2) == 0)
        {
            Space("Bits", Of("x", "y") == "x" ? vector : image, "bit", "");
        }

        if (random.Next(2) == 0)
        {
            Space("Wave", [Of("1", "2"), Of("6", "8")], Of("f32", "level[5]"), "");
        }
    }

    private void Space(string name, string[] dims, string element, string rest)
    {
        if (name == "Picture" && element == "f32")
        {
            rest = "in [-1, 1]";
        }

        _declarations.Add(ProgramText.Line($"{Of("", "", "/// A < B & C.\n")}space {name} = {element}[{string.Join(", ", dims)}] {rest}"));
        _spaces.Add((name, dims, element));
    }

    private static Span SpanOf((string Name, string[] Dims, string Element) space) => space.Element == "f32" ? Span.All : Span.Bits;

    private void Net()
    {
        string name = "Net" + Text(++_nets);
        bool takesSpace = random.Next(3) == 0;
        (string Name, string[] Dims, string Element) space = _spaces[random.Next(_spaces.Count)];
        string[] dims = takesSpace ? space.Dims : random.Next(3) switch { 0 => ["c", "h", "w"], 1 => ["c", "t"], _ => ["d"] };
        List<string> integers = [];
        List<string> header = [];
        if (random.Next(2) == 0)
        {
            integers.Add("width");
            header.Add(Of("width: int", "width = 2", "width: int = 3"));
        }

        if (random.Next(4) == 0)
        {
            integers.Add("depth");
            header.Add("depth = 2");
        }

        List<string> floats = [];
        if (random.Next(4) == 0)
        {
            floats.Add("rate");
            header.Add(Of("rate = 0.4", "rate: float"));
        }

        var body = new BodySketch(random, integers, floats, [.. _calls]);
        body.Give(new ValueSketch("x", dims, takesSpace ? SpanOf(space) : Span.All));
        bool hasTwo = !takesSpace && random.Next(4) == 0;
        if (hasTwo)
        {
            body.Give(new ValueSketch("y", dims));
        }

        body.Grow(1 + random.Next(5));
        string[] wanted = random.Next(3) switch { 0 => [Of("1", "3")], 1 => dims, _ => [integers.Count > 0 ? integers[0] : "2"] };
        ValueSketch result = body.Reach(wanted);
        bool isTuple = random.Next(6) == 0;
        ValueSketch second = isTuple ? body.Any(v => v.HasRows && v.Span != Span.Bits) : result;
        string last = isTuple ? $"({result.Text}, {second.Text})" : result.Text;
        string type = random.Next(2) == 0 || isTuple ? "" : $" -> {result.Shape}";
        string parameters = header.Count == 0 ? "" : $"({string.Join(", ", header)})";
        string data = $"x: {(takesSpace ? space.Name : $"[{string.Join(", ", dims)}]")}{(hasTwo ? $", y: [{string.Join(", ", dims)}]" : "")}";
        _declarations.Add(ProgramText.Block($"{Of("", "/// Adds <x> & y.\n")}net {name}{parameters}({data}){type}", [.. body.Lines, ProgramText.Line(last)]));
        if (hasTwo && header.Count == 0 && !isTuple)
        {
            _declarations.Add(ProgramText.Block($"net {name}Pair(x: [{string.Join(", ", dims)}])", [ProgramText.Line($"two = {name}()"), ProgramText.Line("a = two(x, y: tanh(x))"), ProgramText.Line("b = (x, relu(x)) |> two"), ProgramText.Line("c = a - b"), ProgramText.Line("sum(c, per: sample)")]));
        }

        if (isTuple && header.Count == 0 && !hasTwo && !takesSpace)
        {
            _declarations.Add(ProgramText.Block($"net {name}Parts(x: [{string.Join(", ", dims)}])", [ProgramText.Line($"({Of("_", "p")}, q) = {name}()(x)"), ProgramText.Line("relu(q) + q")]));
        }

        if (isTuple || hasTwo)
        {
            return;
        }

        string arguments = string.Join(", ", header.Select(h => h.Split(':', '=')[0].Trim() switch { "rate" => "rate: 0.3", var n => $"{n}: {Of("1", "2", "3")}" }));
        string[] names = dims;
        _calls.Add(v => v.HasRows && (v.Span == Span.Bits) == (takesSpace && SpanOf(space) == Span.Bits) && v.Rank == names.Length && (!takesSpace || v.Dims.SequenceEqual(names, StringComparer.Ordinal))
            ? ($"{name}{(arguments.Length > 0 || random.Next(2) == 0 ? $"({arguments})" : "")}", new("", wanted == dims && !takesSpace ? v.Dims : wanted[0] is "width" ? ["?"] : wanted))
            : null);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string Of(params string[] choices) => choices[random.Next(choices.Length)];
}
