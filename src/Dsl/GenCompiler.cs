using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Parsing;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl;

/// <summary>The one entry of the compiler's front end: text in, checked IR and diagnostics out.</summary>
public static class GenCompiler
{
    /// <summary>Parses, binds and judges one file. Never throws on bad input.</summary>
    /// <exception cref="System.OperationCanceledException">The token was cancelled.</exception>
    public static CheckedFile Check(GenSource source, CancellationToken cancel = default) => Check(source, CatalogueTable.Standard, cancel);

    /// <summary>Parses, binds and judges one file that may use more than what is built in. Never throws on bad input.</summary>
    /// <exception cref="System.OperationCanceledException">The token was cancelled.</exception>
    public static CheckedFile Check(GenSource source, CatalogueTable catalogue, CancellationToken cancel = default)
    {
        var diagnostics = new DiagnosticBag();
        FileSyntax syntax = GenParser.Parse(source, diagnostics, cancel);
        var file = new FileContext(source, syntax, diagnostics, catalogue, cancel);
        IrFile ir = Elaborate(file);
        return new CheckedFile(source, syntax, diagnostics.ToImmutable(), ir);
    }

    private static IrFile Elaborate(FileContext file)
    {
        var spaces = new List<SpaceSymbol>();
        var trainers = new List<IrTrainer>();
        var models = new List<(DeclarationSymbol Symbol, ModelSyntax Syntax, IrModel Ir)>();
        HashSet<string> trained = [.. file.Symbols.Select(s => s.Syntax).SelectMany(DerivedTrainer.Covered)];
        MemberNames.OfFile(file, trained);
        foreach (DeclarationSymbol symbol in file.Symbols)
        {
            switch (symbol.Syntax)
            {
                case SpaceSyntax:
                    if (file.Space(symbol.Name) is { } space)
                    {
                        spaces.Add(space);
                    }

                    break;
                case LossSyntax loss:
                    // Its body is a template, but two parameters of one name can never be told apart.
                    HeaderBinder.Distinct(file, loss.Header);
                    break;
                case NetSyntax or FlowSyntax or ModelSyntax when Template.NeedsArguments(symbol.Syntax):
                    // Its body is read where it is constructed, for the tuples and words given there.
                    HeaderBinder.Distinct(file, ((BodyDeclarationSyntax)symbol.Syntax).Header);
                    break;
                case NetSyntax or FlowSyntax or ModelSyntax or TrainerSyntax:
                    Template? template = Template.Is(symbol.Syntax) ? Template.Of((BodyDeclarationSyntax)symbol.Syntax, ImmutableDictionary<string, Value>.Empty, []) : null;
                    IrModule? module = file.Module(symbol, d => file.Diagnostics.Add(d(new DiagnosticBuilder(file.Source, symbol.Syntax.Name.Span))), template);
                    if (module is IrTrainer trainer)
                    {
                        trainers.Add(trainer);
                    }
                    else if (module is IrModel model && symbol.Syntax is ModelSyntax syntax)
                    {
                        models.Add((symbol, syntax, model));
                    }

                    break;
            }
        }

        HashSet<string> sizes = [.. spaces.SelectMany(s => s.FreeSizes).Select(v => v.Name)];
        foreach ((DeclarationSymbol symbol, ModelSyntax syntax, IrModel ir) in models.Where(m => !trained.Contains(m.Symbol.Name) && DerivedTrainer.IsPossible(m.Syntax, m.Ir)))
        {
            trainers.Add(TrainerElaborator.Elaborate(file, symbol, DerivedTrainer.For(syntax, ir, sizes), isDerived: true));
        }

        foreach (IrTrainer trainer in trainers)
        {
            trainer.IsBroken |= file.Diagnostics.HasErrors;
        }

        return new IrFile([.. spaces], [.. file.Modules.Where(m => m is not IrTrainer)], [.. trainers]);
    }
}
