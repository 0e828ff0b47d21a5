using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>
/// The rule of the design on updates as wholes: to undo one takes what came after it and the versions that it reads; a cycle is
/// fine if it lies in the past, that is, no need in it looks ahead and not all look at their own position.
/// </summary>
internal sealed class UpdateGraph
{
    private readonly List<int> _frames = [];
    private readonly Dictionary<(int Number, int Version), int> _owners = [];
    private readonly List<(int Update, (int Number, int Version)[] Read, int? Lead)> _reads = [];

    /// <summary>True where every cycle lies in the past.</summary>
    public bool CyclesLieInThePast
    {
        get
        {
            // A lead of null: what is read lies in another frame, so positions do not compare.
            List<(int From, int To, int? Lead)> needs = [];
            foreach ((int update, (int, int)[] read, int? lead) in _reads)
            {
                needs.AddRange(read.Where(_owners.ContainsKey).Select(r => (update, _owners[r], lead)));
            }

            foreach (((int number, int version), int update) in _owners)
            {
                if (_owners.TryGetValue((number, version + 1), out int next))
                {
                    needs.Add((update, next, _frames[update] == _frames[next] ? 0 : null));
                }
            }

            return !needs.Any(n => n.Lead is not < 0 && Reaches(n.To, n.From, n.Lead is 0 ? needs.Where(o => o.Lead is 0) : needs));
        }
    }

    /// <summary>A new update, of numbers in the versions before it.</summary>
    public int Begin(int frame, IEnumerable<(int Number, int Version)> numbers)
    {
        foreach ((int, int) number in numbers)
        {
            _owners[number] = _frames.Count;
        }

        _frames.Add(frame);
        return _frames.Count - 1;
    }

    /// <summary>Notes that an update reads a place.</summary>
    /// <param name="lead">How far ahead at most it looks; null for anywhere.</param>
    public void Read(int update, IEnumerable<(int Number, int Version)> place, int? lead) => _reads.Add((update, [.. place], lead));

    private static bool Reaches(int from, int to, IEnumerable<(int From, int To, int? Lead)> needs)
    {
        ILookup<int, int> next = needs.ToLookup(n => n.From, n => n.To);
        var seen = new HashSet<int> { from };
        var open = new Stack<int>([from]);
        while (open.TryPop(out int at))
        {
            if (at == to)
            {
                return true;
            }

            foreach (int other in next[at].Where(seen.Add))
            {
                open.Push(other);
            }
        }

        return false;
    }
}
