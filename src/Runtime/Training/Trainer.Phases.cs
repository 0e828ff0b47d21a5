using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Runtime;

public abstract partial class Trainer<TData, TReport>
{
    private IReadOnlyList<PlannedPhase>? _phases;
    private PlanCursor _cursor = PlanCursor.Start;
    private double _doneBefore;
    private double _phaseDoneBefore;

    /// <summary>A phase begins: its name. Raised before its first step, not when a run resumes inside it.</summary>
    public event Action<string>? PhaseStarted;

    /// <summary>Its queues of earlier rows.</summary>
    public virtual IReadOnlyList<QueueInfo> Queues => [];

    /// <summary>The phases, in order; empty for a trainer with one step.</summary>
    public IReadOnlyList<PlannedPhase> Phases => _phases ??= CheckedPlan();

    /// <summary>The name of the phase that the last step belonged to; empty where there are none.</summary>
    public string Phase => Phases.Count == 0 ? "" : Phases[_cursor.Phase].Name;

    /// <summary>The steps done in the phase.</summary>
    public long PhaseStep => Phases.Count == 0 ? GlobalStep : _cursor.Step;

    /// <summary>The part of the run that is done, in [0, 1]; 0 when its length is not known.</summary>
    public double Done => _length is not { } length ? 0
        : Phases.Count == 0 ? length.Progress(GlobalStep, Clock)
        : IsDone(length) ? 1
        : Math.Max(DoneOfPlan(), length.IsPlan ? 0 : length.Share(GlobalStep, Epoch));

    /// <summary>The place of the phase in the plan.</summary>
    protected int PhaseIndex => _cursor.Phase;

    /// <summary>The place of the phase in the text, where phases come again.</summary>
    protected int PhasePlace => Phases[_cursor.Phase].Place;

    // What starts from data has started when the phase came first.
    private bool IsFirstOfItsPhase => Phases.Count == 0 || PhasePlace < 0 || !Phases.Take(_cursor.Phase).Any(phase => phase.Place == PhasePlace && phase.Length is not { IsNothing: true });

    private Feed? PhaseClock => FeedOf(Phases[_cursor.Phase]);

    /// <summary>The part of the phase that was done when the step began, in [0, 1]; where it says no length, that of the run, which then cannot change it later.</summary>
    protected double PhaseProgress => Phases[_cursor.Phase].Length is null ? Progress : _phaseDoneBefore;

    private double PhaseEpochs => PhaseClock is { } clock ? (double)(clock.TotalPulls - _cursor.FirstPull) / clock.PullsPerEpoch : 0;

    /// <summary>The phases of the program; their lengths may depend on options.</summary>
    protected virtual IReadOnlyList<PlannedPhase> Plan() => [];

    private IReadOnlyList<PlannedPhase> CheckedPlan()
    {
        try
        {
            return Plan();
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new GenDslException($"{_descriptor.Name}: the length of a phase is not possible: {error.Message}", error);
        }
    }

    private Feed? FeedOf(PlannedPhase phase) => _feeds.Find(feed => feed.Name == phase.Clock);

    private bool IsPhaseOver => Phases[_cursor.Phase].Length is { } length && length.IsReached(_cursor.Step, PhaseClock, _cursor.FirstPull);

    private bool IsPlanOver => IsPhaseOver && Phases.Skip(_cursor.Phase + 1).All(phase => phase.Length is { IsNothing: true });

    private bool IsDone(RunLength length) => Phases.Count == 0
        ? length.IsReached(GlobalStep, Clock)
        : IsPlanOver || (!length.IsPlan && length.Share(GlobalStep, Epoch) >= 1);

    // A report between two phases still belongs to the first one: the next begins with its first step.
    private void EnterPhase()
    {
        if (Phases.Count == 0)
        {
            return;
        }

        if (IsPlanOver)
        {
            throw new GenDslException($"{_descriptor.Name} has done all its phases: {string.Join(", ", Phases.Select(phase => phase.Name))}. There is no step left.");
        }

        while (IsPhaseOver)
        {
            var earlier = _cursor.EarlierEpochs + PhaseEpochs;
            _cursor = new PlanCursor(_cursor.Phase + 1, 0, FeedOf(Phases[_cursor.Phase + 1])?.TotalPulls ?? 0, earlier);
        }

        if (_cursor.Step == 0)
        {
            PhaseStarted?.Invoke(Phase);
        }
    }

    // A step pulls batches, several times perhaps: what its schedules read stays as it was.
    private void NoteProgress()
    {
        _doneBefore = Done;
        EpochBefore = Phases.Count == 0 ? Epoch : PhaseEpochs;
        _phaseDoneBefore = Phases.Count > 0 && Phases[_cursor.Phase].Length is { } length ? length.Progress(_cursor.Step, PhaseClock, _cursor.FirstPull) : 0;
    }

    private void CheckLength(RunLength length)
    {
        if (!length.IsPlan)
        {
            return;
        }

        if (Phases.Count == 0)
        {
            throw new GenDslException($"{_descriptor.Name} has no phases that say how long it trains. Give a number of steps or epochs.");
        }

        if (Phases[^1] is { Length: null } endless)
        {
            throw new GenDslException($"{_descriptor.Name}: the phase '{endless.Name}' says no length. Give the run a number of steps or epochs, or the phase: 'phase {endless.Name} for 30 epochs'.");
        }
    }

    // Weighted by steps, one batch of the clock each.
    private double DoneOfPlan()
    {
        if (Phases[^1].Length is null)
        {
            return 0;
        }

        double done = 0, all = 0;
        for (var i = 0; i < Phases.Count; i++)
        {
            var steps = Phases[i].Length!.Value.Needed(FeedOf(Phases[i]));
            all += steps;
            done += i < _cursor.Phase ? steps : i > _cursor.Phase ? 0 : steps * Phases[i].Length!.Value.Progress(_cursor.Step, PhaseClock, _cursor.FirstPull);
        }

        return all <= 0 ? 1 : done / all;
    }
}
