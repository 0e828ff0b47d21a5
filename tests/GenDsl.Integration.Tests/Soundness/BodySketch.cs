using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Grows the body of a net line by line from values at hand.</summary>
/// <param name="random">Where everything comes from.</param>
/// <param name="integers">Integer hyperparameters in sight.</param>
/// <param name="floats">Float hyperparameters in sight.</param>
/// <param name="nets">Nets that may be called: from a value to a call and its result, or null where it does not fit.</param>
internal sealed partial class BodySketch(Random random, IReadOnlyList<string> integers, IReadOnlyList<string> floats, IReadOnlyList<Func<ValueSketch, (string Call, ValueSketch Result)?>> nets)
{
    private readonly List<ProgramText> _lines = [];
    private readonly List<ValueSketch> _values = [];
    private int _names;
    private int _depth;

    public IReadOnlyList<ProgramText> Lines => _lines;

    public void Give(ValueSketch value) => _values.Add(value);

    /// <summary>Adds lines.</summary>
    public void Grow(int count)
    {
        for (int i = 0; i < count; i++)
        {
            switch (random.Next(15))
            {
                case 0 when _depth == 0:
                    Loop();
                    break;
                case 1:
                    Parameter();
                    break;
                case 2:
                    Shared();
                    break;
                case 3:
                    Split();
                    break;
                case 4:
                    Rebind();
                    break;
                case 5 when _depth == 0:
                    Swap();
                    break;
                case 7 when _depth == 0:
                    Family();
                    break;
                case 6:
                    Bind(Any(v => v.Span != Span.Bits));
                    break;
                default:
                    Bind(Expression());
                    break;
            }
        }
    }

    /// <summary>A value of a shape wanted, from the newest ones.</summary>
    public ValueSketch Reach(string[] dims)
    {
        if (_values.LastOrDefault(v => v.HasRows && v.Span != Span.Bits && v.Dims.SequenceEqual(dims, StringComparer.Ordinal)) is { } ready && random.Next(3) > 0)
        {
            return ready;
        }

        ValueSketch from = Any(v => v.HasRows && v.Span != Span.Bits);
        if (dims.Length == 1)
        {
            string flat = from.Rank == 1 ? from.Text : $"{from.Text} |> flatten";
            return new($"({flat} |> linear({dims[0]}{Initial()}))", dims);
        }

        if (from.Rank == 3 && dims.Length == 3 && from.Dims.Skip(1).SequenceEqual(dims.Skip(1), StringComparer.Ordinal))
        {
            return new($"({from.Text} |> conv({dims[0]}, kernel: {Of("1", "3", "5")}{Initial()}))", dims);
        }

        string product = string.Join(" * ", dims.Select(Bracketed));
        return new($"({from.Text}{(from.Rank == 1 ? "" : " |> flatten")} |> linear({product}) |> reshape({string.Join(", ", dims)}))", dims);
    }

    public ValueSketch Any(Func<ValueSketch, bool> wanted)
    {
        List<ValueSketch> fit = [.. _values.Where(wanted)];
        return fit.Count == 0 ? _values[0] : fit[Math.Max(random.Next(fit.Count), random.Next(fit.Count))];
    }

    public string Of(params string[] choices) => choices[random.Next(choices.Length)];

    private static string Bracketed(string dim) => dim.Contains(' ', StringComparison.Ordinal) ? $"({dim})" : dim;

    private string Fresh() => "v" + (++_names).ToString(CultureInfo.InvariantCulture);

    private void Bind(ValueSketch value)
    {
        string name = Fresh();
        _lines.Add(ProgramText.Line($"{name} = {Naked(value.Text)}"));
        _values.Add(value with { Text = name });
    }

    private static string Naked(string text) => text.StartsWith('(') && text.EndsWith(')') && text.LastIndexOf('(') == 0 ? text[1..^1] : text;

