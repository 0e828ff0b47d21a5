using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>States, which outlive the step, and functions of the trainer.</summary>
internal sealed partial class TrainerElaborator
{
    // It is there before the first step, and the same after the last.
    private void Given(GivenSyntax syntax)
    {
        _body.MayConstruct = true;
        Value value = _body.Evaluate(syntax.Value);
        _body.MayConstruct = false;
        if (value is ModuleValue { Instance: { AverageOf: null, PartOf: null } net } && net.Span.Equals(syntax.Value.Span))
        {
            net.IsGiven = true;
            _construction.Rename(net, syntax.Name.Text);
            _body.Scope.Set(syntax.Name.Text, value, syntax.Name.Span);
            return;
        }

        if (value is not ErrorValue)
        {
            _body.Report(syntax.Value.Span, b => b.WrongKind("What arrives trained", $"a net or model constructed here, 'given {syntax.Name.Text} = Classifier()'", value.Description));
        }

        _body.Scope.Set(syntax.Name.Text, ErrorValue.Instance, syntax.Name.Span);
    }

    private void Function(BodyElaborator body, FunctionSyntax syntax)
    {
        if (syntax.Parameters.GroupBy(p => p.Text).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            body.Report(twice.Last().Span, b => b.Duplicate(twice.Key, "another parameter"));
            return;
        }

        body.Scope.Set(syntax.Name.Text, new FunctionValue(syntax, body.Scope.Snapshot(), body), syntax.Name.Span);
    }

    private void State(StateSyntax syntax)
    {
        if (syntax.Name.IsMissing)
        {
            return;
        }

        string name = syntax.Name.Text;
        if (_scope.Has(name))
        {
            _body.Report(syntax.Name.Span, b => b.Duplicate(name, "another name"));
            return;
        }

        IrState? state = syntax.Type is null or MissingTypeSyntax ? Computed(syntax, null) : StateType(syntax.Type) is { } type ? Declared(syntax, type) : null;
        if (state is null)
        {
            _body.Scope.Set(name, ErrorValue.Instance, syntax.Name.Span, isParameter: true);
            return;
        }

        _trainer.States.Add(state);
        _body.Scope.Set(name, new StateValue(state), syntax.Name.Span);
    }

    private TensorType? StateType(TypeSyntax syntax)
    {
        var binder = new TypeBinder(_file, _body, SizeFacts.None);
        if (syntax is not ShapeSyntax { Rows: { } count } counted)
        {
            return binder.Type(syntax, null, mayIntroduce: false);
        }

        Value value = _body.Evaluate(count);
        if (value is not HostValueHolder { Host.Size: { } rows })
        {
            if (value is not ErrorValue)
            {
                _body.Report(count.Span, b => b.WrongKind("A number of rows", "an integer", value.Description));
            }

            return null;
        }

        return _body.AtLeast(rows, 1, "A number of rows", null, count.Span) ? binder.Type(binder.Sample(counted), Rows.Drawn(rows), mayIntroduce: false) : null;
    }

    private IrState? Declared(StateSyntax syntax, TensorType type)
    {
        if (!_body.IsInitializer(syntax.Initial))
        {
            return Computed(syntax, type);
        }

        if (_body.InitializerOf(syntax.Initial) is not { } initializer || !IsKnown(syntax, type))
        {
            return null;
        }

        if (type.Element != Element.Real)
        {
            _body.Report(syntax.Initial.Span, b => b.NeedsReal(initializer.Name, type));
            return null;
        }

        // What an initialiser gives is looked at by nobody: the space's range is not sure.
        if (type.Space is { } space && !type.Range.IsAll)
        {
            _body.Report(syntax.Initial.Span, b => b.OutsideRange($"The first value of '{syntax.Name.Text}'", space.Name, type.Range, Interval.All));
            return null;
        }

        return new IrState(syntax.Name.Text, type, syntax.Name.Span) { Initializer = initializer };
    }

    // What the first value is computed of are options, draws, nets and states before it.
    private IrState? Computed(StateSyntax syntax, TensorType? declared)
    {
        var block = new IrBlock();
        BodyElaborator birth = _body.Inner(block, new Scope(_scope) { IsObserver = true }, kind: BodyKind.Observer, drawRows: s_count);
        birth.SiteStem = "state " + syntax.Name.Text;
        if (birth.Tensor(syntax.Initial, "The first value of a state") is not { } value)
        {
            return null;
        }

        TensorType type = declared ?? (value.Type with { Range = value.Type.Space is null && value.Type.Element == Element.Real ? Interval.All : value.Type.Range, Order = null, Classes = null });
        if (!IsKnown(syntax, type) || !Fits(syntax.Name.Text, type, value, syntax.Initial))
        {
            return null;
        }

        return new IrState(syntax.Name.Text, type, syntax.Name.Span) { Birth = new IrFunction([], block, [value]) };
    }

    private bool IsKnown(StateSyntax syntax, TensorType type)
    {
        ImmutableArray<Dim> shape = type.Rows is { } rows ? rows.Count is { } count ? [count, .. type.Shape] : [Rows.AtHand] : type.Shape;
        if (BodyElaborator.IsKnownAtBirth(shape))
        {
            return true;
        }

        _body.Report(syntax.Span, b => b.StateOfUnknownSize(syntax.Name.Text, shape.Contains(Rows.AtHand) ? "its number of rows is said nowhere: 'draw(Latent, 64)'" : "a size of it is known from the data alone, and it is made before there are any"));
        return false;
    }

    private bool Fits(string name, TensorType type, IrValue value, ExpressionSyntax at)
    {
        TensorType found = value.Type;
        if (type.Element != found.Element || !type.Count.Equals(found.Count) || !type.SameShape(found) || !Equals(type.Rows?.Count, found.Rows?.Count))
        {
            _body.Report(at.Span, b => b.OtherThanHeld(name, type, found));
            return false;
        }

        if (type.Space is { } space && found.Space is { } other && !ReferenceEquals(space, other))
        {
            _body.Report(at.Span, b => b.WrongSpace("<-", name, space.Name, other.Name));
            return false;
        }

        if (!type.Range.Contains(found.Range))
        {
            _body.Report(at.Span, b => b.OutsideRange($"What '{name}' holds", type.Space?.Name ?? "as at first", type.Range, found.Range));
            return false;
        }

        return true;
    }

    private void Write(BodyElaborator body, WriteSyntax syntax)
    {
        body.SiteStem = syntax.Name.Text;
        string name = syntax.Name.Text;
        Scope.Binding? target = body.Scope.Find(name);
        if (target?.Value is ModuleValue)
        {
            target.IsRead = true;
            body.Report(syntax.Name.Span, b => b.NotSupportedYet("'<-' to a net within a step", "Between phases a net may take the weights of another one; in a step it moves by 'minimize', or follows another one as its 'ema' or 'running_mean'."));
            return;
        }

        if (body.Tensor(syntax.Value, "What a state is to hold") is not { } value || target?.Value is ErrorValue)
        {
            return;
        }

        if (target?.Value is not StateValue { State: { } state })
        {
            body.Report(syntax.Name.Span, b => target is null
                ? b.UnknownName(name, _trainer.States.Select(s => s.Name))
                : b.WriteOfNoState(name, target.Value.Description));
            return;
        }

        if (Fits(name, state.Type, value, syntax.Value))
        {
            state.IsWritten = true;
            body.Block.Statements.Add(new IrWriteState(state, value, syntax.Span));
        }
    }
}
