using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Calls and pipes: <c>f(x)</c>, <c>x |> f</c>, <c>x |> f(a)</c>.</summary>
internal sealed partial class BodyElaborator
{
    private Value Pipe(PipeSyntax pipe) => Pipe(Evaluate(pipe.Input), pipe.Input.Span, pipe.Function);

    private Value Pipe(Value input, TextSpan inputSpan, ExpressionSyntax function)
    {
        (ExpressionSyntax calleeSyntax, ImmutableArray<ArgumentSyntax> arguments) = function is CallSyntax call ? (call.Callee, call.Arguments) : (function, []);
        if (WrappingWord(calleeSyntax) is { } wrapping)
        {
            Value wrapped = Wrap(wrapping, function);
            return input is ErrorValue ? input : wrapped switch
            {
                LayerValue layer => ApplyLayer(layer, Piped(input, inputSpan), function.Span),
                ModuleValue net => Invoke(net, Piped(input, inputSpan), [], function.Span),
                _ => wrapped,
            };
        }

        if (input is DistributionValue law)
        {
            return new DistributionValue(law.Distribution, law.Arguments, law.Span) { Transforms = law.Transforms.Add(function) };
        }

        if (IsInverse(calleeSyntax) && function is CallSyntax inverted)
        {
            return Inverse(inverted) is ModuleValue backwards && input is not ErrorValue ? Invoke(backwards, [RawArgument.Of(input, inputSpan)], [], function.Span) : ErrorValue.Instance;
        }

        if (function is CallSyntax { Callee: IdentifierSyntax { Name.Text: SpecialForms.Still or SpecialForms.Eval } form } && Scope.Find(form.Name.Text) is null && Declared(form.Name.Text) is null)
        {
            return Evaluate(function) is ModuleValue mannered && input is not ErrorValue ? Invoke(mannered, Piped(input, inputSpan), [], function.Span) : ErrorValue.Instance;
        }

        if (Callee(calleeSyntax) is not { } callee)
        {
            return ErrorValue.Instance;
        }

        if (input is ErrorValue)
        {
            return input;
        }

        IReadOnlyList<RawArgument> piped = Piped(input, inputSpan);
        switch (callee)
        {
            case OperationValue { Operation: { Kind: OperationKind.Layer } operation }:
                return ApplyLayer(operation, arguments, function, Loops, function.Span, piped, null);
            case OperationValue { Operation: { } operation }:
                return ApplyFunction(operation, piped, arguments, function.Span);
            case LayerValue layer when function is not CallSyntax:
                return ApplyLayer(layer, piped, function.Span);
            case HistoryValue { History: { } history }:
                return ApplyHistory(history, [.. piped, .. arguments.Select(RawArgument.Of)], function.Span);
            case FunctionValue local:
                return ApplyFunction(local, piped, arguments, function.Span);
            case ModuleValue module when function is not CallSyntax:
                return Invoke(module, piped, [], function.Span);
            case ModuleValue module:
                return Invoke(module, piped, arguments, function.Span);
            case DeclarationValue { Symbol: { Syntax: NetSyntax or FlowSyntax } symbol }:
                return Construct(symbol, arguments, function, function.Span) is ModuleValue constructed ? Invoke(constructed, piped, [], function.Span) : ErrorValue.Instance;
            case DeclarationValue { Symbol: { Syntax: LossSyntax loss } symbol }:
                return Inline(symbol, loss, piped, arguments, function.Span);
            default:
                return Error(function.Span, b => b.NotApplicable(callee.Description));
        }
    }

    private static IReadOnlyList<RawArgument> Piped(Value input, TextSpan span) =>
        input is TupleValue tuple ? [.. tuple.Items.Select(i => RawArgument.Of(i, span))] : [RawArgument.Of(input, span)];

