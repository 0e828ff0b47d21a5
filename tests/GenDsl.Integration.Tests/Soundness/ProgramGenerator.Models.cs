using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Models with and without latents, their guides, and the nets they need.</summary>
internal sealed partial class ProgramGenerator
{
    private readonly List<(string Name, string Space, string? Condition, bool HasLatents)> _models = [];

    private void Model()
    {
        (string Name, string[] Dims, string Element) space = _spaces.Where(s => s.Element is "f32" or "bit").OrderBy(_ => random.Next()).First();
        bool isBit = space.Element == "bit";
        bool hasLatents = random.Next(3) > 0;
        bool isConditional = random.Next(4) == 0;
        (string Name, string[] Dims, string Element) condition = _spaces.First(s => s.Name == "Point");
        string sizes = string.Join(" * ", space.Dims);
        string shape = string.Join(", ", space.Dims);
        string name = "Model" + Text(_models.Count + 1);
        string decoder = Decoder(name, shape, sizes);
        string encoder = Encoder(name, space);
        List<ProgramText> body = [];
        string source = hasLatents ? Latents(body, encoder, isConditional) : isConditional ? "y" : "";
        string logits = source.Length == 0 ? "start" : $"{source} |> {decoder}(hidden)";
        if (source.Length == 0)
        {
            body.Add(ProgramText.Line($"param start: [{shape}] = zeros"));
        }

        body.Add(ProgramText.Line(isBit
            ? $"x ~ bernoulli({Of("logits: ", "")}{logits})"
            : $"x ~ normal({logits}, {Of("1", "0.5", source.Length == 0 ? "exp(start)" : $"{source} |> {decoder}(hidden) |> softplus", source.Length == 0 ? "2" : "exp(" + source + " |> " + decoder + "(2))")})"));
        if (hasLatents && random.Next(3) == 0)
        {
            body.Add(ProgramText.Line("cost 0.1 * sum(z^2, per: sample)"));
        }

        _declarations.Add(ProgramText.Block($"model {name}(dim = 2, hidden = 3)(x: {space.Name}{(isConditional ? $" | y: {condition.Name}" : "")})", body));
        _models.Add((name, space.Name, isConditional ? condition.Name : null, hasLatents));
    }

    private string Decoder(string model, string shape, string sizes)
    {
        string name = model + "Decoder";
        _declarations.Add(ProgramText.Block(
            $"net {name}(hidden: int)(z: [d]) -> [{shape}]",
            [ProgramText.Line($"z |> linear(hidden) |> {Of("relu", "tanh", "batch_norm |> silu")} |> linear({sizes}) |> reshape({shape})")]));
        return name;
    }

    private string Encoder(string model, (string Name, string[] Dims, string Element) space)
    {
        string name = model + "Encoder";
        string first = space.Element == "f32" ? "x" : "x |> rescale(-1, 1)";
        _declarations.Add(ProgramText.Block(
            $"net {name}(hidden: int, out: int)(x: {space.Name}) -> [out]",
            [ProgramText.Line($"{first} |> flatten |> linear(hidden) |> {Of("relu", "tanh")} |> linear(out)")]));
        return name;
    }

    // Prior, guide; the text of what the likelihood reads.
    private string Latents(List<ProgramText> body, string encoder, bool isConditional)
    {
        bool isUniform = random.Next(5) == 0;
        bool isDeep = !isUniform && random.Next(3) == 0;
        List<ProgramText> guide = [];
        if (isUniform)
        {
            body.Add(ProgramText.Line("z: [dim] ~ normal(0, 1)"));
            guide.Add(ProgramText.Line($"centre = x |> {encoder}(hidden, dim) |> tanh"));
            guide.Add(ProgramText.Line(Of("z ~ uniform(centre, 2)", "z ~ uniform(centre - 2, centre * 0.1 + 3)")));
        }
        else
        {
            body.Add(ProgramText.Line(Of("z: [dim] ~ normal(0, 1)", "z: [dim] ~ normal(0.5, 2)", isConditional ? "z: [dim] ~ normal(y |> linear(dim), 1)" : "z: [dim] ~ normal(0, 1)")));
            guide.Add(ProgramText.Line($"(mean, log_std) = x |> {encoder}(hidden, 2 * dim) |> chunk(2)"));
            guide.Add(ProgramText.Line(Of("z ~ normal(mean, exp(log_std))", "z ~ normal(mean, softplus(log_std) + 0.01)", "z ~ normal(mean, 0.3)")));
        }

        if (isDeep)
        {
            body.Add(ProgramText.Line("u: [dim] ~ normal(z |> linear(dim), 1)"));
            guide.Add(ProgramText.Line("u ~ normal(z |> linear(dim), exp(tanh(z)))"));
        }

        body.Insert(random.Next(body.Count + 1), ProgramText.Block("guide", guide));
        return isDeep ? Of("u", "concat(u, z)") : "z";
    }
}
