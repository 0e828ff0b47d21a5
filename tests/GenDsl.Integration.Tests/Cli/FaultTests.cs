using System;
using System.IO;
using System.Linq;
using System.Threading;
using GenDsl.Cli;
using GenDsl.Cli.Compilation;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>What is not the user's fault ends with 2, says where the details are, and shows a stack only on demand.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BrokenInside(bool isVerbose)
    {
        var error = new StringWriter();
        string[] args = isVerbose ? ["list", "--verbose"] : ["list"];
        var code = Program.Run(args, new Terminal(new BrokenWriter(), error));
        var text = error.ToString();
        Assert.Equal(2, code);
        Assert.Contains("InvalidOperationException: broken", text, StringComparison.Ordinal);
        Assert.Equal(isVerbose, text.Contains(nameof(BrokenWriter), StringComparison.Ordinal));

        var log = text.Split(' ', '\n').Single(word => word.EndsWith(".log.", StringComparison.Ordinal)).TrimEnd('.');
        Assert.Contains(nameof(BrokenWriter), File.ReadAllText(log), StringComparison.Ordinal);
        File.Delete(log);
    }

    [Fact]
    public void GeneratedCodeThatDoesNotCompile()
    {
        var error = Assert.Throws<GeneratedCodeException>(() => CSharpAssembly.Compile("odd", "#line 7 \"odd.gen\"\nclass { }", [], CancellationToken.None));
        Assert.Contains("generated for 'odd' does not compile", error.Message, StringComparison.Ordinal);
        Assert.Contains("CS1001", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StacksPointIntoTheProgram()
    {
        const string code = "#line 7 \"odd.gen\"\npublic static class Odd { public static void Fail() => throw new System.InvalidOperationException(); }";
        var fail = CSharpAssembly.Compile("odd", code, [], CancellationToken.None).GetType("Odd")!.GetMethod("Fail")!.CreateDelegate<Action>();
        Assert.Contains("odd.gen:line 7", Assert.Throws<InvalidOperationException>(fail).StackTrace, StringComparison.Ordinal);
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new InvalidOperationException("broken");
    }
}