    private ValueSketch Expression()
    {
        ValueSketch v = Any(x => x.HasRows);
        if (v.Span == Span.Bits)
        {
            return random.Next(4) == 0
                ? new($"({v.Text} |> embed(2{Initial()}))", v.Rank < 2 ? ["2", .. v.Dims] : [$"2 * {Bracketed(v.Dims[0])}", .. v.Dims.Skip(1)])
                : random.Next(3) > 0
                ? v with { Text = $"({v.Text} |> rescale({Of("-1, 1", "0, 1", "-0.5, 2")}))", Span = Span.Bounded }
                : v with { Text = $"bce_with_logits({Reach(v.Dims).Text}, {v.Text})", Span = Span.All };
        }

        return random.Next(5) switch
        {
            0 => Arithmetic(v),
            1 => Two(v),
            2 when v.Rank is 1 or 2 or 3 && random.Next(2) == 0 => Normalised(v),
            _ => Chain(v, 1 + random.Next(3)),
        };
    }

    private string Number() => Of("0.5", "2", "1.5", "0.1", "-1", "3e-1", "0", "1", floats.Count > 0 ? floats[random.Next(floats.Count)] : "0.7", integers.Count > 0 ? $"{integers[random.Next(integers.Count)]} / 4" : "0.3", floats.Count > 0 ? $"(if {floats[0]} > 0.5 then 0.5 else 2 * {floats[0]})" : "0.9");

    private ValueSketch Arithmetic(ValueSketch v) => random.Next(10) switch
    {
        0 => v with { Text = $"({v.Text} * {Number()})", Span = Span.All },
        1 => v with { Text = $"({v.Text} + {Number()})", Span = v.Span == Span.Bounded ? Span.Bounded : Span.All },
        2 => v with { Text = $"({Number()} - {v.Text})", Span = Span.All },
        3 => v with { Text = $"({v.Text} / {Of("2", "0.5", "3")})" },
        4 => v with { Text = $"(-{v.Text})", Span = v.Span == Span.Bounded ? Span.Bounded : Span.All },
        5 => v with { Text = $"(tanh({v.Text})^{Of("2", "3", "1")})", Span = Span.Bounded },
        6 => v with { Text = $"({Of("1", "2", "0.5")} / (1 + abs({v.Text})))", Span = Span.Unit },
        7 => v with { Text = $"(({v.Text} - 0.3) / 2)", Span = Span.All },
        8 => v with { Text = $"{Of("max", "min")}({Of($"{v.Text}, {Number()}", $"{Number()}, {v.Text}")})", Span = Span.All },
        _ => v with { Text = $"(0.5 * {v.Text} + 1)", Span = v.Span == Span.Bounded ? Span.Positive : Span.All },
    };

    private ValueSketch Two(ValueSketch v)
    {
        ValueSketch w = Any(x => x.IsLike(v) && x.Span != Span.Bits);
        if (!w.IsLike(v))
        {
            w = v;
        }

        if (random.Next(5) == 0 && Pair(v) is { } pair)
        {
            return pair;
        }

        return random.Next(8) switch
        {
            6 => v with { Text = $"{Of("max", "min")}({v.Text}, {w.Text})", Span = Span.All },
            7 when v.Rank > 0 => v with { Text = $"kl({v.Text}, {w.Text})", Dims = [.. v.Dims.Skip(1)], Span = Span.All },
            0 => v with { Text = $"({v.Text} - {w.Text})", Span = Span.All },
            1 => v with { Text = $"({v.Text} * {w.Text})", Span = Span.All },
            2 => v with { Text = $"({v.Text} / (1 + exp(tanh({w.Text}))))", Span = Span.All },
            3 when v.Rank > 0 => v with { Text = $"concat({v.Text}, {w.Text})", Dims = [.. new[] { $"2 * {Bracketed(v.Dims[0])}" }, .. v.Dims.Skip(1)], Span = Span.All },
            4 => v with { Text = $"({v.Text} + {Chain(w, 1).Text})", Span = Span.All },
            _ => v with { Text = $"({v.Text} + {w.Text})", Span = Span.All },
        };
    }

