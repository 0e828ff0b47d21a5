using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Diagnostics;

/// <summary>GEN404x: latents with finitely many values.</summary>
public sealed partial class DiagnosticBuilder
{
    public GenDiagnostic ProposesOnly(string law, bool isOneHot) =>
        Error("GEN4040", $"'{law}' says how a guide proposes a latent, and is no law that a model has. Write '{(isOneHot ? "one_hot(logits)" : "categorical(logits)' or 'one_hot(logits)")}' here, and '{law}' in the guide.");

    public GenDiagnostic OneHotData(string data, TensorType type) =>
        Error("GEN4041", $"'one_hot' is a law of latents, but '{data}' is data, {type}, whose numbers nothing keeps at 0 and 1. Choices in data are 'class[n]', with the law 'categorical(logits)'.");

    public GenDiagnostic ProposalIsNoVector(string latent, TensorType type, string law) =>
        Error("GEN4042", $"'{law}' proposes one-hot vectors, but '{latent}' is {type}. Declare '{latent}: [{(type.IsDiscrete ? type.Count.ToString() : "n")}] ~ one_hot(logits)'{(type.IsDiscrete && type.Shape.Length == 0 ? ", or propose it by 'enumerate(logits)'" : "")}.");

    public GenDiagnostic ProposalIsNoChoice(string latent, TensorType type) =>
        Error("GEN4042", $"'enumerate' runs over the values of a choice, but '{latent}' is {type}. Propose it from a 'normal', or declare it with a space such as 'class[10]'.");

    public GenDiagnostic PriorIsOther(string latent, string prior, bool isPriorOneHot, string proposal) =>
        Error("GEN4042", isPriorOneHot
            ? $"The model draws '{latent}' from '{prior}', one-hot vectors, but the guide proposes it from {proposal}, which gives others. Propose it by 'straight_through(logits)', 'gumbel_softmax(logits, temperature)' or, for a single choice, 'enumerate(logits)'."
            : $"The guide proposes one-hot vectors for '{latent}' by {proposal}, but the model draws it from {prior}. Its law must be 'one_hot(logits)'.");

    public GenDiagnostic ManyChoices(string latent, TensorType type, string each, string choices) =>
        Error("GEN4043", $"'enumerate' runs over every value of a latent, but '{latent}', {type}, has {choices} choices, and so {each}^({choices}) values. Enumerate single choices; for many, declare one-hot vectors, 'one_hot(logits)', and propose them by 'straight_through(logits)' or 'gumbel_softmax(logits, temperature)'.");

    public GenDiagnostic SomeSummedOut(string latent, string other) =>
        Error("GEN4044", $"'{latent}' and '{other}' are both enumerated, but only one of them by logits. Give logits to both, for the mean over all values, or to neither, to sum all out.");

    public GenDiagnostic RelaxedObjective(string latent, string law, string query) =>
        Error("GEN4045", $"'{query}' weights each draw by its probability, which the relaxed draws of '{latent}' by '{law}' do not have: its draws here are one-hot, and no gradient comes back through them. Train by 'elbo', and report '{query}'; or propose '{latent}' by 'straight_through(logits)'.");

    public GenDiagnostic DiscreteThroughBijection(string law) =>
        Error("GEN4046", $"'{law}' has finitely many values, so a bijection makes no density of it. Take the draw under its own name, and compute from it what the model needs.");
}
