using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Constructing nets and models, and applying nets.</summary>
internal sealed partial class BodyElaborator
{
    /// <summary>True while the right side of a binding at the top of a trainer is evaluated: only there may it construct.</summary>
    public bool MayConstruct { get; set; }

    private Value Construct(DeclarationSymbol symbol, ImmutableArray<ArgumentSyntax> arguments, object place, TextSpan span, Wrapping? wrapping = null)
    {
        if (_construction.At<ModuleInstance>(place) is { } known)
        {
            return new ModuleValue(known);
        }

        if (Kind == BodyKind.Loss)
        {
            return Error(span, b => b.NotAllowedHere($"Constructing '{symbol.Name}'", "a loss; a net comes in as an argument: 'F: net(S) -> [1]'"));
        }

        Template? template = null;
        if (Template.Is(symbol.Syntax))
        {
            if (Specialise(symbol, (BodyDeclarationSyntax)symbol.Syntax, arguments, span) is not { } special)
            {
                return ErrorValue.Instance;
            }

            (template, arguments) = special;
        }

        if (symbol.Syntax is NetSyntax net && (wrapping ?? Around) is { } around)
        {
            // What is wrong with the net is said of the net as it is declared.
            if (template is null && !symbol.IsLibrary && _file.Module(symbol, d => Report(span, d)) is not { IsBroken: false })
            {
                return ErrorValue.Instance;
            }

            template = Template.Wrapped(net, template, around);
        }

        if (_file.Module(symbol, d => Report(span, d), template) is not { } module || Hyperparameters(symbol.Name, module, arguments, span) is not { } given)
        {
            return ErrorValue.Instance;
        }

        if (!Owed(module, module.KnownSizes(given), span))
        {
            return ErrorValue.Instance;
        }

        if (Kind is BodyKind.Trainer or BodyKind.Observer && !MayConstruct && module.HasParameters)
        {
            return Error(span, b => b.NotConstructedHere(symbol.Name));
        }

        if (Within is BodyKind.Model or BodyKind.Flow && module.IsOfRows)
        {
            return Error(span, b => b.NotAllowedHere($"'{symbol.Name}', which looks at other rows too,", $"a {(Within == BodyKind.Model ? "model" : "flow")}: it is a function of each sample by itself"));
        }

        var instance = new ModuleInstance(symbol.Name, module, given, Loops, span);
        _construction.AddModule(place, instance);
        return new ModuleValue(instance);
    }

    private IReadOnlyDictionary<string, HostValue>? Hyperparameters(string callee, IrModule module, ImmutableArray<ArgumentSyntax> arguments, TextSpan span)
    {
        Dictionary<string, List<RawArgument>>? matched = ArgumentMatcher.Match(callee, [.. module.Hyperparameters.Select(h => (h.Name, false))], [], [], arguments, span, Report, constructs: true);
        if (matched is null)
        {
            return null;
        }

        bool ok = true;
        var given = new Dictionary<string, HostValue>(StringComparer.Ordinal);
        foreach (Hyperparameter parameter in module.Hyperparameters)
        {
            if (!matched.TryGetValue(parameter.Name, out List<RawArgument>? argument))
            {
                if (parameter.Default is null)
                {
                    Report(span, b => b.MissingArgument(callee, parameter.Name, parameter.Doc));
                    ok = false;
                }

                continue;
            }

            Value value = Evaluate(argument[0].Syntax!);
            HostValue? host = (value as HostValueHolder)?.Host;
            bool fits = host?.Kind == parameter.Kind || (host?.Kind == HostKind.Int && parameter.Kind == HostKind.Float);
            if (!fits)
            {
                if (value is not ErrorValue)
                {
                    string expected = parameter.Kind switch { HostKind.Int => "an integer", HostKind.Float => "a number", _ => "true or false" };
                    Report(argument[0].Span, b => b.WrongKind($"'{parameter.Name}' of '{callee}'", expected, value.Description));
                }

                ok = false;
            }
            else if (parameter.Minimum is { } minimum && !AtLeast(host!.Size!, minimum, $"'{parameter.Name}' of '{callee}'", parameter.Name, argument[0].Span))
            {
                ok = false;
            }
            else
            {
                given[parameter.Name] = host!;
            }
        }

        return ok && Passes(callee, module, given, name => matched[name][0].Span) ? given : null;
    }

    /// <summary>A net applied to a value; null, reported, where it does not fit.</summary>
    public IrValue? Applied(ModuleValue module, IrValue x, TextSpan span) =>
        Invoke(module, [RawArgument.Of(new TensorValue(x), span)], [], span) is TensorValue { Tensor: { } result } ? result : null;

