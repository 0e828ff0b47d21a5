using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Runtime;
using GenDsl.Runtime.Media;

namespace GenDsl.Cli.Training;

/// <summary>Figures, times and sizes in words.</summary>
internal static class FigureText
{
    public static string Line(MetricsLine line, double stepsPerSecond) =>
        $"{(line.Phase.Length > 0 ? line.Phase + "  " : "")}step {Count(line.Step)}  epoch {line.Epoch.ToString("F2", CultureInfo.InvariantCulture)}  {Values(line.Values)}  {Speed(stepsPerSecond)}";

    public static string Values(IEnumerable<NamedValue> values) => string.Join("  ", values.Select(value => $"{value.Name} {Number(value.Value)}"));

    /// <summary>Five significant digits.</summary>
    public static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    public static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Speed(double stepsPerSecond) => stepsPerSecond switch
    {
        <= 0 or double.NaN => "",
        >= 10 => $"{Count(stepsPerSecond)} steps/s",
        _ => $"{stepsPerSecond.ToString("G2", CultureInfo.InvariantCulture)} steps/s",
    };

    /// <summary>For example <c>3 min 20 s</c>.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 0.01 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:G2} ms"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:F0} ms"),
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{seconds:G2} s"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds:F0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60)} min {Math.Floor(seconds % 60)} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 3600)} h {Math.Floor(seconds % 3600 / 60)} min"),
    };

    /// <summary>For example <c>430 MB</c>.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / 1e3)} kB"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB"),
    };
}
