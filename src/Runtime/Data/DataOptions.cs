using System;
using System.Collections.Generic;
using System.Net.Http;

namespace GenDsl.Runtime.Data;

/// <summary>Where data is found and how much of it is made.</summary>
public sealed record DataOptions
{
    /// <summary>
    /// The folder with a sub-folder per data set (<c>mnist/train-images-idx3-ubyte.gz</c>, ...); default the environment variable <c>GENDSL_DATA</c>.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Where downloads are kept; default <c>gendsl/data</c> under <c>XDG_CACHE_HOME</c> or the user's local application data.</summary>
    public string? Cache { get; init; }

    /// <summary>Whether a file that is nowhere may be downloaded by HTTPS.</summary>
    public bool Download { get; init; } = true;

    /// <summary>The seed of the data sets that are made, not read. Each split has its own rows under every seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>The number of rows to make, or at most to read; default what the data set says.</summary>
    public long? Rows { get; init; }

    /// <summary>Views beside those of <see cref="DataViews.All"/>.</summary>
    public IReadOnlyList<DataView> Views { get; init; } = [];

    /// <summary>
    /// The columns that the program declares. Your own files are read for them: pictures come at the size of their space, sounds and texts in
    /// windows of its length, and the columns of a table as what the program makes of them.
    /// </summary>
    public IReadOnlyList<ColumnBinding> Columns { get; init; } = [];

    /// <summary>Threads that decode ahead of a training that reads its files as it goes (<c>@stream</c>); default up to 4, by the machine. Batches do not depend on it.</summary>
    public int? Decoders { get; init; }

    /// <summary>
    /// Told in one line what takes time, a download and its size, and which damaged files of your own are left out. Where nobody listens, a
    /// damaged file is an error instead.
    /// </summary>
    public Action<string>? Progress { get; init; }

    /// <summary>Answers downloads in place of the network.</summary>
    internal HttpMessageHandler? Network { get; init; }
}
