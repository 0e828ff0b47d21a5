using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>
/// Runs the text of a random flow on numbers, and notes what it takes to undo it, number by number: a version of a number needs
/// the next one, and every version of every number that its update is seen to read by its gradient.
/// </summary>
/// <remarks>To it the data are numbers and a part is a set of them; it shares nothing with the compiler.</remarks>
internal sealed class FlowOracle
{
    private readonly RandomFlow _flow;
    private readonly Func<FlowExpression, (Tensor Weight, Tensor Bias)> _weights;
    private readonly Dictionary<string, Tensor> _values = [];
    private readonly Dictionary<string, (int[] Sites, bool IsPacked, string? Split)> _places = [];
    private readonly List<Leaf> _leaves = [];
    private readonly Dictionary<string, Tensor> _fresh = [];

    // By the rules of layers, without numbers: what values may read, and the operand of the update in hand.
    private readonly Dictionary<string, (Dictionary<string, int?> Leads, bool IsAligned)> _leads = [];
    private readonly Dictionary<string, string> _leafOf = [];
    private Dictionary<string, int?> _read = [];

    private readonly UpdateGraph _updates = new();
    private readonly Dictionary<(int Number, int Version), HashSet<(int Number, int Version)>> _needs = [];
    private readonly int[] _versions;
    private int[] _numbers;
    private Tensor _now;

    // The parts that the data are in; the whole at each change of that; and how often positions have changed their meaning.
    private readonly List<(int Number, int Version)[]> _wholes = [];
    private string? _split;
    private bool _inPacked;
    private int _geometry;

    /// <param name="flow">The program.</param>
    /// <param name="x">What it is run on: [1, size].</param>
    /// <param name="weights">Weight, masked as it is used, and bias of each layer.</param>
    public FlowOracle(RandomFlow flow, Tensor x, Func<FlowExpression, (Tensor Weight, Tensor Bias)> weights)
    {
        (_flow, _weights, _now) = (flow, weights, x);
        _versions = new int[flow.Size];
        _numbers = [.. Enumerable.Range(0, flow.Size)];
        _places["x"] = (_numbers, false, null);
        foreach (FlowStatement statement in flow.Statements)
        {
            Run(statement);
        }
    }

    /// <summary>What the program makes of the data.</summary>
    public Tensor Result => _now;

    /// <summary>True where each number can be recovered after what it needs: no number needs itself.</summary>
    public bool CanBeUndone
    {
        get
        {
            var isDone = new Dictionary<(int, int), bool>();
            bool IsCyclic((int, int) number)
            {
                if (isDone.TryGetValue(number, out bool done))
                {
                    return !done;
                }

                isDone[number] = false;
                bool cyclic = _needs.TryGetValue(number, out HashSet<(int, int)>? needs) && needs.Any(IsCyclic);
                isDone[number] = !cyclic;
                return cyclic;
            }

            return !_needs.Keys.Any(IsCyclic);
        }
    }

    /// <summary>
    /// True where whole updates can be undone one after the other or position by position: every cycle among them lies in the past, by
    /// what layers may read rather than by what these numbers do. The compiler accepts these at least.
    /// </summary>
    public bool CanBeUndoneByUpdates => _updates.CyclesLieInThePast;

    private void Run(FlowStatement statement)
    {
        int h = _flow.Size / 2;
        switch (statement.Operator)
        {
            case "=":
                _values[statement.Target] = statement.Operand!.Evaluate(Read, _weights);
                _leads[statement.Target] = statement.Operand.Reads(Leads);
                return;
            case "halves":
                _places[statement.Target] = ([.. Enumerable.Range(0, h)], true, statement.Target);
                _places[statement.Second] = ([.. Enumerable.Range(h, h)], true, statement.Target);
                InParts(statement.Target, true);
                return;
            case "channels":
                int[] head = [.. Enumerable.Range(0, h)];
                int[] tail = [.. Enumerable.Range(h, h)];
                _places[statement.Target] = (statement.Parity == 0 ? head : tail, false, statement.Target);
                _places[statement.Second] = (statement.Parity == 0 ? tail : head, false, statement.Target);
                InParts(statement.Target, false);
                return;
            case "reverse":
                Reverse(statement.Target);
                return;
            case "affine":
                _read = [];
                Update(statement.Target, null, old => (old * -2) + 0.5);
                return;
            default:
                Tensor operand = statement.Operand!.Evaluate(Read, _weights);
                _read = statement.Operand.Reads(Leads).Leads;
                Tensor fixedOperand = operand.detach();
                Update(statement.Target, operand, old => statement.Operator switch { "+" => old + fixedOperand, "-" => old - fixedOperand, "*" => old * fixedOperand, _ => old / fixedOperand });
                return;
        }
    }

