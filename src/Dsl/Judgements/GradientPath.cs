using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Dsl.Judgements;

/// <summary>The values between a scalar and a tensor that a <c>grad</c> differentiates it at.</summary>
internal sealed class GradientPath
{
    private readonly FunctionFlow _flow;
    private readonly HashSet<IrValue> _on = [];
    private readonly Dictionary<IrValue, List<IrValue>> _sources = [];

    public GradientPath(FunctionFlow flow, IrValue of, IrValue at)
    {
        _flow = flow;
        var readers = new Dictionary<IrValue, List<IrValue>>();
        var open = new Stack<IrValue>([of]);
        while (open.Count > 0)
        {
            IrValue value = open.Pop();
            if (_sources.ContainsKey(value))
            {
                continue;
            }

            _sources[value] = ReferenceEquals(value, at) ? [] : [.. flow.Sources(value)];
            foreach (IrValue source in _sources[value])
            {
                (readers.TryGetValue(source, out List<IrValue>? known) ? known : readers[source] = []).Add(value);
                open.Push(source);
            }
        }

        if (!_sources.ContainsKey(at))
        {
            return;
        }

        open.Push(at);
        while (open.Count > 0)
        {
            IrValue value = open.Pop();
            if (_on.Add(value) && readers.TryGetValue(value, out List<IrValue>? next))
            {
                next.ForEach(open.Push);
            }
        }
    }

    /// <summary>The values on the way, both ends included; none where the scalar does not depend on the tensor.</summary>
    public IReadOnlyCollection<IrValue> Values => _on;

    /// <summary>
    /// What the gradient itself gets gradient from: the results of nets on the way, which lead to their weights and to the tensor, and
    /// what the way meets other than by addition, whose slope is the same everywhere.
    /// </summary>
    public IEnumerable<IrValue> SecondSources => _on.Where(v => _sources[v].Count == 0 || v.Producer?.Called is not null)
        .Concat(_on.Where(v => v.Producer is not CatalogOp { Operation.Name: "+" or "-" or "+s" or "s-" or "neg" }).SelectMany(v => _sources[v]).Where(s => !_on.Contains(s)));
}
