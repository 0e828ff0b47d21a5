using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics.Latents;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// The trainer of a model that no trainer of its file constructs, written as the user would write it:
/// its loss, adam with a learning rate and a limit of the gradients that may be set, a sampler, a test by the same loss.
/// </summary>
internal static class DerivedTrainer
{
    /// <param name="sizes">Free sizes of the file: they are no names for options.</param>
    public static TrainerSyntax For(ModelSyntax model, IrModel ir, IReadOnlyCollection<string> sizes)
    {
        TextSpan at = model.Name.Span;
        NameSyntax Name(string text) => new(text, at);
        ExpressionSyntax Id(string text) => new IdentifierSyntax(Name(text), at);
        ExpressionSyntax Call(string callee, params ExpressionSyntax[] arguments) =>
            new CallSyntax(Id(callee), [.. arguments.Select(a => new ArgumentSyntax(null, a, at))], at);

        ParameterSyntax Option(string name, string value, string doc) =>
            new(Name(name), new HostTypeSyntax(Name("float"), null, at), new NumberSyntax(value, at), doc, at);

        ImmutableArray<ParameterSyntax> options = [.. model.Header.Hyperparameters.Where(p => ir.Hyperparameters.Any(h => h.Name == p.Name.Text))];
        var construct = new CallSyntax(
            Id(model.Name.Text), [.. options.Select(h => new ArgumentSyntax(h.Name, new IdentifierSyntax(h.Name, at), at))], at);
        // What the model calls by these names goes to the model; its trainer then keeps the default.
        ImmutableArray<ParameterSyntax> own = [.. new[] { Option("learning_rate", "1e-3", "The step size of adam."), Option("clip", "0", "The largest joint norm of the gradients; 0 for no limit.") }
            .Where(o => !IsTaken(model, sizes, o.Name.Text))];
        ExpressionSyntax rate = own.Any(o => o.Name.Text == "learning_rate") ? Id("learning_rate") : new NumberSyntax("1e-3", at);
        ImmutableArray<ArgumentSyntax> limit = own.Any(o => o.Name.Text == "clip") ? [new ArgumentSyntax(Name("clip"), Id("clip"), at)] : [];
        string figure = ir.IsBound ? "negative_elbo" : "negative_log_prob";
        string doc = ir.IsBound ? "Minus the evidence lower bound, in nats per sample." : "Minus the log-likelihood, in nats per sample.";
        ImmutableArray<ParameterSyntax> columns = [.. model.Header.Data, .. model.Header.Conditions];
        ExpressionSyntax[] given = [Id("Model"), .. columns.Select(c => Id(c.Name.Text))];
        ExpressionSyntax Objective() => Call("mean", Call("loss", given));

        // The rows of all parameters belong together: one source.
        ParameterSyntax data = columns.Length == 1 ? columns[0] : new ParameterSyntax(columns[0].Name, new ColumnsTypeSyntax(columns, at), null, "", columns[0].Span);
        List<StatementSyntax> figures = [new ReportSyntax(Name(figure), Objective(), doc, at)];
        if (ir.IsDiscrete)
        {
            // Both from one pass: the log-probability, or its bound, is what the loss negates, costs aside.
            ExpressionSyntax known = new NegateSyntax(Call("mean", Call(ir.IsBound ? "elbo" : "log_prob", given)), at);
            figures = [new ReportSyntax(Name(figure), known, doc, at), new ReportSyntax(Name("bits_per_dim"), Call("mean", Call("bits_per_dim", given)), "The same in bits for each number of a sample.", at)];
        }

        // Sizes that the data decide have no default in the program: a line of a thousand, an image that a sheet has room for.
        bool isImage = (ir.LogProb ?? ir.Elbo)!.Parameters[0].Type.Shape.Length > 2;
        ParameterSyntax Size(DimVariable size) => new(Name(size.Name), null, new NumberSyntax(isImage ? "64" : "1024", at), "", at);

        // Conditions come from whoever asks.
        StatementSyntax Sample() => new SampleSyntax(
            Name(columns[0].Name.Text),
            model.Header.Conditions.IsEmpty && ir.DrawSizes.IsEmpty ? null : new HeaderSyntax([], [.. model.Header.Conditions, .. ir.DrawSizes.Select(Size)], [], at),
            new CallSyntax(
                Id("draw"),
                [
                    new ArgumentSyntax(null, Id("Model"), at),
                    .. model.Header.Conditions.Select(c => new ArgumentSyntax(null, Id(c.Name.Text), at)),
                    .. ir.DrawSizes.Select(v => new ArgumentSyntax(Name(v.Name), Id(v.Name), at)),
                ],
                at),
            "Samples of the model.",
            at);

        ImmutableArray<StatementSyntax> body =
        [
            new BindingSyntax([Name("Model")], false, construct, "", at),
            new BindingSyntax([Name(figure)], false, Objective(), doc, at),
            new MinimizeSyntax(Id(figure), [new MoveSyntax([Id("Model")], new CallSyntax(Id("adam"), [new ArgumentSyntax(null, rate, at), .. limit], at), at)], at),
            .. ir.Draw?.Results[0].Type.Space is null ? [] : new StatementSyntax[] { Sample() },
            new EvaluateSyntax(
                Name("test"),
                new HeaderSyntax([], [data], [], at),
                new BlockSyntax([.. figures], at),
                "The loss on held-out data.",
                at),
        ];
        return new TrainerSyntax(model.Name, new HeaderSyntax([.. options, .. own], [data], [], at), [], new BlockSyntax(body, at), model.Doc, at);
    }

    private static bool IsTaken(ModelSyntax model, IReadOnlyCollection<string> sizes, string name) => sizes.Contains(name)
        || model.Header.Hyperparameters.Concat(model.Header.Data).Concat(model.Header.Conditions).Any(p => MemberName.Pascal(p.Name.Text) == MemberName.Pascal(name));

    /// <summary>True where a trainer can be written: the model has no errors and something to learn, and its data can be found by their spaces.</summary>
    public static bool IsPossible(ModelSyntax model, IrModel ir) =>
        (ir.Elbo ?? ir.LogProb) is not null && ir.HasParameters && model.Header.Data.Concat(model.Header.Conditions).All(p => !p.Name.IsMissing && p.Type is not (null or ElementTypeSyntax or ShapeSyntax));

    /// <summary>The names of what a declaration trains, so that it needs no trainer of its own: what a trainer constructs, and what another model is made of.</summary>
    public static IEnumerable<string> Covered(DeclarationSyntax declaration) => declaration switch
    {
        TrainerSyntax trainer => trainer.Body.Statements.OfType<BindingSyntax>()
            .Select(b => b.Value).OfType<CallSyntax>().Select(c => c.Callee).OfType<IdentifierSyntax>().Select(i => i.Name.Text),
        ModelSyntax model => model.Body.Statements.SelectMany(SyntaxNames.In).Select(n => n.Text).Where(n => n != model.Name.Text),
        _ => [],
    };
}
