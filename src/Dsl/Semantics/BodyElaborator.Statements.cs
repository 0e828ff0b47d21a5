using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics.Flows;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>The statements that every body has: bindings, raw parameters, loops.</summary>
internal sealed partial class BodyElaborator
{
    /// <summary>Runs a body whose last line is its result; null where there is no result.</summary>
    public Value? Run(BlockSyntax block)
    {
        Value? result = null;
        for (int i = 0; i < block.Statements.Length; i++)
        {
            StatementSyntax statement = block.Statements[i];
            bool isLast = i == block.Statements.Length - 1;
            if (statement is ExpressionStatementSyntax expression)
            {
                // A statement that the parser has complained about was meant to be something else.
                if (!isLast && _file.Diagnostics.HasErrorIn(statement.Span))
                {
                    continue;
                }

                Value value = Evaluate(expression.Value);
                if (isLast)
                {
                    result = value;
                }
                else if (value is not ErrorValue && block.Statements[i + 1] is not SkippedStatement)
                {
                    Report(statement.Span, b => b.UnusedResult());
                }
            }
            else if (statement is SkippedStatement)
            {
                result = ErrorValue.Instance;
            }
            else if (!RunShared(statement))
            {
                Report(statement.Span, b => b.NotAllowedHere(Describe(statement), Kind switch { BodyKind.Net => "a net", BodyKind.Flow => "a flow", BodyKind.Loss => "a loss", _ => "this body" }));
                result = ErrorValue.Instance;
            }
        }

        return result;
    }

    /// <summary>Runs a statement that may stand in any body; false for another one.</summary>
    public bool RunShared(StatementSyntax statement)
    {
        _file.Cancel.ThrowIfCancellationRequested();
        switch (statement)
        {
            case BindingSyntax binding when Partition(binding):
                return true;
            case BindingSyntax binding:
                Bind(binding);
                return true;
            case ElementBindingSyntax element:
                BindElement(element);
                return true;
            case RebindingSyntax rebinding:
                Rebind(rebinding);
                return true;
            case ParamSyntax param when Kind is BodyKind.Net or BodyKind.Flow or BodyKind.Model:
                RawParameter(param);
                return true;
            case ForSyntax loop when Data is not null && Chart is not null:
                FlowLoop(loop);
                return true;
            case ForSyntax loop:
                Loop(loop);
                return true;
            case SkippedStatement:
                return true;
            case DrawSyntax draw when Kind != BodyKind.Model && _file.Diagnostics.HasErrorIn(draw.Span):
                // 'y: [3] = e', which the parser has reported: outside models it was meant as a binding.
                Scope.Set(draw.Name.Text, Evaluate(draw.Distribution), draw.Name.Span, isParameter: true);
                return true;
            default:
                return false;
        }
    }

    public static string Describe(StatementSyntax statement) => statement switch
    {
        DrawSyntax => "A '~' line",
        GuideSyntax => "'guide'",
        CostSyntax => "'cost'",
        MinimizeSyntax => "'minimize'",
        RepeatSyntax { Accumulates: true } => "'accumulate'",
        RepeatSyntax => "'repeat'",
        EverySyntax => "'every'",
        ConstrainSyntax => "'constrain'",
        PhaseSyntax => "'phase'",
        SolveSyntax => "'solve'",
        CollectSyntax => "'collect'",
        StateSyntax => "'state'",
        GivenSyntax => "'given'",
        WriteSyntax => "'<-'",
        FunctionSyntax => "A function",
        ReportSyntax => "'report'",
        SampleSyntax => "'sample'",
        EvaluateSyntax => "'evaluate'",
        ParamSyntax => "'param'",
        ExpressionStatementSyntax => "An expression without a name",
        _ => "This",
    };

