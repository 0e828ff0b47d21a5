using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Writes nets around one entry of the catalogue, with arguments drawn from the kinds of its parameters.</summary>
internal sealed class CatalogueCases(Random random)
{
    private readonly SortedSet<string> _hyperparameters = new(StringComparer.Ordinal);
    private readonly List<string> _spaces = [];
    private readonly List<string> _data = [];
    private readonly List<string> _lines = [];
    private readonly HashSet<string> _pending = new(StringComparer.Ordinal);
    private string[] _shape = [];

    /// <summary>A program with one net; likely, not surely, legal.</summary>
    public string Program(Operation operation)
    {
        _hyperparameters.Clear();
        _spaces.Clear();
        _data.Clear();
        _lines.Clear();
        _shape = [.. Enumerable.Range(0, Of([0, 1, 1, 2, 3, 3])).Select(_ => Dim())];
        if (operation.Name == "dequantize")
        {
            return Dequantized();
        }

        if (operation.Name == "codebook")
        {
            return Codebook();
        }

        if (operation.Name == "squeeze")
        {
            _shape = [Dim(), Of(["2", "4", "6", "2 * h"]), Of(["2", "4", "6", "2 * w"])];
        }

        string? own = operation.Name switch
        {
            "matched_accuracy" => Groups(),
            "mutual_procrustes" => Refined(),
            "precision" or "precision_csls" => Retrieved(operation.Name),
            _ => operation.Parameters.Any(p => p.Name == "fit_labels") ? Probe(operation.Name) : null,
        };
        string call = own ?? Call(operation);
        if (own is null && operation.Kind == OperationKind.Reduction && !call.Contains("per:", StringComparison.Ordinal))
        {
            // Bare reductions belong to losses, which nets may call.
            string second = operation.Parameters.Count(p => p.Kind == ParameterKind.Tensor) == 2 ? ", tanh(x)" : "";
            _spaces.Add($"loss Bare(x: S) {{ {operation.Name}(x{second}) }}");
            call = $"Bare({_data[0].Split(':')[0]})";
        }

        string after = operation.Name is "chunk" or "halves" ? "" : Of(["", "", "\n    y * 0.5", "\n    relu(y)", "\n    tanh(y) + 1", "\n    2 - y"]);
        string result = after.Length == 0 ? call : $"y = {call}{after}";
        string hyperparameters = _hyperparameters.Count == 0 ? "" : $"({string.Join(", ", _hyperparameters)})";
        string body = string.Concat(_lines.Append(result).Select(l => $"    {l}\n"));
        return string.Concat(_spaces.Select(s => s + "\n")) + $"net N{hyperparameters}({string.Join(", ", _data)}) {{\n{body}}}\n";
    }

    private string Call(Operation operation)
    {
        if (operation.Name is "cross_entropy" or "correct")
        {
            return OfLogits(operation.Name);
        }

        if (operation.Name == "mixture_cdf")
        {
            return MixtureCdf();
        }

        if (operation.Name == "matmul")
        {
            return Matmul();
        }

        if (operation.Name == "modulate")
        {
            return Modulate();
        }

        if (operation.Name == "quantize")
        {
            _data.Add($"a: [{Of(["4", "5, 3", "c, h, 4"])}]");
            return $"{Of(["tanh(a)", "3 - 2 * sigmoid(a)", "clamp(a, -1, 2)"])} |> quantize({Of(["2", "7", "k"])}) |> embed(2)".Replace("k)", Hyperparameter("n: int >= 2") + ")", StringComparison.Ordinal);
        }

        if (operation.Name == "narrow")
        {
            _data.Add($"a: [{Of(["4", "5, 3", "3, h, 4", "6 + c"])}]");
            return $"{Of(["a", "tanh(a)"])} |> narrow({Of(["0", "-1"])}, {Of(["0", "1"])}, {Of(["1", "2"])})";
        }

        if (operation.Name is "crop" or "affine_sample" or "warp" or "rot90" or "gaussian_blur")
        {
            return View(operation.Name);
        }

        string[] tensors = [.. operation.Parameters.Where(p => p.Kind is ParameterKind.Tensor or ParameterKind.Tensors).SelectMany(p => Enumerable.Range(0, p.Kind == ParameterKind.Tensors ? Of([1, 2, 3]) : 1)).Select((_, i) => Tensor(operation, i))];
        if (Operator(operation.Name, tensors) is { } expression)
        {
            return expression;
        }

        List<string> arguments = [];
        bool named = false;
        foreach (OperationParameter parameter in operation.Parameters.Where(p => p.Kind is not (ParameterKind.Tensor or ParameterKind.Tensors)))
        {
            bool isOptional = parameter.Default is not null || parameter.IsOptional;
            if (isOptional && random.Next(2) == 0)
            {
                named = true;
                continue;
            }

            named |= parameter.Kind != ParameterKind.Sizes && random.Next(2) == 0;
            arguments.Add((named ? parameter.Name + ": " : "") + Argument(operation, parameter));
        }

        string rest = string.Join(", ", arguments);
        return operation.Kind == OperationKind.Layer || random.Next(2) == 0 && tensors.Length == 1
            ? $"{tensors[0]} |> {operation.Name}({rest})"
            : $"{operation.Name}({string.Join(", ", tensors.Concat(arguments))})";
    }

