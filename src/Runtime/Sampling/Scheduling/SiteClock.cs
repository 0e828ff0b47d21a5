namespace GenDsl.Runtime;

/// <summary>How far a group has come: its next unit, and whether that is due.</summary>
internal sealed class SiteClock
{
    private readonly bool _isByRow;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _classes;
    private readonly long _rowStep;
    private readonly long _columnStep;
    private readonly long _rowLead;
    private readonly long _columnLead;
    private readonly long _classLead;
    private readonly long _rowScale;
    private readonly long _columnScale;
    private int _row;
    private int _column;
    private int _class;

    public SiteClock(SiteGroup group, Schedule schedule)
    {
        Group = group;
        _isByRow = group.IsByRow;
        _rows = group.Shape.Rows;
        _columns = group.Shape.Columns;
        _classes = group.Classes;
        _rowScale = schedule.RowScale;
        _columnScale = schedule.ColumnScale;
        _rowStep = Scaled(group.Shape.RowRate, _rowScale);
        _columnStep = Scaled(group.Shape.ColumnRate, _columnScale);
        _rowLead = Scaled(group.Lead.Row, _rowScale);
        _columnLead = Scaled(group.Lead.Column, _columnScale);
        _classLead = group.Lead.Class;
    }

    public SiteGroup Group { get; }

    /// <summary>Units computed so far: sites, times classes where there are any.</summary>
    public long Computed => ((((long)_row * _columns) + _column) * (_classes == 0 ? 1 : _classes)) + _class;

    /// <summary>Starts again.</summary>
    public void Reset() => (_row, _column, _class) = (0, 0, 0);

    /// <summary>The next unit that must be known before the place is drawn.</summary>
    public bool TryNext(int row, int column, int label, out SiteUnit unit)
    {
        if (_row == _rows || !IsDue(row, column, label))
        {
            unit = default;
            return false;
        }

        unit = new SiteUnit(_row, _isByRow ? 0 : _column, _isByRow ? _columns : 1, _classes == 0 ? -1 : _class);
        Advance();
        return true;
    }

    private bool IsDue(int row, int column, int label)
    {
        var ahead = (_rowScale * row) + _rowLead - (_rowStep * _row);
        if (ahead != 0 || _isByRow)
        {
            return ahead >= 0;
        }

        ahead = (_columnScale * column) + _columnLead - (_columnStep * _column);
        return ahead != 0 ? ahead > 0 : label + _classLead >= _class;
    }

    private void Advance()
    {
        if (++_class < _classes)
        {
            return;
        }

        _class = 0;
        _column = _isByRow ? _columns : _column + 1;
        if (_column == _columns)
        {
            _column = 0;
            _row++;
        }
    }

    private static long Scaled(Rational value, long scale) => value.Numerator * (scale / value.Denominator);
}