    private void Bind(BindingSyntax binding)
    {
        Value value = Evaluate(binding.Value);
        if (!binding.IsTuple)
        {
            Name(binding.Names[0], value, binding.Value);
            return;
        }

        ImmutableArray<Value> items = value is TupleValue tuple ? tuple.Items : [value];
        if (value is not ErrorValue && items.Length != binding.Names.Length)
        {
            Report(binding.Span, b => b.WrongTupleSize(binding.Names.Length, value.Description));
            value = ErrorValue.Instance;
        }

        for (int i = 0; i < binding.Names.Length; i++)
        {
            Name(binding.Names[i], value is ErrorValue ? value : items[i], binding.Value);
        }
    }

    private void Name(NameSyntax name, Value value, ExpressionSyntax syntax)
    {
        if (name.IsMissing)
        {
            return;
        }

        switch (value)
        {
            case TensorValue { Tensor: { IsNamed: false, Producer: not null } tensor }:
                (tensor.Name, tensor.IsNamed) = (name.Text, true);
                if (tensor.Producer is CatalogOp { Operation.Effect: not null } effect)
                {
                    effect.Inputs[0].Name = name.Text;
                }

                break;
            case FamilyValue family:
                family.Family.Rename(name.Text);
                break;
            case ModuleValue { Manner: CallManner.Plain } module when syntax is CallSyntax:
                _construction.Rename(module.Instance, name.Text);
                break;
            case OptimizerValue optimizer when syntax is CallSyntax:
                optimizer.Name ??= name.Text;
                break;
            case HistoryValue { History: { Name.Length: 0 } history }:
                history.Name = name.Text;
                break;
            case LayerValue layer when syntax is CallSyntax:
                layer.BoundName = name.Text;
                break;
        }

        Scope.Set(name.Text, value, name.Span);
    }

    private void Rebind(RebindingSyntax rebinding)
    {
        string name = rebinding.Name.Text;
        if (Scope.Find(name) is null)
        {
            Report(rebinding.Name.Span, b => b.UnknownName(name, Scope.Names));
            Scope.Set(name, ErrorValue.Instance, rebinding.Name.Span);
            return;
        }

        if (Scope.Find(name) is { Value: PlaceValue { Place: { } place } } data)
        {
            data.IsRead = true;
            Update(place, rebinding);
            return;
        }

        var target = new IdentifierSyntax(rebinding.Name, rebinding.Name.Span);
        Value value = rebinding.Operator == "|>="
            ? Piped(Evaluate(target), target.Span, rebinding.Value, rebinding.Span)
            : Arithmetic(rebinding.Operator.Substring(0, 1), Evaluate(target), Evaluate(rebinding.Value), rebinding.Span, rebinding.Name.Span, rebinding.Value.Span);
        Scope.Set(name, value, rebinding.Name.Span);
    }

    private void RawParameter(ParamSyntax param)
    {
        var shape = new List<Dim>();
        foreach (ExpressionSyntax dim in param.Shape.Dims)
        {
            Value value = Evaluate(dim);
            if (value is not HostValueHolder { Host.Size: { } size })
            {
                if (value is not ErrorValue)
                {
                    Report(dim.Span, b => b.WrongKind("A size", "an integer", value.Description));
                }

                Scope.Set(param.Name.Text, ErrorValue.Instance, param.Name.Span);
                return;
            }

            if (size.Value < 1)
            {
                Report(dim.Span, b => b.BelowMinimum("A size", "1", value.Description));
                Scope.Set(param.Name.Text, ErrorValue.Instance, param.Name.Span);
                return;
            }

            shape.Add(size);
        }

        if (Initializer(param.Initial) is not { } initializer)
        {
            Scope.Set(param.Name.Text, ErrorValue.Instance, param.Name.Span);
            return;
        }

        LayerInstance layer = _construction.At<LayerInstance>(param)
            ?? _construction.AddLayer(param, param.Name.Text, null, [new Weight("", WeightRole.Gain, initializer, [.. shape])], Loops);
        var read = new IrValue(param.Name.Text, TensorType.Real(null, [.. shape]), param.Span) { IsNamed = true };
        Emit(new ReadParameterOp(layer, read, param.Span));
        Scope.Set(param.Name.Text, new TensorValue(read), param.Name.Span);
    }
}