    private ValueSketch Chain(ValueSketch v, int stages)
    {
        string text = v.Text;
        for (int i = 0; i < stages; i++)
        {
            (string stage, ValueSketch next) = Stage(v);
            text = stage.Length == 0 ? text : $"{text} |> {stage}";
            v = next;
        }

        return v with { Text = $"({text})" };
    }

    private (string Stage, ValueSketch Next) Stage(ValueSketch v)
    {
        if (nets.Count > 0 && random.Next(6) == 0 && nets[random.Next(nets.Count)](v) is { } call)
        {
            return call;
        }

        if (random.Next(6) == 0 && Sites(v) is { } sites)
        {
            return sites;
        }

        if (random.Next(5) < 2 && Ordered(v) is { } ordered)
        {
            return ordered;
        }

        return random.Next(v.Rank == 0 ? 7 : 12) switch
        {
            0 => ("relu", v.As(Span.All)),
            1 => ("tanh", v.As(Span.Bounded)),
            2 => ("sigmoid", v.As(Span.Unit)),
            3 => (Of("silu", "leaky_relu(0.2)", "leaky_relu", "sin", "cos", "clamp(-1, 2)"), v.As(Span.All)),
            4 => v.Span is Span.Bounded or Span.Unit ? ("exp", v.As(Span.Positive)) : ("softplus", v.As(Span.Positive)),
            5 => v.Span is Span.Positive or Span.Unit ? ("log", v.As(Span.All)) : ("abs", v.As(Span.All)),
            6 => random.Next(4) == 0 ? ("stop", v) : v.Span == Span.Bounded ? ("rescale(0, 1)", v) : ("softplus", v.As(Span.Positive)),
            7 => v.HasRows ? ($"batch_norm{Of("", "(momentum: 0.2)", "(eps: 1e-3)", "(init: normal(1, 0.02))")}", v.As(Span.All)) : ("relu", v.As(Span.All)),
            8 => v.Rank == 1 ? ("relu", v.As(Span.All)) : ("flatten", v with { Dims = [string.Join(" * ", v.Dims.Select(Bracketed))] }),
            9 when v.Rank > 1 => ($"reshape({string.Join(", ", v.Dims.Reverse())})", v with { Dims = [.. v.Dims.Reverse()] }),
            10 when random.Next(3) == 0 => Of("mean", "sum") is var name ? ($"{name}(per: sample)", v with { Dims = [], Span = Span.All }) : default,
            _ => Layer(v),
        };
    }

