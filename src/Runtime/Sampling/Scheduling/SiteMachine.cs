using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Follows a schedule: runs what is due before each draw, then draws. What a unit costs is the executors' affair.</summary>
internal abstract class SiteMachine : IDisposable
{
    private readonly SiteClock[] _clocks;
    private readonly SiteClock[] _byCell;

    protected SiteMachine(SamplerPlan plan, Schedule schedule, SiteDraw draw, IReadOnlyList<SiteValue> parameters)
    {
        Plan = plan;
        Schedule = schedule;
        Draw = draw;
        Parameters = parameters;
        _clocks = [.. schedule.Groups.Select(group => new SiteClock(group, schedule))];
        _byCell = [.. _clocks.Where(clock => !clock.Group.IsByRow)];
    }

    public SamplerPlan Plan { get; }

    public Schedule Schedule { get; }

    /// <summary>Bytes of the values that are kept, constants and the drawn numbers aside.</summary>
    public abstract long KeptBytes { get; }

    /// <summary>How many units each value was computed at.</summary>
    public IReadOnlyDictionary<SiteValue, long> Computed =>
        _clocks.SelectMany(clock => clock.Group.Nodes.Select(node => (node, clock.Computed))).ToDictionary(pair => pair.node, pair => pair.Computed);

    /// <summary>What was done, by counting.</summary>
    public SamplerReport Report(SamplerExecutor executor)
    {
        long evaluations = 0, products = 0, bytes = 0, read = 0;
        foreach (var clock in _clocks)
        {
            evaluations += clock.Computed * clock.Group.Nodes.Count;
            var classes = Math.Max(clock.Group.Classes, 1);
            var sites = clock.Computed / classes;
            foreach (var node in clock.Group.Nodes)
            {
                var (stored, used) = node switch { TapsNode taps => taps.Weights, RecurrentNode recurrent => (recurrent.Weights, recurrent.Weights), _ => default };
                products += (long)(used * sites * node.Shape.Batch);
                bytes += sizeof(float) * (long)stored;
                read += (long)(sizeof(float) * used * (clock.Group.IsByRow ? (double)sites / node.Shape.Columns : sites));
            }
        }

        return new SamplerReport(executor, evaluations, products, bytes, read, KeptBytes);
    }

    protected SiteDraw Draw { get; }

    protected IReadOnlyList<SiteValue> Parameters { get; }

    /// <summary>Channels drawn one after the other at a site.</summary>
    protected int Steps => Plan.IsOrdered ? (int)Plan.Root.Features : 1;

    /// <summary>Channels drawn at once.</summary>
    protected int Width => (int)Plan.Root.Features / Steps;

    public Tensor Run(Tensor noise, Tensor? prefix, long known, CancellationToken cancellation, Action<long, long>? progress)
    {
        var shape = Plan.Root.Shape;
        Array.ForEach(_clocks, clock => clock.Reset());
        Begin(noise, prefix);
        for (var row = Schedule.FirstRow; row < 0; row++)
        {
            Compute(_clocks, row, shape.Columns - 1, Steps - 1);
        }

        for (var row = 0; row < shape.Rows; row++)
        {
            for (var column = 0; column < shape.Columns; column++)
            {
                cancellation.ThrowIfCancellationRequested();
                var position = ((long)row * shape.Columns) + column;
                for (var step = 0; step < Steps; step++)
                {
                    Compute(column == 0 && step == 0 ? _clocks : _byCell, row, column, step);
                    var unit = new SiteUnit(row, column, 1, Plan.IsOrdered ? step : -1);
                    if ((shape.Axes == 0 ? step : position) < known)
                    {
                        Copy(unit, position);
                    }
                    else
                    {
                        DrawAt(unit, position);
                    }
                }

                progress?.Invoke(position + 1, Plan.Positions);
            }
        }

        return Finish();
    }

    public abstract void Dispose();

    /// <summary>Takes the noise [count, positions, numbers] and the numbers that are known, [count, channels, rows, columns].</summary>
    protected abstract void Begin(Tensor noise, Tensor? prefix);

    /// <summary>Computes all nodes of a group at a unit.</summary>
    protected abstract void Compute(SiteGroup group, SiteUnit unit);

    /// <summary>Draws a place of the root.</summary>
    protected abstract void DrawAt(SiteUnit unit, long position);

    /// <summary>Takes a place of the root from the known numbers.</summary>
    protected abstract void Copy(SiteUnit unit, long position);

    /// <summary>The drawn numbers, [count, channels, rows, columns].</summary>
    protected abstract Tensor Finish();

    /// <summary>What is computed of a value without a root, before everything: its rows, class by class; nothing of a constant.</summary>
    protected static IEnumerable<SiteUnit> Units(SiteValue value)
    {
        for (var row = 0; row < value.Shape.Rows && value is not ConstantNode; row++)
        {
            for (var label = value.Grading is null ? -1 : 0; label < (value.Grading?.Classes ?? 0); label++)
            {
                yield return new SiteUnit(row, 0, value.Shape.Columns, label);
            }
        }
    }

    private void Compute(SiteClock[] clocks, int row, int column, int step)
    {
        foreach (var clock in clocks)
        {
            while (clock.TryNext(row, column, step, out var unit))
            {
                Compute(clock.Group, unit);
            }
        }
    }
}
