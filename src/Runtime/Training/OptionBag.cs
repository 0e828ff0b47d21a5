using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Options in text form, as the command line gives them and checkpoints store them; numbers are in the invariant culture.</summary>
public sealed class OptionBag : IReadOnlyCollection<KeyValuePair<string, string>>
{
    internal const string SeedName = "seed";
    internal const string DeviceName = "device";
    internal const string BatchName = "batch";
    internal const string ReportEveryName = "report_every";
    internal const string CheckpointFolderName = "checkpoint_folder";
    internal const string CheckpointEveryName = "checkpoint_every";
    internal const string KeepCheckpointsName = "keep_checkpoints";
    internal const string MemoryName = "memory";
    internal const string GivenPrefix = "given.";

    /// <summary>The options that every trainer has.</summary>
    internal static IReadOnlyList<string> CommonNames { get; } =
        [SeedName, DeviceName, BatchName, ReportEveryName, CheckpointFolderName, CheckpointEveryName, KeepCheckpointsName];

    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Creates an empty bag: everything keeps its default.</summary>
    public OptionBag()
    {
    }

    /// <summary>Creates a bag of the given options; of two with the same name the later wins.</summary>
    public OptionBag(IEnumerable<KeyValuePair<string, string>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var (name, value) in values)
        {
            Set(name, value);
        }
    }

    /// <inheritdoc/>
    public int Count => _values.Count;

    /// <summary>True for what a checkpoint stores, which brings the numbers of nets that were given.</summary>
    internal bool IsStored { get; init; }

    /// <summary>Sets an option.</summary>
    public void Set(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        _values[name] = value;
    }

    /// <summary>Sets an option.</summary>
    public void Set(string name, long value) => Set(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sets an option.</summary>
    public void Set(string name, double value) => Set(name, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Sets an option.</summary>
    public void Set(string name, bool value) => Set(name, value ? "true" : "false");

    /// <summary>Sets what is kept of the loops of flows.</summary>
    public void Set(Memory value) => Set(MemoryName, value == GenDsl.Runtime.Memory.Invertible ? "invertible" : "stored");

    /// <summary>The text of an option, null if it is not set.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>A whole number.</summary>
    public int Int(string name, int fallback) => Text(name) is { } text
        ? int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(name, text, "a whole number")
        : fallback;

    /// <summary>A number.</summary>
    public double Float(string name, double fallback) => Text(name) is { } text
        ? double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : throw Wrong(name, text, "a number")
        : fallback;

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Bool(string name, bool fallback) => Text(name) is { } text
        ? bool.TryParse(text, out var value) ? value : throw Wrong(name, text, "true or false")
        : fallback;

    /// <summary>What is kept of the loops of flows: <c>stored</c> (the default) or <c>invertible</c>.</summary>
    public Memory Memory() => Text(MemoryName) switch
    {
        null or "stored" => GenDsl.Runtime.Memory.Stored,
        "invertible" => GenDsl.Runtime.Memory.Invertible,
        { } text => throw Wrong(MemoryName, text, "stored or invertible"),
    };

    /// <summary>A whole number that has no default.</summary>
    public int Int(string name) => Int(Required(name), 0);

    /// <summary>A number that has no default.</summary>
    public double Float(string name) => Float(Required(name), 0);

    /// <summary><c>true</c> or <c>false</c>, without a default.</summary>
    public bool Bool(string name) => Bool(Required(name), false);

    /// <summary>This bag with some options replaced.</summary>
    public OptionBag With(OptionBag changes) => new(this.Concat(changes)) { IsStored = IsStored };

    /// <summary>Checks names, types and minima against a trainer's hyperparameters.</summary>
    /// <exception cref="GenDslException">An option is unknown, of the wrong type or too small.</exception>
    public void Check(TrainerDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        foreach (var name in _values.Keys.Where(name => !CommonNames.Contains(name)))
        {
            if (name == MemoryName)
            {
                CheckMemory(descriptor);
                continue;
            }

            if (name.StartsWith(GivenPrefix, StringComparison.Ordinal))
            {
                // Whether there is such a net is asked where the trainer is made.
                continue;
            }

            var info = descriptor.Hyperparameters.FirstOrDefault(hyperparameter => hyperparameter.Name == name)
                ?? throw Unknown(name, descriptor);
            var value = info.ClrType switch
            {
                "int" => Int(name, 0),
                "bool" => Bool(name, false) ? 1 : 0,
                _ => Float(name, 0),
            };
            if (value < info.Minimum)
            {
                throw new GenDslException(string.Create(
                    CultureInfo.InvariantCulture, $"{descriptor.Name}: hyperparameter '{name}' must be at least {info.Minimum}, but it is {value}."));
            }
        }
    }

    /// <summary>Checks this bag and adds what it says of the options that every trainer has.</summary>
    /// <param name="options">Options with the program's hyperparameters filled in.</param>
    /// <param name="descriptor">The trainer they are for.</param>
    public T Complete<T>(T options, TrainerDescriptor descriptor)
        where T : TrainerOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(descriptor);
        return options with
        {
            Seed = Seed(options.Seed),
            Device = Place(options.Device),
            Batch = Int(BatchName, options.Batch),
            ReportEvery = Int(ReportEveryName, options.ReportEvery),
            CheckpointFolder = Text(CheckpointFolderName) ?? options.CheckpointFolder,
            CheckpointEvery = Int(CheckpointEveryName, options.CheckpointEvery),
            KeepCheckpoints = Int(KeepCheckpointsName, options.KeepCheckpoints),
            Given = _values.Where(pair => pair.Key.StartsWith(GivenPrefix, StringComparison.Ordinal)).ToImmutableDictionary(pair => pair.Key[GivenPrefix.Length..], pair => pair.Value),
            IsStored = IsStored,
        };
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private string Required(string name) => Text(name) is not null
        ? name
        : throw new GenDslException($"Option '{name}' has no default. Give it a value.");

    private ulong Seed(ulong fallback) => Text(SeedName) is { } text
        ? ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(SeedName, text, "a whole number, not negative")
        : fallback;

    private Device? Place(Device? fallback) => Text(DeviceName) is { } text ? Place(text) : fallback;

    /// <summary>The device of a name.</summary>
    /// <exception cref="GenDslException">There is none, or it cannot be used here.</exception>
    internal static Device Place(string text)
    {
        if (text.StartsWith("cuda", StringComparison.Ordinal) && !cuda.is_available())
        {
            throw TrainerOptions.NoCuda(text);
        }

        try
        {
            return device(text);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
        {
            throw Wrong(DeviceName, text, "a device such as cpu, cuda or cuda:0");
        }
    }

    // What no loop can be computed again for keeps everything, whatever is asked for.
    private void CheckMemory(TrainerDescriptor descriptor)
    {
        if (Memory() == GenDsl.Runtime.Memory.Invertible && !descriptor.HasMemory)
        {
            throw new GenDslException($"{descriptor.Name} has no loop of a flow that can be computed again, so 'memory' cannot be 'invertible'. Leave it out.");
        }
    }

    private static GenDslException Unknown(string name, TrainerDescriptor descriptor)
    {
        var known = descriptor.Hyperparameters.Select(hyperparameter => hyperparameter.Name).Concat(CommonNames).ToArray();
        return new GenDslException($"{descriptor.Name} has no hyperparameter '{name}'.{Spelling.Meant(name, known)} It has: {string.Join(", ", known)}.");
    }

    private static GenDslException Wrong(string name, string text, string wanted) =>
        new($"Option '{name}' takes {wanted}, but it is '{text}'.");
}
