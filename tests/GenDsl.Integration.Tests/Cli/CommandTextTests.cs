using System.IO;
using GenDsl.Cli;
using GenDsl.Cli.Commands;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

public sealed class CommandTextTests
{
    [Theory]
    [InlineData("models/dcgan.gen", "models/dcgan.gen")]
    [InlineData("runs/a_1:b,c@2=3", "runs/a_1:b,c@2=3")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("runs/x(1)", "'runs/x(1)'")]
    [InlineData("a<b", "'a<b'")]
    [InlineData("~/x", "'~/x'")]
    [InlineData("a#b`c`", "'a#b`c`'")]
    [InlineData("a[1]?", "'a[1]?'")]
    public void WhatAShellReads_IsQuoted(string argument, string expected)
    {
        var command = new GenDslCommand(new Terminal(TextWriter.Null, TextWriter.Null), default);
        Assert.Equal($"gendsl emit x.gen --out {expected}", CommandText.Of(command.Parse(["emit", "x.gen", "--out", argument])));
    }
}
