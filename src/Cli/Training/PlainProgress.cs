using System;
using System.IO;
using GenDsl.Runtime.Media;

namespace GenDsl.Cli.Training;

/// <summary>Lines for files and pipes, at most one every few seconds.</summary>
internal sealed class PlainProgress(TextWriter writer, TimeProvider time) : IRunProgress
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private long _last;

    public void Show(RunOutline outline, Action body)
    {
        foreach (var line in outline.Lines)
        {
            writer.WriteLine(line);
        }

        body();
    }

    public void Tick(long step, double done)
    {
    }

    public void Report(MetricsLine line, double stepsPerSecond, bool isLast)
    {
        if (isLast || _last == 0 || time.GetElapsedTime(_last) >= Pause)
        {
            _last = time.GetTimestamp();
            writer.WriteLine(FigureText.Line(line, stepsPerSecond));
        }
    }

    public void Note(string text) => writer.WriteLine(text);
}
