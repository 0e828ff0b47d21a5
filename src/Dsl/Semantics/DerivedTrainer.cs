using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// The trainer of a model that no trainer of its file constructs, written as the user would write it:
/// its loss, adam 1e-3, a sampler, a test by the same loss.
/// </summary>
internal static class DerivedTrainer
{
    public static TrainerSyntax For(ModelSyntax model, IrModel ir)
    {
        TextSpan at = model.Name.Span;
        NameSyntax Name(string text) => new(text, at);
        ExpressionSyntax Id(string text) => new IdentifierSyntax(Name(text), at);
        ExpressionSyntax Call(string callee, params ExpressionSyntax[] arguments) =>
            new CallSyntax(Id(callee), [.. arguments.Select(a => new ArgumentSyntax(null, a, at))], at);

        var construct = new CallSyntax(
            Id(model.Name.Text), [.. model.Header.Hyperparameters.Select(h => new ArgumentSyntax(h.Name, new IdentifierSyntax(h.Name, at), at))], at);
        string figure = ir.IsBound ? "negative_elbo" : "negative_log_prob";
        string doc = ir.IsBound ? "Minus the evidence lower bound, in nats per sample." : "Minus the log-likelihood, in nats per sample.";
        ParameterSyntax data = model.Header.Data[0];
        ExpressionSyntax Objective() => Call("mean", Call("loss", Id("Model"), Id(data.Name.Text)));
        ImmutableArray<StatementSyntax> body =
        [
            new BindingSyntax([Name("Model")], false, construct, "", at),
            new BindingSyntax([Name(figure)], false, Objective(), doc, at),
            new MinimizeSyntax(Id(figure), [Id("Model")], Call("adam", new NumberSyntax("1e-3", at)), at),
            .. ir.Draw!.Results[0].Type.Space is null ? [] : new StatementSyntax[] { new SampleSyntax(Name(data.Name.Text), null, Call("draw", Id("Model")), "Samples of the model.", at) },
            new EvaluateSyntax(
                Name("test"),
                new HeaderSyntax([], [data], [], at),
                new BlockSyntax([new ReportSyntax(Name(figure), Objective(), doc, at)], at),
                "The loss on held-out data.",
                at),
        ];
        return new TrainerSyntax(model.Name, new HeaderSyntax(model.Header.Hyperparameters, [data], [], at), [], new BlockSyntax(body, at), model.Doc, at);
    }

    /// <summary>True where a trainer can be written: one data source, no conditions, and the model has no errors.</summary>
    public static bool IsPossible(ModelSyntax model, IrModel ir) =>
        model.Header is { Data.Length: 1, Conditions.Length: 0 } && (ir.Elbo ?? ir.LogProb) is not null && ir.Draw is not null && ir.HasParameters;

    /// <summary>The names that a trainer's body constructs.</summary>
    public static IEnumerable<string> Constructed(TrainerSyntax trainer) => trainer.Body.Statements.OfType<BindingSyntax>()
        .Select(b => b.Value).OfType<CallSyntax>().Select(c => c.Callee).OfType<IdentifierSyntax>().Select(i => i.Name.Text);
}