    // Numbers change places, none changes.
    private void Reverse(string place)
    {
        (int[] sites, bool isPacked, string? split) = _places[place];
        InParts(split, isPacked);
        Tensor next = _now.clone();
        int[] numbers = [.. _numbers];
        foreach ((int to, int from) in sites.Zip(sites.Reverse()))
        {
            next[0, to] = _now[0, from];
            numbers[to] = _numbers[from];
        }

        (_now, _numbers) = (next, numbers);
        NextFrame(movesNumbers: true);
    }

    private void Update(string place, Tensor? operand, Func<Tensor, Tensor> change)
    {
        (int[] sites, bool isPacked, string? split) = _places[place];
        InParts(split, isPacked);
        int At(int i) => isPacked ? i : sites[i];
        int update = _updates.Begin(_geometry, sites.Select(s => (_numbers[s], _versions[_numbers[s]])));
        foreach ((string leaf, int? lead) in _read)
        {
            Leaf read = _leaves[int.Parse(leaf, CultureInfo.InvariantCulture)];
            int? ahead = read.Geometry != _geometry || read.IsMerged ? null : lead;
            _updates.Read(update, read.Numbers.OfType<(int, int)>(), ahead);
            if (read.Frame < _wholes.Count)
            {
                // Parts of an earlier partition come back with the whole that they went into.
                _updates.Read(update, _wholes[read.Frame], ahead);
            }
        }

        for (int i = 0; i < sites.Length; i++)
        {
            int number = _numbers[sites[i]];
            HashSet<(int, int)> needs = [(number, _versions[number] + 1)];
            if (operand is { requires_grad: true })
            {
                Tensor?[] slopes = Gradients.Of(operand[0, At(i)], [.. _leaves.Select(l => l.Tensor)], keepGraph: true);
                foreach ((Leaf leaf, Tensor? slope) in _leaves.Zip(slopes))
                {
                    double[] by = slope?.contiguous().data<double>().ToArray() ?? [];
                    needs.UnionWith(Enumerable.Range(0, by.Length).Where(j => by[j] != 0).Select(j => leaf.Numbers[j]).OfType<(int, int)>());
                }
            }

            _needs[(number, _versions[number])] = needs;
        }

        Tensor at = tensor(sites.Select(s => (long)s).ToArray());
        Tensor changed = change(isPacked ? _now.index_select(1, at) : _now);
        changed = isPacked ? changed : changed.index_select(1, at);
        _now = _now.index_copy(1, at, changed);
        foreach (int site in sites)
        {
            _versions[_numbers[site]]++;
        }

        _fresh.Clear();
    }

    private Tensor Read(string name)
    {
        if (_values.TryGetValue(name, out Tensor? value))
        {
            return value;
        }

        (int[] sites, bool isPacked, string? split) = _places[name];
        if (name != "x")
        {
            InParts(split, isPacked);
        }

        if (_fresh.TryGetValue(name, out Tensor? known))
        {
            return known;
        }

        (int, int)? Of(int site) => (_numbers[site], _versions[_numbers[site]]);
        Tensor at = tensor(sites.Select(s => (long)s).ToArray());
        Tensor read = isPacked ? _now.index_select(1, at) : zeros_like(_now).index_copy(1, at, _now.index_select(1, at));
        (int, int)?[] numbers = isPacked ? [.. sites.Select(Of)] : [.. Enumerable.Range(0, _flow.Size).Select(s => sites.Contains(s) ? Of(s) : null)];

        // The whole read while it is in packed parts lies otherwise than they.
        _leafOf[name] = _leaves.Count.ToString(CultureInfo.InvariantCulture);
        _leaves.Add(new Leaf(read.requires_grad_(), numbers, _wholes.Count, _geometry, name == "x" && _inPacked));
        return _fresh[name] = read;
    }

    // Of a place: the leaf that was read last, at the own position. Called behind Read.
    private (Dictionary<string, int?> Leads, bool IsAligned) Leads(string name) =>
        _leads.TryGetValue(name, out (Dictionary<string, int?>, bool) known) ? known : (new Dictionary<string, int?> { [_leafOf[name]] = 0 }, true);

    private void InParts(string? split, bool isPacked)
    {
        if (_split != split)
        {
            NextFrame(movesNumbers: _inPacked || isPacked);
            (_split, _inPacked) = (split, isPacked);
        }
    }

    private void NextFrame(bool movesNumbers)
    {
        _wholes.Add([.. _versions.Select((version, number) => (number, version))]);
        _geometry += movesNumbers ? 1 : 0;
        _fresh.Clear();
    }

    // What a name stood for at some time: gradients by it tell what is read.
    private sealed record Leaf(Tensor Tensor, (int Number, int Version)?[] Numbers, int Frame, int Geometry, bool IsMerged);
}