    private Value Call(CallSyntax call)
    {
        if (call.Callee is IdentifierSyntax { Name.Text: { } word } && Scope.Find(word) is not { Value: ModuleValue or LayerValue or HistoryValue or FunctionValue })
        {
            if (WrappingWord(call.Callee) is { } wrapping)
            {
                return Wrap(wrapping, call);
            }

            if (IsInverse(call.Callee))
            {
                return Inverse(call);
            }

            if (Declared(word) is null && SpecialForms.Names.Contains(word))
            {
                return SpecialForm(word, call);
            }

            if (Kind == BodyKind.Trainer && Declared(word) is null && Schedules.Names.Contains(word))
            {
                return Schedule(word, call);
            }

            // A word that is a function too, one_hot, is one where labels are given.
            if (Declared(word) is null && _file.Catalogue.FindDistribution(word) is { } distribution && (_file.Catalogue.Find(word) is null || distribution.IsOneHot))
            {
                return IsDrawn(call) ? Drawn(distribution, call) : Distribution(distribution, call);
            }

            if (Declared(word) is null && Catalogue.FindOptimizer(word) is { } optimizer)
            {
                return Optimizer(optimizer, call);
            }
        }

        if (call.Callee is MemberSyntax { Target: CallSyntax { Callee: IdentifierSyntax { Name.Text: { } family } } each } member
            && Scope.Find(family) is null && Declared(family) is null && _file.Catalogue.FindDistribution(family) is { } asked)
        {
            return ParameterCount(asked, each, member, call);
        }

        if (Callee(call.Callee) is not { } callee)
        {
            return ErrorValue.Instance;
        }

        switch (callee)
        {
            case OperationValue { Operation: { Kind: OperationKind.Layer } operation }:
                return _construction.At<LayerValue>(call) ?? Remember(call, new LayerValue(operation, call.Arguments, call.Span, Loops));
            case OperationValue { Operation: { } operation }:
                return ApplyFunction(operation, [], call.Arguments, call.Span);
            case LayerValue layer:
                return ApplyLayer(layer, [.. call.Arguments.Select(RawArgument.Of)], call.Span);
            case HistoryValue { History: { } history }:
                return ApplyHistory(history, [.. call.Arguments.Select(RawArgument.Of)], call.Span);
            case FunctionValue local:
                return ApplyFunction(local, [], call.Arguments, call.Span);
            case ModuleValue module:
                return Invoke(module, [], call.Arguments, call.Span);
            case DeclarationValue { Symbol: { Syntax: NetSyntax or FlowSyntax or ModelSyntax } symbol }:
                return Construct(symbol, call.Arguments, call, call.Span);
            case DeclarationValue { Symbol: { Syntax: LossSyntax loss } symbol }:
                return Inline(symbol, loss, [], call.Arguments, call.Span);
            default:
                return Error(call.Callee.Span, b => b.NotApplicable(callee.Description));
        }
    }

    private LayerValue Remember(object place, LayerValue layer)
    {
        _construction.Place(place, layer);
        return layer;
    }

    /// <summary>
    /// What is called. A local value that cannot be called does not hide a function of its name, so that
    /// <c>(mean, log_std) = ...</c> and <c>mean(...)</c> live together.
    /// </summary>
    private Value? Callee(ExpressionSyntax syntax)
    {
        if (syntax is IdentifierSyntax { Name: { } name })
        {
            if (Scope.Find(name.Text) is { Value: TensorValue or HostValueHolder or TupleValue or StateValue } && Global(name.Text) is { } global)
            {
                return global;
            }
        }

        Value value = Evaluate(syntax);
        return value is ErrorValue ? null : value;
    }

