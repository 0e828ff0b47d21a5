using System;
using System.IO;
using System.Threading.Tasks;
using GenDsl.Testing;
using Xunit;

namespace GenDsl.Generators.Tests.Verification;

/// <summary>The verifier reads an environment variable of the whole process, so that these tests run by themselves.</summary>
[CollectionDefinition(nameof(VerifierTests), DisableParallelization = true)]
[Collection(nameof(VerifierTests))]
public sealed class VerifierTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gendsl-verify-").FullName;
    private readonly string? _accept = Environment.GetEnvironmentVariable(Verifier.AcceptVariable);

    public VerifierTests() => Environment.SetEnvironmentVariable(Verifier.AcceptVariable, null);

    private string TestFile => Path.Combine(_folder, "SomeTests.cs");

    private string Verified => Path.Combine(_folder, "Snapshots", "SomeTests.case.verified.txt");

    private string Received => Path.Combine(_folder, "Snapshots", "SomeTests.case.received.txt");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Verifier.AcceptVariable, _accept);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task NewOutput_Fails_AndIsWrittenAsReceived()
    {
        VerifyException failure = await Assert.ThrowsAsync<VerifyException>(() => Verify("one\n"));
        Assert.Equal("one\n", await File.ReadAllTextAsync(Received));
        Assert.False(File.Exists(Verified));
        Assert.Contains($"mv '{Received}' '{Verified}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AcceptedOutput_Passes_WhateverTheLineEnds()
    {
        await Accept("one\ntwo\n");
        await Verify("one\r\ntwo\r\n");
        Assert.False(File.Exists(Received));
    }

    [Fact]
    public async Task DifferingOutput_Fails_AndShowsTheLines()
    {
        await Accept("one\ntwo\nthree\n");
        VerifyException failure = await Assert.ThrowsAsync<VerifyException>(() => Verify("one\n2\nthree\n"));
        Assert.Contains("@@ line 2: 1 lines became 1 @@\n  one\n- two\n+ 2\n  three\n", failure.Message, StringComparison.Ordinal);
        Assert.Equal("one\ntwo\nthree\n", await File.ReadAllTextAsync(Verified));
    }

    [Fact]
    public async Task PassingAgain_RemovesWhatWasReceived()
    {
        await Accept("one\n");
        await Assert.ThrowsAsync<VerifyException>(() => Verify("two\n"));
        await Verify("one\n");
        Assert.False(File.Exists(Received));
    }

    [Fact]
    public async Task Update_AcceptsTheOutput()
    {
        await Accept("one\n");
        await Assert.ThrowsAsync<VerifyException>(() => Verify("two\n"));
        Environment.SetEnvironmentVariable(Verifier.AcceptVariable, "1");
        await Verify("two\n");
        Assert.Equal("two\n", await File.ReadAllTextAsync(Verified));
        Assert.False(File.Exists(Received));
    }

    [Theory]
    [InlineData("", "x", "@@ line 1: 1 lines became 1 @@\n- \n+ x")]
    [InlineData("a\nb", "a\nb\nc", "@@ line 3: 0 lines became 1 @@\n  a\n  b\n+ c")]
    [InlineData("a\na", "a", "@@ line 2: 1 lines became 0 @@\n  a\n- a")]
    public void Diff_ShowsOnlyWhatChanged(string expected, string actual, string diff) =>
        Assert.Equal(diff, LineDiff.Summarize(expected, actual));

    private Task Verify(string text) => Verifier.Verify(text, "case", testFile: TestFile);

    private async Task Accept(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Verified)!);
        await File.WriteAllTextAsync(Verified, text);
    }
}