    // Logits fit a target by a rule that random shapes would hardly ever meet.
    private string OfLogits(string name)
    {
        int n = random.Next(2, 6);
        string[] sites = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Of(["1", "2", "3", "5"]))];
        string element = Of([$"level[{n}]", $"class[{n}]", $"code[{n}]", $"mulaw[{n}]"]);
        int channels = sites.Length < 2 ? 1 : int.Parse(sites[0], System.Globalization.CultureInfo.InvariantCulture);
        if (sites.Length > 0 && random.Next(4) == 0)
        {
            (element, n) = ("bit", 2);
        }

        if (name == "cross_entropy" && random.Next(4) == 0)
        {
            string both = string.Join(", ", sites.Prepend(n.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            _data.AddRange([$"a: [{both}]", $"b: [{both}]"]);
            return $"cross_entropy({Of(["a", "3 * a"])}, {Of(["softmax(b)", "sigmoid(b)", "b"])})";
        }

        string logits = string.Join(", ", new[] { (n * channels).ToString(System.Globalization.CultureInfo.InvariantCulture) }.Concat(sites.Length < 2 ? sites : sites.Skip(1)));
        _spaces.Add($"space Target = {element}{(sites.Length == 0 ? "" : $"[{string.Join(", ", sites)}]")}");
        _data.Add($"a: [{logits}]");
        _data.Add("b: Target");
        return $"{name}({Of(["a", "3 * a", "tanh(a)"])}, b)";
    }

    // Each parameter has an axis more than the numbers that it is about.
    private string MixtureCdf()
    {
        string components = Of(["1", "2", "5", Hyperparameter("n: int"), "2 * k"]);
        string parameters = $"[{string.Join(", ", _shape.Prepend(components))}]";
        _data.Add($"a: [{string.Join(", ", _shape)}]");
        _data.AddRange(new[] { "l", "m", "s" }.Select(name => $"{name}: {parameters}"));
        return $"{Of(["a", "3 * a", "tanh(a)"])} |> mixture_cdf({Of(["l", "0.1 * l"])}, m, {Of(["exp(tanh(s))", "softplus(s) + 0.1", "sigmoid(s) + 0.01"])})";
    }

    // Two matrices with an axis in common, one of them perhaps learned.
    private string Matmul()
    {
        (string m, string k, string n) = (Of(["1", "3", "c", Hyperparameter("n: int")]), Of(["1", "2", "5", "d"]), Of(["1", "4", "h"]));
        _data.Add($"a: [{m}, {k}]");
        if (random.Next(3) == 0 && n != "h")
        {
            _lines.Add($"param p: [{k}, {n}] = normal(0, 1)");
            return $"matmul({Of(["a", "tanh(a)"])}, p)";
        }

        _data.Add($"b: [{k}, {n}]");
        return $"matmul({Of(["a", "tanh(a)", "sigmoid(a)"])}, {Of(["b", "tanh(b)", "exp(tanh(b))"])})";
    }

    // A scale and a shift for each channel.
    private string Modulate()
    {
        string[] sites = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Of(["1", "2", "3", "h"]))];
        string channels = Of(["1", "3", "c", Hyperparameter("n: int")]);
        _data.AddRange([$"a: [{string.Join(", ", sites.Prepend(channels))}]", $"s: [{channels}]", $"b: [{channels}]"]);
        return $"{Of(["a", "tanh(a)"])} |> modulate({Of(["s", "1 + 0.1 * s", "sigmoid(s)"])}, {Of(["b", "tanh(b)"])})";
    }

    // An image and numbers of each sample.
    private string View(string name)
    {
        string sites = name == "rot90" ? Of(["1, 1", "3, 3", "h, h", "4, 4"]) : Of(["4, 4", "5, 7", "8, 4"]);
        _data.Add($"a: [{Of(["1", "3", "c"])}, {sites}]");
        string image = Of(["a", "tanh(a)"]);
        string Own(string number)
        {
            _data.Add($"{number}: [1]");
            return $"sum({number}, per: sample)";
        }

        switch (name)
        {
            case "crop":
                return $"{image} |> crop({Of(["4", "1", "(2, 3)"])}, sigmoid({Own("t")}), left: {Of(["1 - ", ""])}sigmoid({Own("l")}))";
            case "affine_sample":
                _data.Add("m: [6]");
                return $"affine_sample({image}, {Of(["m", "0.3 * m"])}{Of(["", ", beyond: replicate", ", beyond: reflect"])})";
            case "warp":
                _data.Add($"f: [2, {sites}]");
                return $"{image} |> warp({Of(["f", "0.3 * f"])}{Of(["", ", beyond: zeros", ", beyond: reflect"])})";
            case "rot90":
                _spaces.Add("space Turn = class[4]");
                _data.Add("k: Turn");
                return $"{image} |> rot90(k)";
            default:
                return $"{image} |> gaussian_blur({Of(["1", "3", "5"])}, {Of(["exp", "softplus"])}({Own("s")}))";
        }
    }

    /// <summary>What frozen features are worth, in a loss that the net calls.</summary>
    private string Probe(string name)
    {
        int classes = random.Next(2, 5);
        string features = Of(["1", "3", "d"]);
        _spaces.Add($"space Kind = class[{classes}]");
        _spaces.Add($"loss Bare(x: A, y: B, z: C, w: D) {{ {name}(x, y, z, w{(name == "knn_accuracy" ? Of(["", ", k: 1", ", k: 3"]) : Of(["", ", decay: 0.1"]))}) }}");
        _data.AddRange([$"a: [{features}]", $"b: [{features}]", "k: Kind", "l: Kind"]);
        return $"Bare({Of(["a", "tanh(a)"])}, k, {Of(["b", "2 * b"])}, l)";
    }

    // Groups that are more, fewer or as many as the labels.
    private string Groups()
    {
        _spaces.Add($"space Kind = {Of(["class", "code"])}[{random.Next(2, 5)}]");
        _spaces.Add("loss Bare(x: A, y: B) { matched_accuracy(x, y) }");
        _data.AddRange([$"a: [{Of(["1", "3", "d"])}]", "k: Kind"]);
        return $"Bare({Of(["a", "tanh(a)"])}, k)";
    }

    // A map and what it makes of the rows so far.
    private string Refined()
    {
        string features = Of(["1", "3", "d"]);
        _spaces.Add($"loss Bare(x: A, m: B, y: C) {{ mutual_procrustes(x, m, y{Of(["", ", neighbours: 1", ", neighbours: 3"])}) }}");
        _data.AddRange([$"a: [{features}]", $"b: [{features}]"]);
        return $"Bare(a, {Of(["a", "tanh(a)"])}, {Of(["b", "2 * b"])})";
    }

    // Words, right answers to them and candidates, all of one kind.
    private string Retrieved(string name)
    {
        string features = Of(["1", "3", "d"]);
        _spaces.Add($"space Word = {Of(["class", "code"])}[{random.Next(2, 5)}]");
        _spaces.Add($"loss Bare(x: A, w: B, v: C, y: D, n: E) {{ {name}(x, w, v, y, n{(name == "precision" ? "" : ", x")}{Of(["", ", at: 2", ", at: 5"])}) }}");
        _data.AddRange([$"a: [{features}]", "k: Word", "l: Word", $"b: [{features}]", "n: Word"]);
        return $"Bare({Of(["a", "tanh(a)"])}, k, l, {Of(["b", "2 * b"])}, n)";
    }

    // As many codes as the labels have values.
    private string Codebook()
    {
        string shape = string.Join(", ", Enumerable.Range(0, random.Next(0, 4)).Select(_ => Of(["1", "2", "3", "5"])));
        string count = Of(["1", "3", "6"]);
        string settings = Of(["", ", decay: 0.5", ", restart: 0, eps: 1e-3"]);
        string after = Of(["", " |> relu", " |> tanh"]);
        return $"space Labels = {Of(["code", "class"])}[{count}]{(shape.Length > 0 ? $"[{shape}]" : "")}\nnet N(k: int)(x: Labels) {{\n    x |> codebook({count}, {Of(["1", "2", "k", "2 * k"])}{settings}){after}\n}}\n";
    }

    // It belongs to the data of a model.
    private string Dequantized()
    {
        string[] shape = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Of(["1", "2", "3", "6"]))];
        string space = $"space Levels = {Of(["u8", "bit", "level[2]", "level[5]", "mulaw[256]", "mulaw[7]"])}[{string.Join(", ", shape)}]\n";
        string law = Of(["    u ~ uniform(0, 1)", "    y = u |> logit(0.05)\n    y ~ normal(0, 1)", "    y = u |> affine(-2, 1) |> flatten\n    y ~ normal(0, 0.5)"]);
        return $"{space}model N(x: Levels) {{\n    u = x |> dequantize\n{law}\n}}\n";
    }

    private string? Operator(string name, string[] t) => name switch
    {
        "+" or "-" or "*" or "/" => $"{t[0]} {name} {t[1]}",
        "+s" => $"{t[0]} {Of(["+", "-"])} {Number()}",
        "s-" => $"{Number()} - {t[0]}",
        "*s" => $"{Number()} * {t[0]}",
        "/s" => $"{t[0]} / {Of(["2", "0.5", "3.5", Hyperparameter("s: float")])}",
        "s/" => $"{Of(["0.25", "2", "-1.5", "1", Hyperparameter("s: float")])} / {t[0]}",
        "^s" => $"{t[0]} ^ {Of(["2", "3", "1", "0.5", "2.5", Hyperparameter("s: float")])}",
        "<" or "<=" or ">" or ">=" => $"{t[0]} {name} {t[1]}",
        "<s" or "<=s" or ">s" or ">=s" => random.Next(2) == 0 ? $"{t[0]} {name[..^1]} {Number()}" : $"{Number()} {(name[0] == '<' ? '>' : '<')}{name[1..^1]} {t[0]}",
        "neg" => $"-{t[0]}",
        _ => null,
    };

    private string Argument(Operation operation, OperationParameter parameter) => parameter.Kind switch
    {
        ParameterKind.Size => operation.Name == "chunk" ? Of(["1", "2", "3"]) : Size(),
        ParameterKind.Sizes => string.Join(", ", Regrouped()),
        ParameterKind.AxisSizes => Axes(parameter.Name == "kernel" ? ["1", "2", "3", "4", "5"] : ["1", "1", "2", "3"]),
        ParameterKind.Padding => random.Next(2) == 0 ? Of([.. parameter.Words]) : Axes(["0", "1", "2", "3"]),
        ParameterKind.Switch => Of(["true", "false"]),
        ParameterKind.Word => Of([.. parameter.Words]),
        ParameterKind.Axes => Of(["0", "-1", "1", "(0, 1)"]),
        ParameterKind.Initializer => Of(["zeros", "ones", "constant(0.3)", "normal(0, 0.02)", "normal(1, 0.1)", "uniform(-0.2, 0.4)", $"normal(0, {Hyperparameter("s: float")})"]),
        _ => parameter.Name == "alpha" ? Of(["0", "0.01", "0.25"]) : operation.Name == "dropout" ? Of(["0", "0.25", "0.9"]) : parameter.Name is "momentum" or "eps" ? Of(["0.25", "1e-3", "1", Hyperparameter("s: float")]) : Number(),
    };

    private string Number() => Of(["0.25", "2", "-1.5", "0", "1", "1e-3", "-1", Hyperparameter("s: float"), $"2 * {Hyperparameter("s: float")}", Hyperparameter("n: int"), $"{Hyperparameter("n: int")} / 4"]);

    private string Size() => Of(["1", "2", "4", "5", Hyperparameter("n: int"), $"2 * {Hyperparameter("n: int")}", $"{Hyperparameter("n: int")} + 3", _shape.Length > 0 ? _shape[0] : "3"]);

    private string Axes(string[] sizes) =>
        _shape.Length == 3 && random.Next(4) == 0 ? $"({Of(sizes)}, {Of(sizes)})" : random.Next(8) == 0 ? Hyperparameter("k: int") : Of(sizes);

    private string Dim() => Of(["1", "2", "3", "4", "6", "7", "9", "c", "h", "w", "2 * d", Hyperparameter("n: int"), $"4 * {Hyperparameter("n: int")}"]);

    // The sizes of the tensor in another order, some multiplied together.
    private IEnumerable<string> Regrouped()
    {
        List<string> sizes = [.. _shape.OrderBy(_ => random.Next()).Select(d => d.Contains(' ', StringComparison.Ordinal) ? $"({d})" : d)];
        while (sizes.Count > 1 && random.Next(2) == 0)
        {
            sizes[0] = $"{sizes[0]} * {sizes[1]}";
            sizes.RemoveAt(1);
        }

        return sizes.Count == 0 ? ["1"] : sizes;
    }

    // A tensor of its own, or of the first one's shape, or one that broadcasts against it; with a range or without one.
    private string Tensor(Operation operation, int index)
    {
        string name = ((char)('a' + index)).ToString();
        string[] shape = index == 0 || random.Next(4) > 0 ? _shape : [.. _shape.Select(d => random.Next(2) == 0 ? "1" : d)];
        if (index > 0 && shape.Length > 0 && random.Next(8) == 0)
        {
            _lines.Add($"param {name}: [{string.Join(", ", shape)}] = normal(0, 1)");
            return name;
        }

        bool isFixed = shape.All(d => int.TryParse(d, out _));
        string ofShape = $"[{string.Join(", ", shape)}]";
        if (isFixed && random.Next(2) == 0)
        {
            string space = "Space" + name.ToUpperInvariant();
            bool wantsBits = operation.Name == "bce_with_logits" && index == 1;
            string[] labels = ["class[3]", "code[6]", "mulaw[256]", "level[5]", "bit", "u8"];
            _spaces.Add($"space {space} = " + (operation.Name is "embed" or "one_hot" ? Of(labels) + ofShape : wantsBits ? $"bit{ofShape}" : Of([$"f32{ofShape} in [-1, 1]", $"f32{ofShape} in [0, 1]", $"f32{ofShape} in [0.5, 3]", $"f32{ofShape} in [-2, -0.25]", $"u8{ofShape}", $"bit{ofShape}", $"level[5]{ofShape}"])));
            _data.Add($"{name}: {space}");
            return name;
        }

        _data.Add($"{name}: {ofShape}");
        string before = operation.Name is "logit" or "normal_quantile" ? Of(["sigmoid", "sigmoid", "abs"]) : Of(["", "", "tanh", "sigmoid", "exp", "softplus", "abs", "* 1.5", "- 0.5", "/ s"]);
        if (before.Length == 0)
        {
            return name;
        }

        string value = before[0] is '*' or '-' ? $"{name} {before}" : before == "/ s" ? $"2 / exp({name})" : $"{before}({name})";
        _lines.Add($"{name}1 = {value}");
        return name + "1";
    }

    private string Hyperparameter(string declaration)
    {
        _pending.Add(declaration);
        return declaration.Split(':')[0];
    }

    private T Of<T>(T[] choices)
    {
        T chosen = choices[random.Next(choices.Length)];
        if (chosen is string text)
        {
            _hyperparameters.UnionWith(_pending.Where(p => System.Text.RegularExpressions.Regex.IsMatch(text, $@"\b{p.Split(':')[0]}\b")));
            _pending.Clear();
        }

        return chosen;
    }
}