    // A layer that is wrapped, in some of the cases one that starts from data.
    private ValueSketch Normalised(ValueSketch v)
    {
        (string stage, ValueSketch next) = Layer(v);
        if (Of("weight", "weight", "spectral", "equal") is var kind && kind != "weight")
        {
            return next with { Text = $"({v.Text} |> {(kind == "equal" ? "equal_lr" : "spectral_norm")}({stage}{(kind == "equal" ? "" : ")")}{(kind == "equal" ? Of(")", ", gain: 1)", ", gain: 0.5)") : "")})" };
        }

        string data = Of(", init: data", "");
        return next with { Text = $"({v.Text} |> weight_norm({(data.Length > 0 ? stage.Replace(", bias: false", "", StringComparison.Ordinal) : stage)}{data}))" };
    }

    private (string Stage, ValueSketch Next) Layer(ValueSketch v)
    {
        string width = Width();
        switch (v.Rank)
        {
            case 1:
                return ($"linear({width}{Of("", ", bias: false")}{Initial()})", new("", [width]));
            case 2 or 3 when long.TryParse(v.Dims[^1], CultureInfo.InvariantCulture, out long size) && (v.Rank == 2 || v.Dims[1] == v.Dims[2]) && random.Next(4) > 0:
                (string layer, long next) = random.Next(4) switch
                {
                    0 => ($"conv({width}, kernel: 3, pad: valid)", size - 2),
                    1 => ($"conv({width}, kernel: 4, stride: 2, pad: 1)", (size - 2) / 2 + 1),
                    2 => ($"conv_transpose({width}, kernel: 4, stride: 2{Of("", ", bias: false")})", 2 * size),
                    _ => ($"conv_transpose({width}, kernel: 3, stride: 1, pad: 1, dilation: 2)", size + 2),
                };
                string spatial = next.ToString(CultureInfo.InvariantCulture);
                return (layer, new("", v.Rank == 2 ? [width, spatial] : [width, spatial, spatial]));
            case 2 or 3 when random.Next(5) == 0:
                return ($"conv_transpose({width}, kernel: 3, pad: 1)", new("", [width, .. v.Dims.Skip(1)]));
            default:
                return ($"conv({width}, kernel: {Of("1", "3", "5")}{Of("", "", ", dilation: 2")}{Initial()})", new("", [width, .. v.Dims.Skip(1)]));
        }
    }

    // What autoregressive nets are made of.
    private (string Stage, ValueSketch Next)? Ordered(ValueSketch v) => (v.Rank, random.Next(13)) switch
    {
        (1, 3) when Width() is var width => ($"masked_linear({width}{Of("", ", strict: true")}{Initial()})", new("", [width])),
        (2 or 3, 3) when Width() is var width =>
            ($"masked_conv({width}, kernel: {Of("3", "5")}, mask: {Of("A", "B")}{Of("", ", groups: 2")}{Of("", ", dilation: 2")}{Initial()})", new("", [width, .. v.Dims.Skip(1)])),
        (2, 4) when Width() is var width => ($"{Of("lstm", "gru")}({width}{Initial()})", new("", [width, v.Dims[1]], Span.Bounded)),
        (3, 4) => ("raster", v with { Dims = [v.Dims[0], $"{Bracketed(v.Dims[1])} * {Bracketed(v.Dims[2])}"] }),
        (> 0, 5) => (Of("reverse", "shuffle(3)"), v),
        (1, 6) => ("positions", new("", ["1", v.Dims[0]], Span.Bounded, v.HasRows)),
        (2 or 3, 6) => ("positions", new("", [v.Rank == 2 ? "1" : "2", .. v.Dims.Skip(1)], Span.Bounded, v.HasRows)),
        (> 0, 7) => ("concat_elu", v with { Dims = [$"2 * {Bracketed(v.Dims[0])}", .. v.Dims.Skip(1)], Span = Span.All }),
        (> 0, 8) => ($"concat_elu |> {Of("glu", "gated")}", v.As(Span.All)),
        (> 0, 9) => Of("softmax", "log_softmax") is var name && name == "softmax" ? (name, v.As(Span.Unit)) : ("log_softmax", v.As(Span.All)),
        (> 0, 10) => ("append_ones", v with { Dims = [$"{v.Dims[0]} + 1", .. v.Dims.Skip(1)], Span = v.Span is Span.Bounded or Span.Unit ? Span.Bounded : Span.All }),
        (_, 11) => ($"dropout{(v.HasRows ? Of("", "(0.2)", "(0.3, per: sample)") : "")}", v.As(Span.All)),
        (_, 12) => (Of("elu", "log_sigmoid"), v.As(Span.All)),
        (1 or 2, 0) => ($"delay{Of("", "(2)")}", v.As(v.Span is Span.Bounded or Span.Unit ? Span.Bounded : Span.All)),
        (3, 0) => (Of("rows_above", "columns_left"), v.As(v.Span is Span.Bounded or Span.Unit ? Span.Bounded : Span.All)),
        (2, 1) when Width() is var width => ($"conv({width}, kernel: {Of("2", "3")}, pad: causal{Of("", ", dilation: 2")}{Initial()})", new("", [width, v.Dims[1]])),
        (3, 1) when Width() is var width => ($"conv({width}, kernel: {Of("(2, 3), pad: down", "(2, 2), pad: down_right", "(1, 3), pad: down")}{Initial()})", new("", [width, .. v.Dims.Skip(1)])),
        (1, 1) => ("concat_elu |> gated", v.As(Span.All)),
        (1, 2) => ("log_softmax", v.As(Span.All)),
        (3, 2) when random.Next(2) == 0 && Width() is var width =>
            ($"conv_transpose({width}, kernel: {Of("(2, 3)", "(3, 3)")}, stride: 2, pad: {Of("down", "down_right")})", new("", [width, .. v.Dims.Skip(1).Select(d => $"2 * {Bracketed(d)}")])),
        (3, 2) => ("rows_above |> columns_left", v.As(v.Span is Span.Bounded or Span.Unit ? Span.Bounded : Span.All)),
        _ => null,
    };

    private string Width() => Of("2", "3", "4", "6", integers.Count > 0 ? integers[random.Next(integers.Count)] : "5", integers.Count > 0 ? $"2 * {integers[0]}" : "1", integers.Count > 0 ? $"(if {integers[0]} > 2 then {integers[0]} + 1 else 4)" : "2");

    private string Initial() => Of("", "", "", ", init: normal(0, 0.02)", ", init: uniform(-0.1, 0.1)", ", init: orthogonal", ", init: constant(0.01)");

    private void Parameter()
    {
        ValueSketch like = Any(v => v.Rank > 0 && v.Span != Span.Bits);
        string name = Fresh();
        string[] dims = random.Next(3) == 0 ? [.. like.Dims.Select((d, i) => i == 0 ? d : "1")] : like.Dims;
        _lines.Add(ProgramText.Line($"param {name}: [{string.Join(", ", dims)}] = {Of("zeros", "ones", "normal(0, 0.1)", "constant(0.5)", "uniform(-1, 1)")}"));
        Bind(like with { Text = $"({like.Text} {Of("+", "*", "-")} {name})", Span = Span.All, HasRows = like.HasRows });
    }

    // A layer with a name, applied twice.
    private void Shared()
    {
        ValueSketch v = Any(x => x.Rank is 1 or 3 && x.HasRows && x.Span != Span.Bits);
        if (v.Rank is not (1 or 3))
        {
            return;
        }

        string name = Fresh();
        _lines.Add(ProgramText.Line($"{name} = {(v.Rank == 1 ? $"linear({v.Dims[0]})" : $"conv({v.Dims[0]}, kernel: 3)")}"));
        Bind(v with { Text = $"({v.Text} |> {name} |> {Of("tanh", "relu")} |> {name})", Span = Span.All });
        if (random.Next(2) == 0)
        {
            Bind(v with { Text = $"{name}({v.Text})", Span = Span.All });
        }
    }

    private void Split()
    {
        ValueSketch v = Any(x => x.Rank > 0 && x.HasRows);
        string first = Width();
        ValueSketch even = v.Span == Span.Bits ? v : v.Rank == 1 ? new($"({v.Text} |> linear(2 * {first}))", [$"2 * {first}"]) : new($"({v.Text} |> conv(2 * {first}, kernel: 1))", [$"2 * {first}", .. v.Dims.Skip(1)]);
        if (v.Span == Span.Bits || v.Rank is not (1 or 2 or 3))
        {
            return;
        }

        (string a, string b) = (Fresh(), Fresh());
        _lines.Add(ProgramText.Line($"({a}, {b}) = {even.Text[1..^1]} |> chunk(2)"));
        _values.Add(even with { Text = a, Dims = [first, .. even.Dims.Skip(1)] });
        _values.Add(even with { Text = b, Dims = [first, .. even.Dims.Skip(1)] });
    }

    private void Rebind()
    {
        ValueSketch v = Any(x => x.Text.StartsWith('v') && x.HasRows && x.Span != Span.Bits);
        if (!v.Text.StartsWith('v'))
        {
            return;
        }

        string line = random.Next(4) switch
        {
            0 => $"{v.Text} |>= {Of("relu", "silu", "softplus")}",
            1 => $"{v.Text} *= {Number()}",
            2 => $"{v.Text} += {Number()}",
            _ => $"{v.Text} {Of("-=", "/=")} 2",
        };
        _lines.Add(ProgramText.Line(line));
        _values[_values.IndexOf(v)] = v.As(Span.All);
    }

    // Values that change places in every round, or that a round takes from outside.
    private void Swap()
    {
        ValueSketch a = Any(v => v.Text.StartsWith('v') && v.HasRows && v.Span != Span.Bits);
        ValueSketch b = Any(v => v.Text.StartsWith('v') && v.IsLike(a) && v.Span != Span.Bits && v.Text != a.Text);
        if (a.Text == b.Text || !a.IsLike(b) || !a.HasRows || !b.HasRows || !a.Text.StartsWith('v') || !b.Text.StartsWith('v'))
        {
            return;
        }

        ProgramText round = ProgramText.Line(random.Next(4) switch
        {
            0 => $"({a.Text}, {b.Text}) = ({b.Text}, {a.Text})",
            1 => $"{a.Text} = {b.Text}",
            2 => $"({a.Text}, {b.Text}) = ({b.Text} + 1, {b.Text})",
            _ => $"({a.Text}, {b.Text}) = (tanh({a.Text}) - {b.Text}, {a.Text})",
        });
        _lines.Add(ProgramText.Block($"for i in 0..{Of("1", "2", "3")}", [round]));
        _values[_values.IndexOf(a)] = a.As(Span.All);
        _values[_values.IndexOf(b)] = b.As(Span.All);
    }

    private void Loop()
    {
        ValueSketch v = Any(x => x.Rank is 1 or 3 && x.HasRows && x.Span != Span.Bits && x.Text.StartsWith('v'));
        if (!v.Text.StartsWith('v') || v.Rank is not (1 or 3) || !v.HasRows)
        {
            return;
        }

        string index = Fresh().Replace('v', 'i');
        string to = integers.Count > 0 && random.Next(2) == 0 ? integers[random.Next(integers.Count)] : Of("1", "2", "3");
        var inner = new BodySketch(random, integers, floats, nets) { _depth = _depth + 1, _names = _names };
        inner.Give(v);
        foreach (ValueSketch other in _values.Where(x => x.HasRows && x.Rank == v.Rank).TakeLast(2))
        {
            inner.Give(other);
        }

        inner.Grow(random.Next(3));
        string back = v.Rank == 1
            ? $"({inner.Any(x => x.Rank == 1 && x.HasRows && x.Span != Span.Bits).Text} |> linear({Of(v.Dims[0], v.Dims[0], $"2^{index}")}) |> tanh |> linear({v.Dims[0]}))"
            : inner.Reach(v.Dims).Text;
        inner._lines.Add(ProgramText.Line(random.Next(3) == 0 ? $"{v.Text} = {Naked(back)}" : $"{v.Text} = {v.Text} + {back}"));
        if (random.Next(4) == 0)
        {
            var nested = ProgramText.Block($"for j in 0..{Of("2", index + " + 1")}", [ProgramText.Line($"{v.Text} |>= {(v.Rank == 1 ? $"linear({v.Dims[0]})" : $"conv({v.Dims[0]}, kernel: 3)")}")]);
            inner._lines.Add(nested);
        }

        ValueSketch? sum = random.Next(3) == 0 ? Accumulator(inner) : null;
        _names = inner._names;
        _lines.Add(ProgramText.Block($"for {index} in {Of("0", "0", "0", "1")}..{(to == "1" ? "2" : to)}", inner._lines));
        _values[_values.IndexOf(v)] = v.As(Span.All);
        if (sum is not null)
        {
            _values.Add(sum);
        }
    }

    // A family filled by a loop, forwards or backwards, and read by index, in another loop, in a slice.
    private void Family()
    {
        ValueSketch v = Any(x => x.Rank is 1 or 3 && x.HasRows && x.Span != Span.Bits);
        if (v.Rank is not (1 or 3) || v.Span == Span.Bits || !v.HasRows)
        {
            return;
        }

        string name = Fresh().Replace('v', 'u');
        string index = name.Replace('u', 'i');
        string count = integers.Count > 0 && random.Next(2) == 0 ? integers[random.Next(integers.Count)] : Of("1", "2", "3");
        string layer = v.Rank == 1 ? $"linear({v.Dims[0]})" : $"conv({v.Dims[0]}, kernel: 3)";
        bool isBackwards = random.Next(3) == 0;
        if (isBackwards)
        {
            _lines.Add(ProgramText.Block($"for {index} in 0..{count}", [ProgramText.Line($"{name}[{count} - {index} - 1] = {Of($"{v.Text} |> {layer}", v.Text, $"tanh({v.Text})")}")]));
            _lines.Add(ProgramText.Line($"{name}[{count}] = {Of(v.Text, $"{name}[0]", $"{name}[{count} - 1] |> {layer}")}"));
        }
        else
        {
            _lines.Add(ProgramText.Line($"{name}[0] = {Of(v.Text, $"{v.Text} |> {layer}")}"));
            _lines.Add(ProgramText.Block($"for {index} in 0..{count}", [ProgramText.Line($"{name}[{index} + 1] = {Of($"{name}[{index}] |> {layer}", $"{v.Text} + {name}[0]", $"{name}[{index}]")}")]));
        }

        _values.Add(v with { Text = $"{name}[{Of("0", count)}]", Span = Span.All });
        string sum = Fresh();
        switch (random.Next(5))
        {
            case 0:
                _lines.Add(ProgramText.Line($"{sum} = {v.Text}"));
                _lines.Add(ProgramText.Block($"for {index} in 0..{count}", [ProgramText.Line($"{sum} = {sum} + {name}[{count} - {index}]")]));
                break;
            case 1:
                _lines.Add(ProgramText.Line($"{name}s = {name}[{Of("0", "1")}..{count} + 1]"));
                _lines.Add(ProgramText.Line($"{sum} = ({v.Text}, {name}s) |> Gather{v.Rank.ToString(CultureInfo.InvariantCulture)}"));
                break;
            case 2:
                _lines.Add(ProgramText.Line($"{sum} = ({v.Text}, {name}) |> Gather{v.Rank.ToString(CultureInfo.InvariantCulture)}"));
                break;
            case 3:
                _lines.Add(ProgramText.Line($"({name}s, {sum}) = {v.Text} |> Spread{v.Rank.ToString(CultureInfo.InvariantCulture)}({count})"));
                _values.Add(v with { Text = $"{name}s[{count} - 1]", Span = Span.All });
                break;
            default:
                _lines.Add(ProgramText.Line($"{sum} = {name}[{count}] + {name}[0]"));
                break;
        }

        _values.Add(v with { Text = sum, Span = Span.All });
    }

    // A name that starts from a number and becomes a tensor in the loop.
    private ValueSketch Accumulator(BodySketch inner)
    {
        string name = inner.Fresh();
        ValueSketch term = inner.Any(v => v.HasRows && v.Span != Span.Bits);
        _lines.Add(ProgramText.Line($"{name} = {Of("0", "0", "1", "0.5")}"));
        inner._lines.Add(ProgramText.Line(random.Next(5) switch
        {
            0 => $"{name} = 0.5 * {name} + {term.Text}",
            1 => $"{name} = {name} * {term.Text}",
            2 => $"{name} = {term.Text} + {name}",
            3 => $"{name} += {term.Text}",
            _ => $"{name} = {name} + {term.Text}",
        }));
        return term with { Text = name, Span = Span.All };
    }
}
