using System;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Text;
using Xunit;

namespace GenDsl.Dsl.Tests.Catalog;

/// <summary>Functions of other assemblies are called by the rules of nets.</summary>
public class ForeignOperationsTests
{
    private static readonly ForeignOperation s_swish = new("global::Acme.Swish", "swish(beta: float = 1)(x)", "Tensor, double", "Tensor");
    private static readonly ForeignOperation s_halve = new("global::Acme.Halve", "halve(x: [c, 2 * t]) -> [c, t]", "Tensor", "Tensor") { Range = "[0, inf)" };
    private static readonly ForeignOperation s_narrow = new("global::Acme.Confine", "confine(x)", "Tensor", "Tensor") { Domain = "[0, 1]" };

    [Fact]
    public void WithoutAType_TheShapeIsTheArguments()
    {
        CatalogOp op = Last("x |> swish(beta: 2)", s_swish);
        Assert.Equal("[2, 6]", op.Outputs[0].Type.ShapeText);
        Assert.Equal(Access.Pointwise, op.Access);
        Assert.Equal("global::Acme.Swish({x}, {beta})", op.Operation.Call);
        Assert.Equal(2, ((NumberAttribute)op.Attributes["beta"]).Value.Constant);
        Assert.Equal(1, ((NumberAttribute)Last("swish(x)", s_swish).Attributes["beta"]).Value.Constant);
    }

    [Fact]
    public void WithTypes_SizesAreSolved_AndTheRangeIsBelieved()
    {
        CatalogOp op = Last("x |> halve", s_halve);
        Assert.Equal("[2, 3]", op.Outputs[0].Type.ShapeText);
        Assert.Equal("[0, inf)", op.Outputs[0].Type.Range.ToString());
        Assert.Equal(Access.Everything, op.Access);
        Assert.Empty(Findings("halve(x) |> swish |> halve |> swish", s_swish, s_halve with { Signature = "halve(x: [c, t]) -> [c, t]" }));
    }

    [Fact]
    public void NumbersAreSizes()
    {
        var repeat = new ForeignOperation("global::Acme.Repeat", "repeat(times: int, loud: bool = true)(x: [c, t], y: [c]) -> [c * times, t]", "Tensor, Tensor, long, bool", "Tensor");
        CatalogOp op = Last("repeat(x, x |> conv(1, kernel: 1) |> flatten |> linear(2), times: 3)", repeat);
        Assert.Equal("[6, 6]", op.Outputs[0].Type.ShapeText);
        Assert.Equal(new CodeAttribute("true"), op.Attributes["loud"]);
    }

    [Theory]
    [InlineData("swish(x, gamma: 2)", "GEN2003")]
    [InlineData("x |> flatten |> halve", "GEN3")]
    [InlineData("x |> conv(3, kernel: 1) |> slice", "GEN3")]
    [InlineData("swish(x, beta: x)", "GEN2006")]
    [InlineData("log(swish(x))", "GEN3")]
    [InlineData("confine(x)", "GEN3")]
    [InlineData("halve(x |> conv(2, kernel: 2, pad: valid))", "GEN3")]
    [InlineData("both(x, x |> flatten)", "GEN3")]
    [InlineData("swosh(x)", "GEN2001")]
    public void AWrongCall_IsAnErrorOfIts(string call, string code)
    {
        string[] found = Findings(call, s_swish, s_halve, s_narrow,
            new("global::Acme.Slice", "slice(x: [2, t]) -> [t]", "Tensor", "Tensor"),
            new("global::Acme.Both", "both(x, y)", "Tensor, Tensor", "Tensor"));
        Assert.Contains(code, Assert.Single(found), StringComparison.Ordinal);
    }

    [Fact]
    public void AKnownDomain_IsMet() => Assert.Empty(Findings("x |> sigmoid |> confine", s_narrow));

    [Theory]
    [InlineData("swish(x", "Tensor", "", "", "does not read as the head of a net")]
    [InlineData("swish(x)", "Tensor, double", "", "", "asks for a method of (Tensor), and it is one of (Tensor, double)")]
    [InlineData("swish(beta: int)(x)", "Tensor, double", "", "", "asks for a method of (Tensor, long)")]
    [InlineData("swish(x)", "Tensor", "[0, 1", "", "'[0, 1' is no interval")]
    [InlineData("swish(x)", "Tensor", "[1, 0]", "", "'[1, 0]' is no interval")]
    [InlineData("swish(x)", "Tensor", "", "nowhere", "'nowhere' is none of")]
    [InlineData("swish(x: [c, t]) -> [t]", "Tensor", "", "place", "its result has other places")]
    [InlineData("swish(x: [c, t])", "Tensor", "", "", "its result is one tensor")]
    [InlineData("swish(x: [c, t]) -> [q, t]", "Tensor", "", "", "There is no 'q' here")]
    [InlineData("swish(x: [c, t] | y: [c])", "Tensor, Tensor", "", "", "conditions or facts")]
    [InlineData("relu(x)", "Tensor", "", "", "GenDsl's own catalogue")]
    public void WhatCannotBeCalled_SaysWhyWhereItIsCalled_AndNowhereElse(string signature, string takes, string range, string access, string why)
    {
        ForeignOperation broken = new("global::Acme.Swish", signature, takes, "Tensor") { Range = range, Access = access };
        string name = signature.Split('(')[0];
        Assert.Empty(Findings("x |> tanh", broken));
        string found = Assert.Single(Findings($"x |> {name}", broken));
        Assert.Contains("GEN2024", found, StringComparison.Ordinal);
        Assert.Contains(why, found, StringComparison.Ordinal);
        Assert.Contains("'Acme.Swish'", found, StringComparison.Ordinal);
    }

    [Fact]
    public void OfTwoOfOneName_NeitherIsChosen()
    {
        string found = Assert.Single(Findings("swish(x)", s_swish, s_swish with { Method = "global::Other.Swish" }));
        Assert.Contains("'Acme.Swish' has the same name", found, StringComparison.Ordinal);
    }

    private static string[] Findings(string body, params ForeignOperation[] foreign) => [.. Checked(body, foreign).Diagnostics.Select(d => d.ToString())];

    private static CatalogOp Last(string body, params ForeignOperation[] foreign)
    {
        CheckedFile file = Checked(body, foreign);
        Assert.Empty(file.Diagnostics.Select(d => d.ToString()));
        return file.Ir.Modules.OfType<IrNet>().Last().Forward!.Body.Statements.OfType<IrOpStatement>().Select(s => s.Op).OfType<CatalogOp>().Last();
    }

    private static CheckedFile Checked(string body, ForeignOperation[] foreign) =>
        GenCompiler.Check(new GenSource("a.gen", $"gen 1\nnet N(x: [2, 6]) {{\n    {body}\n}}\n"), ForeignOperations.Bind(foreign));
}
