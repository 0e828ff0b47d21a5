using System;
using System.IO;
using GenDsl.Runtime.Media;

namespace GenDsl.Cli.Training;

/// <summary>One JSON object per report, nothing else; what a person should read goes to the other writer.</summary>
internal sealed class JsonProgress(TextWriter writer, TextWriter notes) : IRunProgress
{
    public void Show(RunOutline outline, Action body)
    {
        foreach (var line in outline.Lines)
        {
            notes.WriteLine(line);
        }

        body();
    }

    public void Tick(long step, double done)
    {
    }

    public void Report(MetricsLine line, double stepsPerSecond, bool isLast)
    {
        writer.Write(line.ToJson());
        writer.Flush();
    }

    public void Note(string text) => notes.WriteLine(text);
}
