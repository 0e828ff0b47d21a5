using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Tests.Baselines;

/// <summary>The codes that the builder can make, found by calling every method with stand-in arguments.</summary>
internal static class Codes
{
    public static IReadOnlyList<(string Method, string Code)> All { get; } = [.. typeof(DiagnosticBuilder)
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(m => m.ReturnType == typeof(GenDiagnostic))
        .Select(m => (m.Name, ((GenDiagnostic)m.Invoke(new DiagnosticBuilder(new GenSource("a.gen", "text"), new TextSpan(0, 4)), [.. m.GetParameters().Select(p => StandIn(p.ParameterType))])!).Code))];

    public static IEnumerable<string> Semantic => All.Select(c => c.Code).Distinct().Order(StringComparer.Ordinal);

    private static object? StandIn(Type type) =>
        type == typeof(string) ? "name"
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
