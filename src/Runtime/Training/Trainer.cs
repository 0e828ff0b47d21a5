using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The part of a trainer that is the same for all programs: steps, runs, reports, checkpoints.</summary>
/// <typeparam name="TData">The program's sources.</typeparam>
/// <typeparam name="TReport">The program's report.</typeparam>
public abstract partial class Trainer<TData, TReport> : ITrainer, IRestorable
    where TData : class
    where TReport : IReport
{
    private readonly TrainerDescriptor _descriptor;
    private TrainerOptions _options;
    private readonly List<IDisposable> _owned = [];
    private readonly List<Meter> _meters = [];
    private readonly List<Feed> _feeds = [];
    private readonly StateTable _optimizers = new();
    private bool _disposed;

    /// <summary>Sets up the shared part.</summary>
    /// <exception cref="GenDslException">An option is out of range, or the device cannot be used.</exception>
    protected Trainer(TrainerDescriptor descriptor, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(descriptor.Name);
        CheckNames(descriptor, options);
        _descriptor = descriptor;
        _options = options;
        Device = options.Device ?? CPU;
        Build = new Build(options.Seed, Device);
        Draws = Draws.Root(options.Seed, Device);
    }

    /// <inheritdoc/>
    public event Action<string>? Saved;

    /// <summary>The steps done.</summary>
    public long GlobalStep { get; private set; }

    /// <summary>The passes of the clock source done: of the first source, in full batches. In a plan, the sum over the phases, each by its own clock.</summary>
    public double Epoch => Clock is not { } clock ? _restoredEpoch : Phases.Count == 0 ? clock.Epoch : _cursor.EarlierEpochs + PhaseEpochs;

    /// <summary>The tensors of all nets, and states of the trainer itself.</summary>
    public StateTable State => Build.State;

    /// <summary>Its nets and averages, in order of construction.</summary>
    public IReadOnlyList<NamedNet> Nets => Build.Children.Select(child => new NamedNet(child.Name, child.Build.State)).ToArray();

    /// <summary>Where the program's nets and states are made.</summary>
    protected Build Build { get; }

    /// <summary>The root of all randomness.</summary>
    protected Draws Draws { get; private set; }

    /// <summary>Where tensors live.</summary>
    protected Device Device { get; }

    /// <summary>The part of the run that was done when the step began, in [0, 1]; 0 when its length is not known. A run that reads it cannot change its length later.</summary>
    protected double Progress
    {
        get
        {
            _schedule = _length?.ToString() ?? _schedule;
            return _doneBefore;
        }
    }

    /// <summary>The passes of the clock source that were done when the step began; in a plan, those of its phase.</summary>
    protected double EpochBefore { get; private set; }

    private Feed? Clock => _feeds.Count > 0 ? _feeds[0] : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var item in Enumerable.Reverse(_owned).Concat(_feeds))
        {
            item.Dispose();
        }

        foreach (var item in Build.State)
        {
            item.Tensor.Dispose();
        }

        foreach (var rows in _collected.Values)
        {
            rows.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes the feeds of the program's sources.</summary>
    protected abstract void Connect(TData data);

    /// <summary>Gathers the program's sources by name.</summary>
    protected abstract TData Bind(IReadOnlyDictionary<string, Source> sources);

    /// <summary>
    /// Runs once, before the first step and without gradients, in programs whose layers start from data. Returns whether there
    /// was anything to do; the feeds then go back to where they stood.
    /// </summary>
    protected virtual bool InitialiseFromData() => false;

    /// <summary>Does one step; <see cref="GlobalStep"/> is the number of steps before it.</summary>
    protected abstract void Advance();

    /// <summary>Reads the meters.</summary>
    protected abstract TReport Read();

    /// <summary>Draws samples by name; no gradients are recorded.</summary>
    protected virtual Tensor Sample(string name, SampleRequest request, out SpaceInfo space) => throw UnknownSample(name);

    /// <summary>Runs an evaluation by name; no gradients are recorded.</summary>
    protected virtual IReadOnlyList<NamedValue> Evaluate(string name, IReadOnlyDictionary<string, Source> sources) => throw UnknownEvaluation(name);

    /// <summary>Makes the trainer the owner of an optimizer, meter or average: it disposes them, and checkpoints hold their state.</summary>
    protected T Own<T>(T item)
        where T : IDisposable
    {
        _owned.Add(item);
        if (item is IStateful stateful)
        {
            foreach (var state in stateful.State)
            {
                _optimizers.Add(state with { Name = "optimizer." + state.Name, Path = "optimizer." + state.Path });
            }
        }

        if (item is Meter meter)
        {
            if (_meters.Any(other => other.Name == meter.Name))
            {
                throw new GenDslException($"{_descriptor.Name}: two figures are named '{meter.Name}'.");
            }

            meter.Clock = () => GlobalStep;
            _meters.Add(meter);
        }

        return item;
    }

    /// <summary>Makes the feed of a source, with batches of <see cref="TrainerOptions.Batch"/> rows; the first one made is the clock.</summary>
    protected Feed Feed(string name, Source source, params ColumnBinding[] columns) => Feed(name, source, _options.Batch, columns);

    /// <summary>Makes the feed of a source with batches of <paramref name="rows"/> rows.</summary>
    protected Feed Feed(string name, Source source, int rows, params ColumnBinding[] columns)
    {
        ArgumentNullException.ThrowIfNull(source);
        var feed = new Feed(name, source, rows, Draws, columns);
        if (_positions.TryGetValue(name, out var position))
        {
            if ((position.Batch, position.Rows) != (feed.Rows, feed.SourceRows))
            {
                feed.Dispose();
                throw new GenDslException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_descriptor.Name}: '{name}' was fed {position.Rows} rows in batches of {position.Batch} so far, and now {feed.SourceRows} rows in batches of {feed.Rows}. Go on with the same data and batch, or start a new run."));
            }

            feed.MoveTo(position);
        }

        _feeds.Add(feed);
        return feed;
    }

    /// <summary>Gives the only learned tensor of a net its value.</summary>
    /// <param name="net">The tensors of the net.</param>
    /// <param name="solution">The value, of any floating-point type; it stays the caller's.</param>
    protected static void Solve(StateTable net, Tensor solution)
    {
        ArgumentNullException.ThrowIfNull(net);
        using var frozen = no_grad();
        net.Learned.Single().Tensor.copy_(solution);
    }

    /// <summary>Makes all that a net is what another one is.</summary>
    /// <param name="net">The net that changes.</param>
    /// <param name="from">Whose tensors are copied.</param>
    /// <exception cref="GenDslException">The two are not alike.</exception>
    protected static void HandOver(StateTable net, StateTable from)
    {
        ArgumentNullException.ThrowIfNull(net);
        net.CopyFrom(from);
    }

    /// <summary>Where a net is born once more, with numbers of its own for each step at which that happens.</summary>
    protected Build Renewed(string name) => Build.Again(name, GlobalStep);

    /// <summary>Makes all that a net is what it would be if it were born now.</summary>
    /// <param name="net">The net that changes.</param>
    /// <param name="born">The tensors of another one, which are freed.</param>
    protected static void Renew(StateTable net, StateTable born)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(born);
        net.CopyFrom(born);
        foreach (var item in born)
        {
            item.Tensor.Dispose();
        }
    }

    /// <summary>All rows of a source, in order, in batches of <see cref="TrainerOptions.Batch"/> rows, the last one short.</summary>
    protected Pass Pass(Source source, params ColumnBinding[] columns)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new Pass(source, _options.Batch, Draws, columns);
    }
}
