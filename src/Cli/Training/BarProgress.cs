using System;
using GenDsl.Runtime.Media;
using Spectre.Console;

namespace GenDsl.Cli.Training;

/// <summary>A progress bar on a terminal.</summary>
internal sealed class BarProgress(Terminal terminal) : IRunProgress
{
    private const int BarWidth = 16;

    /// <summary>Percentage, remaining time and the gaps between.</summary>
    private const int OtherColumns = 18;

    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(terminal.Out),
        ColorSystem = terminal.HasColours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
    });

    private ProgressTask? _bar;

    public void Show(RunOutline outline, Action body)
    {
        foreach (var line in outline.Lines)
        {
            terminal.Out.WriteLine(line);
        }

        var progress = _console.Progress().AutoRefresh(true).AutoClear(false).Columns(
            new ProgressBarColumn { Width = BarWidth }, new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left });
        progress.Start(context =>
        {
            _bar = context.AddTask("starting", maxValue: 1);
            body();
        });
    }

    public void Tick(long step, double done)
    {
        if (_bar is { } bar)
        {
            bar.Value = done;
        }
    }

    public void Report(MetricsLine line, double stepsPerSecond, bool isLast)
    {
        if (_bar is { } bar)
        {
            bar.Description = Markup.Escape(Fit(FigureText.Line(line, stepsPerSecond)));
        }
    }

    public void Note(string text) => _console.MarkupLine(Markup.Escape(text));

    /// <summary>What does not fit beside the bar would squeeze it.</summary>
    private string Fit(string text)
    {
        var room = Math.Max(10, _console.Profile.Width - BarWidth - OtherColumns);
        return text.Length <= room ? text : text[..(room - 1)] + "…";
    }
}
