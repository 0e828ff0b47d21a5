using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Tests.Baselines;

/// <summary>The codes that the builder can make, found by calling every method with stand-in arguments.</summary>
internal static class Codes
{
    private static readonly GenSource s_source = new("a.gen", "text");

    /// <summary>Codes of names, shapes and training.</summary>
    public static IReadOnlyList<string> Semantic { get; } = Of(typeof(DiagnosticBuilder), new DiagnosticBuilder(s_source, new TextSpan(0, 4)));

    /// <summary>Codes of characters, brackets and statements.</summary>
    public static IReadOnlyList<string> Syntactic { get; } = Of(typeof(SyntaxDiagnostics), null);

    private static List<string> Of(Type type, object? builder) => [.. type
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(m => m.ReturnType == typeof(GenDiagnostic))
        .Select(m => ((GenDiagnostic)m.Invoke(builder, [.. m.GetParameters().Select(p => StandIn(p.ParameterType))])!).Code)
        .Distinct()
        .Order(StringComparer.Ordinal)];

    private static object? StandIn(Type type) =>
        type == typeof(string) ? "name"
        : type == typeof(GenSource) ? s_source
        : type == typeof(TextSpan) ? new TextSpan(0, 4)
        : type == typeof(int) ? 2
        : type == typeof(long) ? 2L
        : type == typeof(bool) ? true
        : type == typeof(TensorType) ? TensorType.Real(null, [Dim.One])
        : type == typeof(Interval) ? Interval.Unit
        : type == typeof(Dim) ? Dim.One
        : type == typeof(Rows) ? new Rows("x")
        : type == typeof(ImmutableArray<Dim>) ? ImmutableArray.Create(Dim.One)
        : typeof(IEnumerable<string>).IsAssignableFrom(type) ? new List<string> { "other" }
        : throw new InvalidOperationException($"No stand-in for {type}.");
}
