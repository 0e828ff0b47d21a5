using System;
using GenDsl.Runtime.Media;

namespace GenDsl.Cli.Training;

/// <summary>Shows how a run goes.</summary>
internal interface IRunProgress
{
    /// <summary>Runs the body while progress is shown.</summary>
    void Show(RunOutline outline, Action body);

    /// <summary>Several times a second.</summary>
    /// <param name="done">The part of the run that is done, in [0, 1].</param>
    void Tick(long step, double done);

    /// <summary>The trainer said something, for the last time or not.</summary>
    void Report(MetricsLine line, double stepsPerSecond, bool isLast);

    /// <summary>Something else worth knowing.</summary>
    void Note(string text);
}