    private Value ApplyFunction(Operation operation, IReadOnlyList<RawArgument> first, ImmutableArray<ArgumentSyntax> arguments, TextSpan span)
    {
        // exp(0.5) of a number is a number.
        if (HostArithmetic.IsFunction(operation.Name) && first.Count + arguments.Length == 1)
        {
            Value argument = first.Count == 1 ? first[0].Piped! : Evaluate(arguments[0].Value);
            switch (argument)
            {
                case HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } host }:
                    return operation.Name == "log" && !Interval.Positive.Meets(host.Range)
                        ? Error(span, b => b.LogOfNonPositive(host.Range))
                        : operation.Name != "log" || Demand(host, Interval.Positive, "what 'log' is taken of", span)
                            ? new HostValueHolder(HostArithmetic.Call(operation.Name, host))
                            : ErrorValue.Instance;
                case ErrorValue:
                    return argument;
                default:
                    (first, arguments) = ([RawArgument.Of(argument, first.Count == 1 ? first[0].Span : arguments[0].Value.Span)], []);
                    break;
            }
        }

        if (ExtremeEntries.IsWord(operation.Name) && first.Count + arguments.Count(a => a.Name?.Text is not ("per" or "over")) == 2)
        {
            return Extreme(operation, first, arguments, span);
        }

        if (operation.Name == "stop" && first.Count == 0 && arguments.Length == 1)
        {
            Value stopped = Evaluate(arguments[0].Value);
            if (stopped is ModuleValue net)
            {
                return InManner("stop", CallManner.Constant, net, arguments[0].Span, span);
            }

            (first, arguments) = ([RawArgument.Of(stopped, arguments[0].Value.Span)], []);
        }

        if (operation.Kind == OperationKind.Reduction && Kind is BodyKind.Net or BodyKind.Flow && arguments.All(a => a.Name?.Text != "per" && (a.Name?.Text != "over" || ReadsRows(a.Value))))
        {
            return Error(span, b => b.NotAllowedHere($"A bare '{operation.Name}', which mixes the samples of a batch,", $"a {(Kind == BodyKind.Net ? "net" : "flow")}; '{operation.Name}(x, per: sample)' keeps them apart"));
        }

        if (operation.Name == "lerp")
        {
            return Lerp(operation, first, arguments, span);
        }

        if (operation.Name == "dequantize")
        {
            return Dequantized(first, arguments, span);
        }

        if (operation.Fault is { } fault)
        {
            return Error(span, b => b.UnusableOperation(fault));
        }

        if (Bind(operation, first, arguments, span) is not { } bound)
        {
            return ErrorValue.Instance;
        }

        // TorchSharp reads an empty list of axes as all axes, so a value without any must not get there.
        return operation.Kind == OperationKind.Reduction && bound.Numbers.ContainsKey("per") && bound.Tensors["x"][0] is { Type: { Shape.Length: 0, Rows: not null } } number
            ? new TensorValue(number)
            : Apply(operation, null, bound, span);
    }

    private static bool ReadsRows(ExpressionSyntax axes) => axes is IdentifierSyntax { Name.Text: "rows" } || (axes is TupleSyntax tuple && tuple.Items.Any(ReadsRows));

    private Value ApplyLayer(LayerValue layer, IReadOnlyList<RawArgument> first, TextSpan span) =>
        ApplyLayer(layer.Operation, layer.Arguments, layer, layer.Loops, span, first, layer.BoundName, layer.Wrapping);

    private Value ApplyLayer(
        Operation operation, ImmutableArray<ArgumentSyntax> arguments, object place, ImmutableArray<LoopIndex> loops, TextSpan span, IReadOnlyList<RawArgument> first, string? boundName, Wrapping? wrapping = null)
    {
        if (Kind is BodyKind.Loss or BodyKind.Trainer or BodyKind.Observer)
        {
            return Error(span, b => b.NotAllowedHere($"The layer '{operation.Name}', which has parameters,", Kind == BodyKind.Loss ? "a loss" : "a trainer; put it into a net"));
        }

        return Bind(operation, first, arguments, span) is { } bound ? Apply(operation, new LayerPlace(place, loops, boundName, wrapping), bound, span) : ErrorValue.Instance;
    }

    private OperationArguments? Bind(Operation operation, IReadOnlyList<RawArgument> first, ImmutableArray<ArgumentSyntax> arguments, TextSpan span)
    {
        bool ok = true;
        List<string> receivers = [.. operation.Parameters.Where(p => p.Kind is ParameterKind.Tensor or ParameterKind.Tensors).Select(p => p.Name)];
        Dictionary<string, List<RawArgument>>? matched = ArgumentMatcher.Match(
            operation.Name,
            [.. operation.Parameters.Select(p => (p.Name, p.Kind is ParameterKind.Tensors or ParameterKind.Sizes))],
            first, receivers, arguments, span, Report);
        if (matched is null)
        {
            return null;
        }

        var bound = new OperationArguments([], [], [], []);
        foreach (OperationParameter parameter in operation.Parameters)
        {
            if (!matched.TryGetValue(parameter.Name, out List<RawArgument>? given))
            {
                if (parameter.Default is not null)
                {
                    bound.Numbers[parameter.Name] = [Default(parameter)];
                }
                else if (!parameter.IsOptional)
                {
                    Report(span, b => b.MissingArgument(operation.Name, parameter.Name, parameter.Doc));
                    ok = false;
                }

                continue;
            }

            bound.Places[parameter.Name] = given[0].Span;
            ok &= given.All(g => BindOne(operation, parameter, g, bound));
        }

        return ok ? bound : null;
    }

    private static HostValue Default(OperationParameter parameter)
    {
        string text = parameter.Default!;
        return text is "true" or "false" ? new HostValue(HostKind.Bool, new HostLiteral(text), null, Interval.Unit)
            : parameter.Words.Contains(text) ? HostValue.Word(text)
            : HostArithmetic.Literal(text, text.All(char.IsDigit));
    }

    private bool BindOne(Operation operation, OperationParameter parameter, RawArgument argument, OperationArguments bound)
    {
        string what = $"'{parameter.Name}' of '{operation.Name}'";
        void Add<T>(Dictionary<string, ImmutableArray<T>> map, T value) =>
            map[parameter.Name] = map.TryGetValue(parameter.Name, out ImmutableArray<T> old) ? old.Add(value) : [value];

        switch (parameter.Kind)
        {
            case ParameterKind.Tensor or ParameterKind.Tensors:
                if (AsTensor(argument.Piped ?? Evaluate(argument.Syntax!), argument.Span, what) is not { } tensor)
                {
                    return false;
                }

                Add(bound.Tensors, tensor);
                return true;
            case ParameterKind.Initializer:
                if (Initializer(argument.Syntax!) is not { } initializer)
                {
                    return false;
                }

                bound.Initializers[parameter.Name] = initializer;
                return true;
            case ParameterKind.Word or ParameterKind.Padding or ParameterKind.Axes when argument.Syntax is IdentifierSyntax { Name.Text: { } word } && Scope.Find(word) is null:
                if (!parameter.Words.Contains(word))
                {
                    Report(argument.Span, b => b.WrongWord(parameter.Name, word, parameter.Words));
                    return false;
                }

                Add(bound.Numbers, HostValue.Word(word));
                return true;
        }

        if (parameter.Kind == ParameterKind.Axes && argument.Syntax is TupleSyntax several)
        {
            return several.Items.All(i => BindOne(operation, parameter, RawArgument.Of(new ArgumentSyntax(null, i, i.Span)), bound));
        }

        Value value = argument.Piped ?? Evaluate(argument.Syntax!);
        ImmutableArray<Value> items = value is TupleValue tuple && parameter.Kind is ParameterKind.AxisSizes or ParameterKind.Padding ? tuple.Items : [value];
        foreach (Value item in items)
        {
            HostValue? host = (item as HostValueHolder)?.Host;
            if (host is { Kind: HostKind.Word, Expression: HostLiteral { Lexeme: { } given } } && parameter.Kind is ParameterKind.Word or ParameterKind.Padding)
            {
                // The word of a hyperparameter.
                if (!parameter.Words.Contains(given))
                {
                    Report(argument.Span, b => b.WrongWord(parameter.Name, given, parameter.Words));
                    return false;
                }

                Add(bound.Numbers, host);
                continue;
            }

            bool fits = parameter.Kind switch
            {
                ParameterKind.Number => host is { Kind: HostKind.Int or HostKind.Float },
                
                // It decides which weights there are.
                ParameterKind.Switch => host is { Kind: HostKind.Bool, Expression: HostLiteral },
                ParameterKind.Word => false,
                _ => host is { Kind: HostKind.Int },
            };
            if (!fits)
            {
                string expected = parameter.Kind switch
                {
                    ParameterKind.Number => "a number",
                    ParameterKind.Switch => "the word true or false",
                    ParameterKind.Word => "one of: " + string.Join(", ", parameter.Words),
                    ParameterKind.Padding => "a size or one of: " + string.Join(", ", parameter.Words),
                    ParameterKind.Axes => "an axis by its place, or the word rows",
                    _ => "an integer",
                };
                if (item is not ErrorValue)
                {
                    Report(argument.Span, b => b.WrongKind(what, expected, item.Description));
                }

                return false;
            }

            // Sizes are counts; pad alone may be zero.
            long least = parameter.Kind == ParameterKind.Padding ? 0 : 1;
            if (parameter.Kind is ParameterKind.Size or ParameterKind.Sizes or ParameterKind.AxisSizes or ParameterKind.Padding && !AtLeast(host!.Size!, least, what, null, argument.Span))
            {
                return false;
            }

            Add(bound.Numbers, host!);
        }

        return true;
    }

    /// <summary>False, reported, unless a size is proved to be at least a number.</summary>
    public bool AtLeast(Dim size, long least, string what, string? hyperparameter, TextSpan span)
    {
        if (size.LowerBound >= least)
        {
            return true;
        }

        Report(span, b => b.BelowMinimum(what, least, size, hyperparameter));
        return false;
    }

    private Initializer? Initializer(ExpressionSyntax syntax)
    {
        (string? name, ImmutableArray<ArgumentSyntax> arguments) = syntax switch
        {
            CallSyntax { Callee: IdentifierSyntax id } call => (id.Name.Text, call.Arguments),
            IdentifierSyntax id => (id.Name.Text, ImmutableArray<ArgumentSyntax>.Empty),
            _ => (null, []),
        };
        if (name is null || !Catalogue.Initializers.TryGetValue(name, out ImmutableArray<string> parameters))
        {
            if (syntax is not MissingExpression)
            {
                Report(syntax.Span, b => b.WrongWord("init", name ?? Source.Text.Substring(syntax.Span.Start, syntax.Span.Length), Catalogue.Initializers.Keys.OrderBy(k => k, StringComparer.Ordinal)));
            }

            return null;
        }

        if (arguments.Length != parameters.Length)
        {
            Report(syntax.Span, b => arguments.Length < parameters.Length
                ? b.MissingArgument(name, parameters[arguments.Length], "")
                : b.TooManyArguments(name, parameters.Length, arguments.Length));
            return null;
        }

        var numbers = new List<HostValue>();
        foreach (ArgumentSyntax argument in arguments)
        {
            Value value = Evaluate(argument.Value);
            if (value is not HostValueHolder { Host: { Kind: HostKind.Int or HostKind.Float } host })
            {
                if (value is not ErrorValue)
                {
                    Report(argument.Span, b => b.WrongKind($"An argument of '{name}'", "a number", value.Description));
                }

                return null;
            }

            numbers.Add(host);
        }

        if (name == "normal" && !Demand(numbers[1], Interval.NonNegative, "the standard deviation of 'normal'", arguments[1].Span))
        {
            return null;
        }

        if (name == "uniform" && numbers[0].Constant >= numbers[1].Constant)
        {
            Report(syntax.Span, b => b.NumberOutOfRange("'low' of 'uniform'", "below 'high'"));
            return null;
        }

        if (name == "uniform" && !DemandOrder(numbers[0], numbers[1], "what lies between 'low' and 'high' of 'uniform'", syntax.Span))
        {
            return null;
        }

        return new Initializer(name, [.. numbers]);
    }
}
