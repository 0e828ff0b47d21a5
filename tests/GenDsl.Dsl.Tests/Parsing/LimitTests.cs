using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Parsing;
using Xunit;

namespace GenDsl.Dsl.Tests.Parsing;

public sealed class LimitTests
{
    private static string Times(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    public static TheoryData<string, string, string, string> Towers => new()
    {
        { "(", "a", ")", "GEN1047" },
        { "(a + ", "a", ")", "GEN1047" },
        { "f(", "a", ")", "GEN1047" },
        { "us[", "a", "]", "GEN1047" },
        { "- ", "a", "", "GEN1047" },
        { "a^", "a", "", "GEN1047" },
        { "if a then b else ", "a", "", "GEN1047" },
        { "(x |> f |> g(", "a", "))", "GEN1047" },
        { "repeat 2 { ", "a", "}", "GEN1047" },
        { "z: (", "int", ") ~ n", "GEN1047" },
        { "a + ", "a", "", "GEN1048" },
        { "a |> ", "a", "", "GEN1048" },
        { "(", "", "", "GEN1047" },
        { "repeat 2 { ", "", "", "GEN1047" },
        { "for i in 0..2\n{", "", "", "GEN1047" },
        { "z: [N; ", "", "", "GEN1047" },
        { "net(", "", "", "GEN1047" },
    };

    /// <summary>On one megabyte of stack, the least that a thread of a compiler has; an optimised build needs less than half of it.</summary>
    [Theory]
    [MemberData(nameof(Towers))]
    public void Deep_nesting_is_one_mistake(string open, string middle, string close, string code)
    {
        string before = open.StartsWith("z: ", StringComparison.Ordinal) ? "z: " : "";
        string after = close.EndsWith(" ~ n", StringComparison.Ordinal) ? " ~ n" : "";
        string unit = open.Substring(before.Length);
        string end = close.Substring(0, close.Length - after.Length);
        string text = "net A(x: [3]) {\n" + before + Times(unit, 10_000) + middle + Times(end, 10_000) + after + "\n}\n";
        Parsed parsed = OnSmallStack(() => Parsed.File(text));
        Assert.Equal(code, Assert.Single(parsed.Diagnostics).Code);
        Assert.True(TreeWalk.Height(parsed.Tree) < 2 * 500);
    }

    [Theory]
    [InlineData("(", "a", ")", 190)]
    [InlineData("- ", "a", "", 190)]
    [InlineData("repeat 2 { ", "a", "}", 45)]
    [InlineData("a + ", "a", "", 450)]
    public void Reasonable_nesting_is_no_mistake(string open, string middle, string close, int count) =>
        Parsed.Valid("net A(x: [3]) {\n" + Times(open, count) + middle + Times(close, count) + "\n}\n");

    [Fact]
    public void Long_files_take_time_in_proportion()
    {
        string unit = Samples.Gan.Substring(Samples.Gan.IndexOf('\n', StringComparison.Ordinal) + 1) + "\n";
        int lines = unit.Count(c => c == '\n');
        string text = Times(unit, (10_000 / lines) + 1);
        Parsed.Valid(unit);
        Stopwatch watch = Stopwatch.StartNew();
        Parsed parsed = Parsed.Valid(text);
        Assert.Equal(5 * ((10_000 / lines) + 1), parsed.Tree.Declarations.Length);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"10,000 lines took {watch.Elapsed}");
    }

    [Fact]
    public void Work_grows_with_the_length_only()
    {
        string unit = Samples.Gan.Substring(Samples.Gan.IndexOf('\n', StringComparison.Ordinal) + 1) + "\n";
        long small = Allocated(Times(unit, 20));
        long large = Allocated(Times(unit, 200));
        Assert.InRange(large, 8 * small, 12 * small);
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    [InlineData("")]
    public void Cultures_change_nothing(string culture)
    {
        string expected = Parsed.Valid(Samples.Gan).Text;
        string errors = Parsed.File("trainr MINIMIZE(x: I) { minimise L over D with 1,5.e\ncost I ı İ }").Messages;
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal(expected, Parsed.Valid(Samples.Gan).Text);
            Assert.Equal(errors, Parsed.File("trainr MINIMIZE(x: I) { minimise L over D with 1,5.e\ncost I ı İ }").Messages);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Line_ends_change_nothing(string end)
    {
        foreach (string sample in Samples.All)
        {
            Assert.Equal(Parsed.Valid(sample).Text, Parsed.Valid("\uFEFF" + sample.Replace("\r\n", "\n").Replace("\n", end)).Text);
        }
    }

    [Fact]
    public void Cancellation_is_heard()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => GenParser.Parse(new("a.gen", Samples.Gan), new DiagnosticBag(), source.Token));
    }

    private static long Allocated(string text)
    {
        Parsed.Valid(text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        GenParser.Parse(new("a.gen", text), new DiagnosticBag());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static T OnSmallStack<T>(Func<T> work)
    {
        T? result = default;
        Exception? error = null;
        Thread thread = new(() => error = Record.Exception(() => result = work()), maxStackSize: 1024 * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(error);
        return result!;
    }
}
