using System;
using System.Collections.Generic;
using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Loops of flows whose rounds are not kept for the backward pass: it undoes each and computes it again (Gomez et al. 2017, arXiv:1707.04585).</summary>
public static class Recompute
{
    /// <summary>A loop that makes <paramref name="x"/> into its result.</summary>
    /// <param name="x">What the first round is given; taken over.</param>
    /// <param name="from">The index of the first round.</param>
    /// <param name="to">One behind that of the last; there is at least one round.</param>
    /// <param name="round">A round: makes new tensors and disposes what it does not return.</param>
    /// <param name="back">From a round's result back to its argument.</param>
    /// <param name="learned">The parameters that a round reads.</param>
    /// <param name="mode">How rounds are called the first time, <see cref="Mode.Train"/> if null. Again they run without writing running statistics.</param>
    public static Tensor Loop(
        Tensor x, int from, int to, Func<Tensor, int, Mode, Tensor> round, Func<Tensor, int, Mode, Tensor> back, Func<int, IEnumerable<Tensor>> learned, Mode? mode = null)
    {
        ArgumentNullException.ThrowIfNull(round);
        return RoundsFunction.Run(x, new Rounds(from, to, (at, index, how) => (round(at, index, how), null), back, learned, mode ?? Mode.Train)).Result;
    }

    /// <summary>A loop that also adds up a value of its rounds: the log-determinant.</summary>
    /// <param name="x">What the first round is given; taken over.</param>
    /// <param name="from">The index of the first round.</param>
    /// <param name="to">One behind that of the last; there is at least one round.</param>
    /// <param name="round">A round, and its term: makes new tensors and disposes what it does not return.</param>
    /// <param name="back">From a round's result back to its argument.</param>
    /// <param name="learned">The parameters that a round reads.</param>
    /// <param name="mode">How rounds are called the first time, <see cref="Mode.Train"/> if null. Again they run without writing running statistics.</param>
    public static (Tensor Result, Tensor Sum) SummedLoop(
        Tensor x, int from, int to, Func<Tensor, int, Mode, (Tensor Next, Tensor Term)> round, Func<Tensor, int, Mode, Tensor> back, Func<int, IEnumerable<Tensor>> learned, Mode? mode = null)
    {
        ArgumentNullException.ThrowIfNull(round);
        var (result, sum) = RoundsFunction.Run(x, new Rounds(from, to, (at, index, how) => round(at, index, how), back, learned, mode ?? Mode.Train));
        return (result, sum!);
    }

    /// <summary>The parameters of a net or flow.</summary>
    public static IEnumerable<Tensor> Learned(StateTable state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Learned.Select(item => item.Tensor);
    }
}
