using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace GenDsl.Runtime.Media;

/// <summary>
/// The figures of a run as JSON lines, <c>{"step":50,"epoch":0.1,"seconds":2.5,"values":{"loss":0.7}}</c>, each on disk as soon as it is written.
/// Numbers that JSON lacks are the strings NaN, Infinity and -Infinity.
/// </summary>
public sealed class MetricsLog : IDisposable
{
    private readonly FileStream _stream;

    private MetricsLog(FileStream stream) => _stream = stream;

    /// <summary>Opens a file to write to.</summary>
    /// <param name="path">The file, usually <c>metrics.jsonl</c> of a run's folder, which is made.</param>
    /// <param name="resumedStep">
    /// The step that the run was resumed at: later lines are dropped, so that no step appears twice. Null for a new run.
    /// </param>
    /// <exception cref="GenDslException">A new run would overwrite a file with lines, or the file is damaged or cannot be written.</exception>
    public static MetricsLog Open(string path, long? resumedStep = null)
    {
        try
        {
            var exists = File.Exists(path) && new FileInfo(path).Length > 0;
            if (exists && resumedStep is null)
            {
                throw new GenDslException($"'{path}' already holds the figures of a run. Resume that run, or choose another folder.");
            }

            if (exists)
            {
                var kept = Read(path).Where(line => line.Step <= resumedStep!.Value).Select(MetricsJson.Write);
                AtomicFile.Write(path, Encoding.UTF8.GetBytes(string.Concat(kept)));
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new MetricsLog(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"'{path}' cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Reads all lines of a file. A last line that was cut off, as by a killed process, is left out.</summary>
    /// <exception cref="GenDslException">The file is missing, or another line is damaged.</exception>
    public static IReadOnlyList<MetricsLine> Read(string path)
    {
        string[] texts;
        try
        {
            // Shared, because the run may still be writing.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            texts = reader.ReadToEnd().Split('\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"'{path}' cannot be read: {error.Message}", error);
        }

        // Only what ends with a line end is a whole line.
        return [.. texts[..^1].Select((text, i) => MetricsJson.Read(text) ?? throw Damaged(path, i + 1))];
    }

    /// <summary>Writes a line.</summary>
    public void Write(IReport report, double seconds)
    {
        ArgumentNullException.ThrowIfNull(report);
        Write(new MetricsLine(report.Step, report.Epoch, seconds, report.Values) { Phase = report.Phase });
    }

    /// <summary>Writes a line.</summary>
    /// <exception cref="GenDslException">The disk is full or gone.</exception>
    public void Write(MetricsLine line)
    {
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(MetricsJson.Write(line)));
            _stream.Flush();
        }
        catch (IOException error)
        {
            throw new GenDslException($"'{_stream.Name}' cannot be written: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static GenDslException Damaged(string path, int line) =>
        new($"'{path}', line {line} is not a line of figures. Remove the line, or the file.");
}
