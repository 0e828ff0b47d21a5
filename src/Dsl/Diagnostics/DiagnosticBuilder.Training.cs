using System.Collections.Generic;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Diagnostics;

/// <summary>GEN4xxx: models, objectives, gradient flow.</summary>
public sealed partial class DiagnosticBuilder
{
    public GenDiagnostic ObjectiveMissesTarget(string target, IReadOnlyList<string> reached) =>
        Error("GEN4001", $"The objective does not depend on the parameters of '{target}', so it cannot move them."
            + (reached.Count > 0 ? $" It depends on: {List(reached)}." : " It depends on no parameters at all."));

    public GenDiagnostic ObjectiveMayMissTarget(string target) =>
        Error("GEN4001", $"Where a loop above runs no round, the objective does not depend on the parameters of '{target}', and a step would fail. Begin the loop so that it has a round for all hyperparameters, or compute the first value from '{target}' too.");

    public GenDiagnostic ObjectiveOnlyThroughStop(string target, string cut) =>
        Error("GEN4002", $"The objective depends on '{target}' only through {cut}, which lets no gradient pass, so it cannot move '{target}'.");

    public GenDiagnostic TargetIsAverage(string target, string source) =>
        Error("GEN4003", $"'{target}' is an average of '{source}': it follows '{source}' and never receives gradient. Minimise over '{source}'.");

    public GenDiagnostic ObjectiveNotScalar(string found, bool isTensor)
    {
        GenDiagnostic error = Error("GEN4004", $"An objective is one number computed from tensors, but this is {found}.{(isTensor ? " Wrap it in 'mean(...)'." : "")}");
        return isTensor ? error with { Fixes = [Wrap("mean")] } : error;
    }

    public GenDiagnostic MovedSince(string binding, string net, int line) =>
        Error("GEN4005", $"The gradient of this objective runs through {binding}, which was computed with the weights that '{net}' had before line {line} moved them. Its backward pass would silently use the new ones. Call '{net}' again below that line, 'stop' the value, or let both statements move at once, in 'accumulate 1 {{ ... }}'.");

    public GenDiagnostic TargetIsNoNet(string found) =>
        Error("GEN4006", $"What stands behind 'over' must be a net or model constructed at the top of the trainer, or a part of one such as 'M.prior', but this is {found}.");

    public GenDiagnostic NobodyMoves(string net) =>
        Warning("GEN4007", $"'{net}' has parameters, but no 'minimize' moves them.");

    public GenDiagnostic LatentNotProposed(string latent) =>
        Error("GEN4008", $"The latent '{latent}' has no proposal. A model with latents needs a 'guide {{ ... }}' with a line '{latent} ~ ...'.");

    public GenDiagnostic NotALatent(string name) =>
        Error("GEN4009", $"The guide proposes '{name}', which is no latent of the model.");

    public GenDiagnostic DrawnTwice(string name) => Error("GEN4010", $"'{name}' already has a distribution.");

    public GenDiagnostic DrawnTwiceAs(string name, string data) =>
        Error("GEN4010", name == data ? $"'{name}' already has a distribution, by a name for what is made of it." : $"'{name}' is made of '{data}', which already has a distribution: the same numbers would count twice.");

    public GenDiagnostic UnusedSource(string name) => Warning("GEN4012", $"The source '{name}' is never used.");

