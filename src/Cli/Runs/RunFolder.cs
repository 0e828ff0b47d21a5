using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using GenDsl.Dsl.Text;
using GenDsl.Runtime;

namespace GenDsl.Cli.Runs;

/// <summary>The folder of one run.</summary>
internal sealed class RunFolder
{
    private const string RecordName = "run.json";
    private const string Home = "runs";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private RunFolder(string path, RunRecord record) => (Path, Record) = (path, record);

    public string Path { get; }

    public RunRecord Record { get; private set; }

    /// <summary>The text that the run trains, as it was when the run began.</summary>
    public string ProgramFile => In(Record.Name + ".gen");

    public string Metrics => In("metrics.jsonl");

    public string Checkpoints => In("checkpoints");

    public string Best => In("best");

    public string Events => In("tensorboard");

    public string Report => In("report.md");

    public string Evaluation => In("evaluation.json");

    public bool HasCheckpoint => File.Exists(System.IO.Path.Combine(Checkpoints, "latest"));

    public static string DefaultPath(string name) =>
        System.IO.Path.Combine(Home, string.Create(CultureInfo.InvariantCulture, $"{name}-{DateTime.Now:yyyyMMdd-HHmmss}"));

    /// <summary>Checks that a new run can go to a folder, without making it.</summary>
    public static void RequireFree(string path)
    {
        if (File.Exists(path))
        {
            throw new GenDslException($"'{path}' is a file. Give --out a folder.");
        }

        if (File.Exists(System.IO.Path.Combine(path, RecordName)))
        {
            throw new GenDslException($"'{path}' holds another run. Add --resume to go on with it, or give --out another folder.");
        }

        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new GenDslException($"'{path}' is not empty. Give --out a new folder.");
        }
    }

    public static RunFolder Create(string path, RunRecord record, string program)
    {
        var run = new RunFolder(path, record);
        TextFile.Write(run.ProgramFile, program);
        run.WriteRecord();
        return run;
    }

    /// <summary>True where a path, or a name below <c>runs/</c>, is the folder of a run.</summary>
    public static bool IsRun(string pathOrName) => File.Exists(System.IO.Path.Combine(Locate(pathOrName), RecordName));

    /// <summary>Opens the folder of a run, given by its path or by its name below <c>runs/</c>.</summary>
    public static RunFolder Open(string pathOrName)
    {
        var path = Locate(pathOrName);
        var file = System.IO.Path.Combine(path, RecordName);
        if (!File.Exists(file))
        {
            throw NoRun(path);
        }

        try
        {
            var record = JsonSerializer.Deserialize<RunRecord>(TextFile.Read(file), Json);
            return record?.Format == RunRecord.CurrentFormat
                ? new RunFolder(path, record)
                : throw new GenDslException($"'{file}' has the format {record?.Format}; this version reads format {RunRecord.CurrentFormat}.");
        }
        catch (JsonException error)
        {
            throw new GenDslException($"'{file}' cannot be read: {error.Message}", error);
        }
    }

    private static string Locate(string pathOrName)
    {
        var below = System.IO.Path.Combine(Home, pathOrName);
        return !Directory.Exists(pathOrName) && Directory.Exists(below) ? below : pathOrName;
    }

    /// <summary>The text that the run trains.</summary>
    public GenSource ReadProgram() => File.Exists(ProgramFile)
        ? new GenSource(ProgramFile, TextFile.Read(ProgramFile))
        : throw new GenDslException($"The run '{Path}' has lost its text, '{ProgramFile}'. Put the text back that it was started with.");

    /// <summary>The SHA-256 of the weights that are loaded, as the checkpoint says it.</summary>
    public string WeightsHash(TrainerDescriptor descriptor, bool isBest) => Checkpoint.Open(isBest ? Best : Checkpoints, descriptor).WeightsHash;

    /// <summary>Changes how long the run shall be.</summary>
    public void Extend(Length length)
    {
        Record = Record with { Length = length };
        WriteRecord();
    }

    /// <summary>Where samples go, without extension: <c>samples</c> at the end, <c>samples-000123</c> on the way.</summary>
    public string Samples(long? step) =>
        In(step is { } at ? string.Create(CultureInfo.InvariantCulture, $"samples-{at:D6}") : "samples");

    private static GenDslException NoRun(string path)
    {
        var known = Directory.Exists(Home)
            ? Directory.GetDirectories(Home).Where(run => File.Exists(System.IO.Path.Combine(run, RecordName))).Order(StringComparer.Ordinal).ToArray()
            : [];
        var problem = Directory.Exists(path) ? $"'{path}' is not the folder of a run: it has no '{RecordName}'." : $"There is no run '{path}'.";
        return new GenDslException($"{problem}{Meant.Of(path, known)} Runs are made by 'gendsl train'.");
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private void WriteRecord() => TextFile.Replace(In(RecordName), JsonSerializer.Serialize(Record, Json));
}
