using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>The sites that the law of one site depends on, at known sizes.</summary>
public sealed class Sight
{
    // Larger images and nets are not looked at: a compiler has other things to do.
    private const long MostSites = 8192;

    private readonly bool[] _seen;
    private readonly long _own;

    private Sight(long[] sites, long own, bool[] seen) => (Sites, _own, _seen) = ([.. sites], own, seen);

    /// <summary>Sizes by site axis.</summary>
    public ImmutableArray<long> Sites { get; }

    /// <summary>Number of sites before the own one.</summary>
    public long Earlier => _own;

    /// <summary>Number of those that are seen.</summary>
    public long Seen => _seen.Take((int)_own).Count(s => s);

    /// <summary>The hyperparameters of a model at their defaults.</summary>
    public static IReadOnlyDictionary<string, long> Defaults(IrModule model) =>
        SizeFrame.AtDefaults(model).Sizes.Where(s => s.Value.Value is not null).ToDictionary(s => s.Key, s => s.Value.Value!.Value, StringComparer.Ordinal);

    /// <summary>Computes it; null where a size is not known, or too large to look at.</summary>
    /// <param name="block">The statements of the density.</param>
    /// <param name="line">The line.</param>
    /// <param name="sizes">Hyperparameters and free sizes by name.</param>
    /// <param name="site">The site; null for the middle one.</param>
    /// <param name="depth">How deep loops and layers go.</param>
    public static Sight? Of(IrBlock block, Autoregression line, IReadOnlyDictionary<string, long> sizes, long[]? site, SightDepth depth)
    {
        SizeFrame frame = sizes.Aggregate(SizeFrame.Symbolic, (f, s) => f.With(s.Key, s.Value));
        long[] grid = [.. SitesOf(frame.Of(line.Root.Type.Shape)).Select(d => d.Value ?? -1)];
        if (grid.Length == 0 || grid.Any(s => s < 1) || grid.Aggregate(1L, (a, b) => a * b) > MostSites)
        {
            return null;
        }

        if (ReachGraph.Of(block, new RootChart(line.Data, line.Root, line.Chart), line.Order, line.Latents, frame, depth) is not { } nodes)
        {
            return null;
        }

        ReachNode root = nodes[line.Root];
        site ??= [.. grid.Select(s => s / 2)];
        var seen = new Dictionary<ReachNode, bool[]>();
        var open = new Stack<(ReachNode Node, long Index)>();
        void Mark(ReachNode node, long[] at)
        {
            if (!seen.TryGetValue(node, out bool[]? marks))
            {
                seen[node] = marks = new bool[node.Count];
            }

            long index = node.IndexOf(at);
            if (!marks[index])
            {
                marks[index] = true;
                open.Push((node, index));
            }
        }

        foreach (IrValue argument in line.Arguments.Select(a => a.Tensor).OfType<IrValue>())
        {
            if (nodes.TryGetValue(argument, out ReachNode? node))
            {
                Mark(node, [.. site.Select((s, i) => node.Sites.Length == site.Length && node.Sites[i] > 1 ? s : 0)]);
            }
        }

        while (open.Count > 0)
        {
            (ReachNode node, long index) = open.Pop();
            long[] at = node.SiteAt(index);
            foreach ((ReachNode input, Func<long[], IEnumerable<long[]>> reads) in node.Inputs)
            {
                foreach (long[] read in reads(at))
                {
                    Mark(input, read);
                }
            }
        }

        return new Sight(grid, root.IndexOf(site), seen.TryGetValue(root, out bool[]? found) ? found : new bool[root.Count]);
    }

    /// <summary>The own site.</summary>
    public ImmutableArray<long> Site => [.. SiteAt(_own)];

    /// <summary>True where a site is seen.</summary>
    public bool IsSeen(params long[] site) => _seen[IndexOf(site)];

    /// <summary>Offsets of the outermost sites that are seen, by site axis; null where none is.</summary>
    public ImmutableArray<(long First, long Last)>? Box
    {
        get
        {
            List<long[]> offsets = [.. Enumerable.Range(0, (int)_own).Where(i => _seen[i]).Select(i => Offset(i))];
            return offsets.Count == 0 ? null : [.. Enumerable.Range(0, Sites.Length).Select(a => (offsets.Min(o => o[a]), offsets.Max(o => o[a])))];
        }
    }

    /// <summary>True where a site is not seen though others at least as far away are: what merely lies beyond does not count.</summary>
    public bool HasHoles => Box is { } box && Enumerable.Range(0, (int)_own).Any(i => !_seen[i] && Offset(i).Zip(box, (o, edge) => o >= edge.First && o <= edge.Last).All(inside => inside));

    /// <summary>The part with sites that are not seen: <c>#</c> seen, <c>.</c> not seen, <c>o</c> the own one.</summary>
    public string Picture
    {
        get
        {
            List<long[]> unseen = [.. Enumerable.Range(0, (int)_own).Where(i => !_seen[i]).Select(i => SiteAt(i)), SiteAt(_own)];
            long width = Sites[Sites.Length - 1];
            long first = Math.Max(0, unseen.Min(s => s[s.Length - 1]) - 1);
            long last = Math.Min(width - 1, unseen.Max(s => s[s.Length - 1]) + 1);
            var text = new StringBuilder();
            for (long start = unseen.Min(IndexOf) / width * width; start <= _own; start += width)
            {
                text.Append(text.Length > 0 ? "\n" : "");
                for (long i = start + first; i <= start + last; i++)
                {
                    text.Append(i == _own ? 'o' : i > _own ? ' ' : _seen[i] ? '#' : '.');
                }
            }

            return string.Join("\n", text.ToString().Split('\n').Select(l => l.TrimEnd()));
        }
    }

    private static IEnumerable<Dim> SitesOf(ImmutableArray<Dim> shape) => shape.Length < 2 ? shape : shape.Skip(1);

    private long[] Offset(long index) => [.. SiteAt(index).Zip(SiteAt(_own), (a, b) => a - b)];

    private long IndexOf(long[] site) => site.Zip(Sites, (s, n) => (s, n)).Aggregate(0L, (index, p) => (index * p.n) + p.s);

    private long[] SiteAt(long index)
    {
        var site = new long[Sites.Length];
        for (int i = site.Length - 1; i >= 0; i--)
        {
            site[i] = index % Sites[i];
            index /= Sites[i];
        }

        return site;
    }
}
