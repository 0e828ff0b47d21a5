using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics.Flows;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>The declarations of one file with those of the library behind them, elaborated when first asked for.</summary>
internal sealed class FileContext
{
    private readonly Dictionary<string, DeclarationSymbol> _declarations = new(StringComparer.Ordinal);
    private readonly Dictionary<(DeclarationSymbol Symbol, string Key), IrModule?> _modules = [];
    private readonly HashSet<DeclarationSymbol> _open = [];
    private readonly HashSet<DeclarationSymbol> _brokenTemplates = [];
    private readonly HashSet<string> _classNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SpaceSymbol?> _spaces = new(StringComparer.Ordinal);
    private readonly List<IrModule> _order = [];

    public FileContext(GenSource source, FileSyntax file, DiagnosticBag diagnostics, CatalogueTable catalogue, CancellationToken cancel)
    {
        Source = source;
        Catalogue = catalogue;
        Diagnostics = diagnostics;
        Cancel = cancel;
        foreach (DeclarationSyntax declaration in file.Declarations.Where(d => !d.Name.IsMissing))
        {
            if (_declarations.ContainsKey(declaration.Name.Text))
            {
                diagnostics.Add(new DiagnosticBuilder(source, declaration.Name.Span).Duplicate(declaration.Name.Text, "another declaration of this file"));
                continue;
            }

            // A preset repeats what stands above it.
            DeclarationSyntax? full = declaration is PresetSyntax preset ? Presets.Expand(source, preset, n => _declarations.TryGetValue(n, out DeclarationSymbol? above) ? above.Syntax : null, diagnostics) : declaration;
            if (full is null)
            {
                continue;
            }

            var symbol = new DeclarationSymbol(full, source, isLibrary: false);
            _declarations.Add(symbol.Name, symbol);
            _classNames.Add(MemberName.Pascal(symbol.Name));
            Symbols.Add(symbol);
        }
    }

    public GenSource Source { get; }

    public DiagnosticBag Diagnostics { get; }

    /// <summary>The entries that it may use.</summary>
    public CatalogueTable Catalogue { get; }

    public CancellationToken Cancel { get; }

    /// <summary>The declarations of the file, in order.</summary>
    public List<DeclarationSymbol> Symbols { get; } = [];

    /// <summary>Modules elaborated so far, each behind what it uses.</summary>
    public IReadOnlyList<IrModule> Modules => _order;

    public DeclarationSymbol? Find(string name) =>
        _declarations.TryGetValue(name, out DeclarationSymbol? own) ? own : Catalogue.Declared(name);

    /// <summary>Every name that can stand in an expression, for suggestions.</summary>
    public IEnumerable<string> AllNames => _declarations.Keys
        .Concat(Catalogue.Names)
        .Concat(OptimizerEntry.All.Select(o => o.Name))
        .Concat(SpecialForms.Names);

    /// <summary>The space of a name; null, reported where it is declared, if it is no space or has errors.</summary>
    public SpaceSymbol? Space(string name)
    {
        if (_spaces.TryGetValue(name, out SpaceSymbol? known))
        {
            return known;
        }

        SpaceSymbol? space = Find(name) is { Syntax: SpaceSyntax syntax } symbol ? SpaceBinder.Bind(this, symbol.Source, syntax) : null;
        _spaces[name] = space;
        return space;
    }

    /// <summary>
    /// The module of a net, model or trainer. Null where it constructs itself, which is reported, and for another reading of a
    /// declaration that has reported errors in an earlier one.
    /// </summary>
    /// <param name="template">What is fixed, of a declaration with tuples or words among its hyperparameters.</param>
    public IrModule? Module(DeclarationSymbol symbol, Action<Func<DiagnosticBuilder, GenDiagnostic>> report, Template? template = null)
    {
        Cancel.ThrowIfCancellationRequested();
        (DeclarationSymbol, string) key = (symbol, template?.Key ?? "");
        if (_open.Contains(symbol))
        {
            report(b => b.Recursive(symbol.Name));
            return null;
        }

        if (_modules.TryGetValue(key, out IrModule? known) || _brokenTemplates.Contains(symbol))
        {
            return known;
        }

        _open.Add(symbol);
        int errors = Diagnostics.ErrorCount;
        string name = template is null ? symbol.Name : ClassName(symbol, template);
        IrModule module = symbol.Syntax switch
        {
            NetSyntax net => NetElaborator.Elaborate(this, symbol, net, name, template),
            FlowSyntax flow => FlowElaborator.Elaborate(this, symbol, flow, name, template),
            ModelSyntax model => ModelElaborator.Elaborate(this, symbol, model, name, template),
            TrainerSyntax trainer => TrainerElaborator.Elaborate(this, symbol, trainer, isDerived: false),
            _ => throw new InvalidOperationException(symbol.Kind),
        };
        module.IsBroken = Diagnostics.ErrorCount > errors || module is IrNet { Forward: null } or IrModel { Elbo: null, LogProb: null } || module.Children.Exists(c => c.Module.IsBroken);
        _open.Remove(symbol);
        _modules[key] = module;
        _order.Add(module);
        if (template is not null && Diagnostics.ErrorCount > errors)
        {
            _brokenTemplates.Add(symbol);
        }

        return module;
    }

    // The declaration's own name belongs to the class with all defaults.
    private string ClassName(DeclarationSymbol symbol, Template template)
    {
        string name = symbol.Name + template.Suffix;
        for (int i = 2; template.Suffix.Length > 0 && !_classNames.Add(MemberName.Pascal(name)); i++)
        {
            name = $"{symbol.Name}{template.Suffix}Variant{i.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        }

        return name;
    }
}
