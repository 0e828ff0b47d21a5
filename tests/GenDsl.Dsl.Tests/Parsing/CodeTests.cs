using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Text;
using Xunit;

namespace GenDsl.Dsl.Tests.Parsing;

public sealed class CodeTests
{
    private static readonly MethodInfo[] s_builders =
        [.. typeof(SyntaxDiagnostics).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(m => m.ReturnType == typeof(GenDiagnostic))];

    [Fact]
    public void Every_builder_has_a_code_of_its_own()
    {
        string[] codes = [.. s_builders.Select(CodeOf)];
        Assert.True(codes.Length > 40);
        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.All(codes, c => Assert.Matches("^GEN10[0-9]{2}$", c));
    }

    [Fact]
    public void Every_code_is_raised_by_a_text_of_the_recovery_tests()
    {
        IEnumerable<string> texts = typeof(RecoveryTests).GetMethods().SelectMany(m => m.GetCustomAttributes<InlineDataAttribute>())
            .SelectMany(a => a.GetData(null!)).SelectMany(row => row).OfType<string>();
        HashSet<string> raised = [.. texts.SelectMany(t => Regex.Matches(t, "GEN[0-9]{4}")).Select(m => m.Value)];
        raised.UnionWith(LimitTests.Towers.Select(row => (string)row[3]));
        Assert.Equal([], s_builders.Select(CodeOf).Where(c => !raised.Contains(c)));
    }

    private static string CodeOf(MethodInfo builder) =>
        ((GenDiagnostic)builder.Invoke(null, [.. builder.GetParameters().Select(p => Example(p.ParameterType))])!).Code;

    private static object Example(Type type) => type switch
    {
        _ when type == typeof(GenSource) => new GenSource("a.gen", "x"),
        _ when type == typeof(string) => "x",
        _ when type == typeof(bool) => true,
        _ when type == typeof(int) => 1,
        _ when type == typeof(TextSpan) => new TextSpan(0, 1),
        _ when type == typeof(IReadOnlyList<string>) => new[] { "x" },
        _ => throw new NotSupportedException(type.Name),
    };
}