    private Value Invoke(ModuleValue module, IReadOnlyList<RawArgument> piped, ImmutableArray<ArgumentSyntax> arguments, TextSpan span)
    {
        ModuleInstance instance = module.Instance;
        if (instance.Module is not IrNet net)
        {
            return Error(span, b => b.NotApplicable($"the model '{instance.Module.Name}'; ask it for 'elbo({instance.Name}, x)', 'loss({instance.Name}, x)' or 'draw({instance.Name})'"));
        }

        // A net whose body has errors has reported them; its callers stay silent.
        if ((module.IsInverse ? ((IrFlow)net).Inverse : net.Forward) is not { } forward || Match(instance, net.DeclaredName, forward, piped, arguments, span) is not { } match)
        {
            return ErrorValue.Instance;
        }

        // A part is called by its own name: 'trunk' of 'Q.trunk'.
        string stem = instance.Name.Substring(instance.Name.LastIndexOf('.') + 1);
        ImmutableArray<IrValue> outputs = [.. forward.Results.Select((r, i) => new IrValue(
            forward.Results.Length == 1 ? stem + "Output" : $"{stem}Output{(i + 1).ToString(CultureInfo.InvariantCulture)}", match.Unifier.Substitute(r.Type), _call ?? span))];
        var invoke = new InvokeOp(instance, match.Inputs, outputs, _call ?? span) { IsInverse = module.IsInverse, Manner = module.Manner };
        Emit(invoke);
        if (net is IrFlow)
        {
            return Transformed(invoke);
        }

        return outputs.Length == 1 ? ValueOf(outputs[0]) : new TupleValue([.. outputs.Select(ValueOf)]);
    }

    /// <summary>Arguments of a function of a module, matched and with the module's fixed sizes settled; null where they do not fit.</summary>
    private (ImmutableArray<IrValue> Inputs, ShapeUnifier Unifier)? Match(
        ModuleInstance instance, string callee, IrFunction function, IReadOnlyList<RawArgument> piped, ImmutableArray<ArgumentSyntax> arguments, TextSpan span)
    {
        ImmutableArray<IrValue> parameters = function.Parameters;
        List<string> names = [.. parameters.Select(p => p.Name)];
        if (ArgumentMatcher.Match(callee, [.. names.Select(n => (n, false))], piped, names, arguments, span, Report) is not { } matched)
        {
            return null;
        }

        var inputs = new List<(IrValue Value, TextSpan Span)>();
        foreach (IrValue parameter in parameters)
        {
            string name = parameter.Name;
            if (!matched.TryGetValue(name, out List<RawArgument>? given))
            {
                Report(span, b => b.MissingArgument(callee, name, ""));
                return null;
            }

            Value value = given[0].Piped ?? Evaluate(given[0].Syntax!);
            string what = $"'{name}' of '{callee}'";
            if ((parameter.Type.Members is null ? AsTensor(value, given[0].Span, what) : AsFamily(value, given[0].Span, what)) is not { } tensor)
            {
                return null;
            }

            inputs.Add((tensor, given[0].Span));
        }

        ModuleInstance sizes = instance.AverageOf ?? instance;
        var unifier = new ShapeUnifier(instance.KnownSizes.Concat(sizes.FreeSizes));
        if (!unifier.Unify(callee, [.. function.Parameters.Select(p => (p.Name, p.Type))], [.. inputs.Select(i => (i.Value.Type, i.Span))], Report))
        {
            return null;
        }

        if (!Owed(instance.Module, unifier.Sizes.Where(s => !instance.Module.Hyperparameters.Any(h => h.Name == s.Key)), span))
        {
            return null;
        }

        if (instance.Module.FixedSizes.FirstOrDefault(v => !unifier.Sizes.ContainsKey(v.Name)) is { } untold)
        {
            Report(span, b => b.NotSupportedYet($"'{callee}' run backwards before anything tells its size '{untold.Name}'", "Run it forwards first, under a name: 'F = " + callee + "()'."));
            return null;
        }

        foreach (DimVariable variable in instance.Module.FixedSizes)
        {
            sizes.FreeSizes[variable.Name] = unifier.Sizes[variable.Name];
        }

        return ([.. inputs.Select(i => i.Value)], unifier);
    }

    // Facts of the callee about sizes that are known now: proved, or reported with the fact that the caller should state.
    private bool Owed(IrModule module, IEnumerable<KeyValuePair<string, Dim>> sizes, TextSpan span)
    {
        bool ok = true;
        foreach (KeyValuePair<string, Dim> size in sizes)
        {
            foreach (SizeFact fact in module.SizeFacts.Where(f => f.Name == size.Key && !f.IsProvedFor(size.Value) && !IsCheckedOnEntry(size.Value)))
            {
                Report(span, b => b.FactNotMet(module.DeclaredName, fact.Text, size.Value, DimExample.Violating(size.Value, fact.Holds)));
                ok = false;
            }
        }

        return ok;
    }

    // A trainer's batches come from data, whose sizes nobody can prove anything of; the callee looks at them.
    private bool IsCheckedOnEntry(Dim size) => Kind is BodyKind.Trainer or BodyKind.Observer && size.Variables.Any(v => v.Kind == DimVariableKind.Free);
}