    public GenDiagnostic NotReparameterised(string name, string distribution, bool isDiscrete) =>
        Error("GEN4013", $"The guide draws '{name}' from '{distribution}', whose draws carry no gradient to its parameters. {(isDiscrete
            ? $"Three laws propose what has finitely many values: 'enumerate(logits)' runs over all values of a single choice, and for a latent 'y: [n, ...] ~ one_hot(...)' there are 'straight_through(logits)' and 'gumbel_softmax(logits, temperature)'."
            : "Propose it from a 'normal'.")}");

    public GenDiagnostic ModelCannotPropose(string model, string why) =>
        Error("GEN4026", $"'{model}' cannot propose a latent: {why}.");

    public GenDiagnostic GuideSeesLatent(string name, string latent) =>
        Error("GEN4028", name == latent
            ? $"'{latent}' is not proposed yet: a guide reads a latent behind its own line for it."
            : $"'{name}' depends on '{latent}', which the guide has not chosen. A guide sees data, conditions, the latents that it has proposed, and what the model computes from data alone.");

    public GenDiagnostic ToldItsOwnData(string model, string data) =>
        Error("GEN4027", $"'{model}' is told something computed from '{data}', which it is to be the law of. Its conditions may depend on latents and on the conditions of this model only.");

    public GenDiagnostic LatentNeedsShape(string name) =>
        Error("GEN4014", $"'{name}' is no data of this model, and a latent declares its shape: '{name}: [dim] ~ ...'.");

    public GenDiagnostic DataHasType(string name) =>
        Error("GEN4014", $"'{name}' is data and has its type in the header. Write '{name} ~ ...', or give a latent another name.");

    public GenDiagnostic ConditionDrawn(string name) =>
        Error("GEN4014", $"'{name}' is a condition, which a model is given and does not distribute. Remove this line, or put '{name}' in front of the bar.");

    public GenDiagnostic SameTargetTwice(string target) => Error("GEN4015", $"'{target}' stands twice behind 'over'.");

    public GenDiagnostic TargetsOverlap(string inner, string outer) =>
        Error("GEN4015", $"'{inner}' lies in '{outer}', which stands behind 'over' too, so its parameters would move twice. Leave one of them out, or write '{outer} except {inner}'.");

    public GenDiagnostic ExceptNotInside(string part, string target, IReadOnlyList<string> parts) =>
        Error("GEN4022", $"'{part}' is no part of '{target}', so it cannot be left out of it." + (parts.Count > 0 ? $" The parts of '{target}' are: {List(parts)}." : $" '{target}' has no parts."));

    public GenDiagnostic ExceptLeavesNothing(string target) =>
        Error("GEN4022", $"All parts of '{target}' with parameters are left out, so there is nothing to move.");

    public GenDiagnostic CannotSolveFor(string found) =>
        Error("GEN4029", $"'solve' gives the only weight of a net its value: a net of the trainer that is one 'linear(n, bias: false)', but this is {found}.");

    public GenDiagnostic SolveByRows(string why) =>
        Error("GEN4029", $"'solve' goes over the rows of a source, batch by batch, and what it reads is of each row by itself and of one source, but {why}.");

    public GenDiagnostic NoClosedForm(string found) =>
        Error("GEN4029", $"'solve' wants a closed form over all rows, 'procrustes(x, y)', 'least_squares(x, y)' or 'mutual_procrustes(x, W(x), y)', but this is {found}. What has none is a phase with 'minimize'.");

    public GenDiagnostic StepBesidePhases(string what) =>
        Error("GEN4023", $"{what}, but this trainer is a plan of phases, each with a step of its own. Move it into a phase; beside phases stand constructions, 'sample' and 'evaluate'.");

    public GenDiagnostic PhaseWithoutEnd(string phase, string next) =>
        Error("GEN4024", $"The phase '{phase}' says no length, so '{next}' would never begin: 'phase {phase} for 30 epochs'. Only the last phase may take its length from the run.");

    public GenDiagnostic PhaseWithoutData(string phase, string? source) =>
        Error("GEN4025", source is null
            ? $"The phase '{phase}' reads no data, so it has no epochs. Give its length in steps."
            : $"The phase '{phase}' never reads '{source}', so it makes no passes over it. Name a source that it reads.");

    public GenDiagnostic NothingToLearn(string target) => Error("GEN4016", $"'{target}' has no parameters, so there is nothing to move.");

    public GenDiagnostic NoStep(string what) => Error("GEN4017", $"{what} has no 'minimize', so a step would change nothing.");

    public GenDiagnostic EvaluationResultShape(string found) =>
        Error("GEN4018", $"An evaluation reports means over all rows of its source: a mean or a sum of means, such as 'report loss = mean(...)', but this is {found}.");

    public GenDiagnostic NoSuchQuery(string query, string model, string instead) =>
        Error("GEN4019", $"'{model}' has no '{query}': {instead}");

    public GenDiagnostic NoData(string what) =>
        Error("GEN4021", $"{what} has no data. Its last list names it: '(x: Image)'.");

    public GenDiagnostic AverageOfWhat(string word, string found) =>
        Error("GEN4020", $"'{word}' averages a net constructed above, but this is {found}.");

    public GenDiagnostic GradientNotScalar(string found) =>
        Error("GEN4050", $"'grad' differentiates one number, but this is {found}. The sum of what samples have each of their own gives each sample its own gradient: 'grad(sum(...), x)'.");

    public GenDiagnostic GradientNeedsName(string found) =>
        Error("GEN4051", $"'grad' differentiates at a value by its name, because it is that very value that the first argument is computed from, but this is {found}. Give the value a name, and compute from the name.");

    public GenDiagnostic GradientMisses(string at) =>
        Error("GEN4052", $"What is differentiated does not depend on '{at}' through a path that lets gradient pass, so there is no gradient at '{at}'.");

    public GenDiagnostic NoSecondGradient(string operation, string? net, int line) =>
        Error("GEN4053", $"A 'minimize' runs through the gradient that line {line} takes, so every operation on its way is differentiated twice, and '{operation}'{(net is null ? "" : $" in '{net}'")} cannot be. Use another operation there, or 'stop' the gradient.");

    public GenDiagnostic WriteOfNoState(string name, string found) =>
        Error("GEN4060", $"'<-' writes what outlives the step, but '{name}' is {found}. Declare it at the top: 'state {name} = ...'; a name that only the step has is bound again with '='.");

    public GenDiagnostic OtherThanHeld(string name, TensorType held, TensorType found) =>
        Error("GEN4061", $"'{name}' holds {Held(held)}, but this is {Held(found)}.{(held.Rows is null && found.Rows is not null ? $" The batch is another in each step: reduce it, as in 'mean(v, over: rows)'." : "")}");

    public GenDiagnostic StateOfUnknownSize(string name, string why) =>
        Error("GEN4062", $"The state '{name}' has no size: {why}.");

    public GenDiagnostic TargetIsGiven(string target) =>
        Error("GEN4063", $"'{target}' arrives trained and never moves. To train it here, construct it without 'given'.");

    public GenDiagnostic UnknownConstraint(string net) =>
        Error("GEN4054", $"What holds of '{net}' after each of its moves is written 'clip(low, high)', as in 'constrain {net}: clip(-0.01, 0.01)', or 'orthogonal'.");

    public GenDiagnostic NothingOrthogonal(string net) =>
        Error("GEN4054", $"'{net}' has no matrices or filters that could be orthogonal: its layers have biases, gains or embeddings alone.");

    public GenDiagnostic CannotHandOver(string why) =>
        Error("GEN4064", $"Between phases '<-' gives a net of the trainer the weights of another one that is constructed alike, 'T <- S', or first weights anew, 'S <- fresh', but {why}.");

    public GenDiagnostic CannotCollect(string why) =>
        Error("GEN4065", $"'collect' goes over the rows of a source that is given, batch by batch, and makes columns of each row by itself, but {why}.");

    public GenDiagnostic CannotBalance(string found) =>
        Error("GEN4065", $"'balance' wants a class of each row, such as 'argmax(q)' or a column of classes, but this is {found}.");

    public GenDiagnostic CollectedInLoop(string phase, string source) =>
        Error("GEN4065", $"The phase '{phase}' reads '{source}', which is collected in a loop of phases that may have no round. Move the phase into the loop, or collect in front of it.");

    public GenDiagnostic GradientOfCoupledRows(string at, string operation, string? net) =>
        Warning("GEN4540", $"The gradient at '{at}' is meant for each sample by itself, but '{operation}'{(net is null ? "" : $" in '{net}'")} makes what is differentiated depend on the other samples of the batch too. Use a net without it.");

    public GenDiagnostic SigmoidBeforeLogits(string value) =>
        Warning("GEN4541", $"This loss takes logits, and applies the sigmoid itself, but {value} has gone through a 'sigmoid' already: squashed twice, it lies in [0, 1] and says 'real' with every number. Leave the sigmoid out.");

    public GenDiagnostic EvaluationOfCoupledRows(string figure) =>
        Warning("GEN4542", $"'{figure}' is a mean over batches, and looks at all rows of one, with 'all_rows', with 'nearest' or through the batch statistics of a net called by 'still': with another batch it is another number. Give the batch with it, or evaluate what looks at each row by itself.");

    public GenDiagnostic LengthsUnderTemperature(string name) =>
        Warning("GEN4544", $"'{name}' is compared under a temperature, and nothing fixes the length of its rows: lengths are temperatures of their own then, and grow. Compare unit vectors, 'unit({name})', or take plain products with t: 1.");

    public GenDiagnostic PositiveAmongNegatives(string name) =>
        Warning("GEN4545", $"'{name}' was put into the queue that the negatives are taken from: each row has its positive among its negatives, and cannot tell them apart. Compare first, and write the queue behind.");

    public GenDiagnostic SmoothedFakes(string target, string instead) =>
        Warning("GEN4543", $"The target {target} smooths what a critic says of drawn samples: its optimum then rises where the generator already is. Smooth the side of the data alone, and give drawn samples the target {instead}.");

    public GenDiagnostic TwoOptimizers(string target) =>
        Warning("GEN4501", $"'{target}' is moved by two 'minimize' statements, each with an optimizer of its own: their moments do not know of each other. Add the objectives into one, or mean it.");

    public GenDiagnostic SamplerIsNaive(string data, string reason) =>
        Note("GEN4511", $"Samples of '{data}' run the whole net once for every position, because {reason}. All else is as with a derived sampler; only the time grows with the square of the length.");

    public GenDiagnostic DecayWithoutEffect(string net, string layer) =>
        Warning("GEN4502", $"Weight decay on '{net}' shrinks '{layer}', whose output is standardised by 'batch_norm': the length of its kernel has no effect, and decay only raises the effective learning rate.");

    private static string Held(TensorType type) => type.Rows is { } rows ? $"{type}, {(rows.Count is { } count ? $"{count} rows" : "any number of rows")}" : $"{type} without rows";
}
