using System.Collections.Generic;

namespace GenDsl.Runtime.Data;

/// <summary>What is known of a data set before it is opened.</summary>
/// <param name="Name">The name that <see cref="DataSets.Open"/> takes.</param>
/// <param name="Summary">One line: what the rows are, and the columns.</param>
/// <param name="Licence">The licence of its files; empty where the rows are made.</param>
/// <param name="Splits">The splits, the default first.</param>
/// <param name="Views">The named views, without the <c>@</c>; <c>LENGTH</c> stands for a window length.</param>
/// <param name="IsProcedural">Whether the rows are made on this machine and no file is needed.</param>
public sealed record DataSetInfo(
    string Name, string Summary, string Licence, IReadOnlyList<string> Splits, IReadOnlyList<string> Views, bool IsProcedural);
