using System;
using System.Collections.Generic;
using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

public abstract partial class Trainer<TData, TReport>
{
    // No name of a program has a slash.
    private const string CollectedPrefix = "collected/";

    private readonly Dictionary<string, CollectedRows> _collected = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public event Action<string, long, long>? RowsCollected;

    private IEnumerable<StateTensor> CollectedState => _collected.SelectMany(rows => (StateTensor[])
    [
        new($"{CollectedPrefix}{rows.Key}/rows", rows.Value.Rows, StateRole.Collected),
        .. rows.Value.Columns.Select((column, i) => new StateTensor($"{CollectedPrefix}{rows.Key}/{i}", column, StateRole.Collected)),
    ]);

    /// <summary>Makes the feed of rows that a pass over a source will collect; until then it has none.</summary>
    /// <param name="name">Its name in the program.</param>
    /// <param name="source">The source.</param>
    /// <param name="rows">The rows of a batch.</param>
    /// <param name="columns">The columns that are those of the source; what is computed comes behind.</param>
    protected Feed Collected(string name, Source source, int rows, params ColumnBinding[] columns)
    {
        ArgumentNullException.ThrowIfNull(source);
        var feed = new Feed(name, source, rows, Draws, columns) { IsCollected = true };
        _feeds.Add(feed);
        if (_collected.TryGetValue(name, out var collected))
        {
            if (collected.OutOf != source.Rows)
            {
                throw new GenDslException($"{_descriptor.Name}: '{name}' was collected from {collected.OutOf} rows, and now there are {source.Rows}. Go on with the same data, or start a new run.");
            }

            feed.Fill(collected);
        }

        if (_positions.TryGetValue(name, out var position))
        {
            feed.MoveTo(position);
        }

        return feed;
    }

    /// <summary>Makes the rows of a feed what a pass has gathered.</summary>
    /// <param name="feed">The feed, which begins anew.</param>
    /// <param name="rows">What was gathered.</param>
    /// <param name="each">How many rows of each class there are to be; null where it does not matter.</param>
    /// <exception cref="GenDslException">They do not fill a batch.</exception>
    protected void Collect(Feed feed, RowCollector rows, long? each = null)
    {
        ArgumentNullException.ThrowIfNull(feed);
        ArgumentNullException.ThrowIfNull(rows);
        var collected = rows.Rows(each, GlobalStep);
        if (collected.Count < feed.Rows)
        {
            var count = collected.Count;
            collected.Dispose();
            throw new GenDslException($"{_descriptor.Name}: '{feed.Name}' has {count} of {rows.Seen} rows, fewer than one batch of {feed.Rows}. Loosen what they are chosen by, use a smaller batch, or train what chooses them for longer.");
        }

        feed.Fill(collected);
        if (_collected.Remove(feed.Name, out var earlier))
        {
            earlier.Dispose();
        }

        _collected[feed.Name] = collected;
        RowsCollected?.Invoke(feed.Name, collected.Count, collected.OutOf);
    }

    // What was collected is as many rows as the checkpoint has.
    private void RestoreCollected(Checkpoint checkpoint)
    {
        foreach (var (name, made) in checkpoint.Record.Collected)
        {
            Tensor Empty(string part) => checkpoint.Empty($"{CollectedPrefix}{name}/{part}", Device);
            _collected[name] = new CollectedRows(Empty("rows"), [.. Enumerable.Range(0, made.Columns).Select(i => Empty(i.ToString(System.Globalization.CultureInfo.InvariantCulture)))], made.Step, made.OutOf);
        }
    }
}
