using System;
using GenDsl.Runtime.Media;
using Spectre.Console;

namespace GenDsl.Cli.Training;

/// <summary>A progress bar on a terminal.</summary>
internal sealed class BarProgress(Terminal terminal) : IRunProgress
{
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
            new ProgressBarColumn { Width = 20 }, new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left });
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
            bar.Description = Markup.Escape(FigureText.Line(line, stepsPerSecond));
        }
    }

    public void Note(string text) => _console.MarkupLine(Markup.Escape(text));
}
