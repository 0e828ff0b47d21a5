using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Models of levels, classes, codes and bits, exact or behind a latent, and what is asked of them in bits.</summary>
internal sealed partial class ProgramGenerator
{
    private void Discrete()
    {
        string[] dims = random.Next(4) switch { 0 => [], 1 => ["5"], 2 => ["1", "3", "4"], _ => ["3", "2", "4"] };
        string count = Of("2", "5", "16");
        string element = dims.Length > 0 ? Of("level", "level", "code", "mulaw", "bit") : Of("level", "class");
        string type = element == "bit" ? "bit" : $"{element}[{count}]";
        count = element == "bit" ? "2" : count;
        string channels = dims.Length < 2 ? "1" : dims[0];
        string[] sites = dims.Length < 2 ? dims : dims[1..];
        bool isMixture = element == "level" && random.Next(2) == 0;
        string features = isMixture ? $"discretized_logistic_mixture(m).parameters({channels})" : $"categorical({count}).parameters({channels})";
        string shape = string.Join(", ", sites.Prepend("features"));
        string product = string.Join(" * ", sites.Prepend("features"));
        string family = isMixture ? "discretized_logistic_mixture" : "categorical";
        bool isConditional = random.Next(2) == 0;
        bool hasLatent = !isConditional && element == "level" && random.Next(2) == 0;
        _declarations.Add(ProgramText.Line($"space Coded = {type}{(dims.Length == 0 ? "" : $"[{string.Join(", ", dims)}]")}"));
        List<ProgramText> body = [ProgramText.Line($"features = {features}")];
        if (hasLatent)
        {
            string width = dims.Length == 0 ? "1" : string.Join(" * ", dims);
            body.Add(ProgramText.Line("z: [2] ~ normal(0, 1)"));
            body.Add(ProgramText.Line($"x ~ {family}(z |> linear({product}) |> reshape({shape}))"));
            body.Add(ProgramText.Block("guide", [
                ProgramText.Line($"(mean, log_std) = x |> rescale(-1, 1) |> reshape({width}) |> linear(4) |> chunk(2)"),
                ProgramText.Line("z ~ normal(mean, exp(log_std))")]));
        }
        else if (isConditional)
        {
            body.Add(ProgramText.Line($"x ~ {family}(y |> linear({product}) |> reshape({shape}))"));
        }
        else
        {
            body.Add(ProgramText.Line($"param start: [{shape}] = {Of("zeros", "normal(0, 1)")}"));
            body.Add(ProgramText.Line($"x ~ {family}({Of("", isMixture ? "parameters: " : "logits: ")}start)"));
        }

        _declarations.Add(ProgramText.Block($"model Discrete(m = 2)(x: Coded{(isConditional ? " | y: Point" : "")})", body));
        if (random.Next(2) == 0)
        {
            return;
        }

        string data = isConditional ? "pairs: {x: Coded, y: Point}" : "x: Coded";
        string arguments = isConditional ? "M, x, y" : "M, x";
        List<ProgramText> text = [
            ProgramText.Line("M = Discrete(m)"),
            ProgramText.Line($"minimize {(hasLatent ? $"mean(loss({arguments}))" : Of($"mean(bits_per_dim({arguments}))", $"mean(loss({arguments}))"))} over M with adam(1e-3)")];
        text.Add(ProgramText.Block($"evaluate test({data})", hasLatent
            ? [ProgramText.Line($"report figure = mean(loss({arguments}))")]
            : [ProgramText.Line($"report bits = mean(bits_per_dim({arguments}))"), ProgramText.Line($"report nats = -mean(log_prob({arguments}))")]));
        _declarations.Add(ProgramText.Block(string.Create(CultureInfo.InvariantCulture, $"trainer TrainDiscrete(m = {random.Next(1, 4)})({data})"), text));
    }
}
