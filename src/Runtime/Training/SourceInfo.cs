using System.Collections.Generic;

namespace GenDsl.Runtime;

/// <summary>A data source that a trainer or evaluation reads.</summary>
/// <param name="Name">Its name in the program.</param>
/// <param name="Columns">Its row-aligned columns.</param>
public sealed record SourceInfo(string Name, IReadOnlyList<ColumnBinding> Columns);
