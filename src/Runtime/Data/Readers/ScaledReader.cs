using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>Levels to real numbers: level / (levels - 1) * (high - low) + low, in that order, so both ends come out exactly.</summary>
internal sealed class ScaledReader : ColumnReader
{
    private readonly Scalar? _steps;
    private readonly Scalar? _span;
    private readonly Scalar? _low;

    public ScaledReader(Column column, SpaceInfo space)
        : base(column.Values, space)
    {
        var steps = ColumnFit.LevelsOf(column) - 1.0;
        var (low, high) = double.IsInfinity(space.Low) || double.IsInfinity(space.High) ? (0, steps) : (space.Low, space.High);
        if (high - low != steps)
        {
            _steps = steps == 1 ? null : steps.ToScalar();
            _span = high - low == 1 ? null : (high - low).ToScalar();
        }

        _low = low == 0 ? null : low.ToScalar();
    }

    /// <summary>Bits, which are their own values.</summary>
    public ScaledReader(Tensor bits, SpaceInfo space)
        : base(bits, space)
    {
    }

    protected override Tensor Convert(Tensor rows, Draws draws)
    {
        var real = Reals.From(rows);
        if (_steps is not null)
        {
            real.div_(_steps);
        }

        if (_span is not null)
        {
            real.mul_(_span);
        }

        if (_low is not null)
        {
            real.add_(_low);
        }

        return real;
    }
}
