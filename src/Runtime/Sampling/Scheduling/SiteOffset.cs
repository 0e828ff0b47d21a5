using System;

namespace GenDsl.Runtime;

/// <summary>A difference of places in drawing order: rows, then columns, then classes of a site; compared lexicographically.</summary>
/// <param name="Row">Rows of the root.</param>
/// <param name="Column">Columns of the root.</param>
/// <param name="Class">Classes: channels drawn one by one, or the variables of a MADE.</param>
internal readonly record struct SiteOffset(Rational Row, Rational Column, long Class) : IComparable<SiteOffset>
{
    public static SiteOffset operator +(SiteOffset a, SiteOffset b) => new(a.Row + b.Row, a.Column + b.Column, a.Class + b.Class);

    public static SiteOffset Max(SiteOffset a, SiteOffset b) => a.CompareTo(b) >= 0 ? a : b;

    public int CompareTo(SiteOffset other)
    {
        var order = Row.CompareTo(other.Row);
        if (order == 0)
        {
            order = Column.CompareTo(other.Column);
        }

        return order != 0 ? order : Class.CompareTo(other.Class);
    }

    public override string ToString() => FormattableString.Invariant($"({Row}, {Column}, {Class})");
}
