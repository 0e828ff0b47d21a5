using System.Collections.Generic;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Diagnostics;

/// <summary>GEN41xx: flows and what is made of data by them.</summary>
public sealed partial class DiagnosticBuilder
{
    private const string WhatUpdatesMayRead =
        "An update may read other parts of the data as they stand (a coupling), or of its own part only what comes before, through a net that shifts or masks (an autoregressive flow).";

    /// <summary>An update that reads what it changes.</summary>
    /// <param name="before">Which version: "before the update".</param>
    public GenDiagnostic ReadsItself(string update, string reads, string before) =>
        Error("GEN4101", $"'{update}' cannot be undone: what it reads is computed from '{reads}' as it is {before}, and to know that again the update would have to be undone first. {WhatUpdatesMayRead}");

    /// <summary>A loop that reads what was computed before it.</summary>
    public GenDiagnostic LoopReadsItself(string loop, string reads) =>
        Error("GEN4101", $"'{loop}' cannot be undone: a value that it reads is computed from '{reads}' as it is before the loop, and is not known again until all rounds are undone. Compute it in the loop.");

    /// <summary>An update that reads what it changes through a layer that looks too far.</summary>
    public GenDiagnostic ReadsItselfThrough(string update, string reads, string before, string layer, string example, string why) =>
        Error("GEN4101", $"'{update}' cannot be undone: through '{layer}' it reads '{reads}' as it is {before} at places that are not known again by then ({example}). Of '{layer}': {why}. {WhatUpdatesMayRead}");

    /// <summary>Updates of which each needs another undone first.</summary>
    /// <param name="circle">What each of the others reads, as half-sentences.</param>
    public GenDiagnostic NeedEachOther(string update, string reads, string before, IReadOnlyList<string> circle) =>
        Error("GEN4101", $"'{update}' cannot be undone: it reads '{reads}' as it is {before}, which would have to be undone first; but {string.Join("; and ", circle)}. Compute what an update reads directly before it, so that it reads the data as they stand.");

    public GenDiagnostic ScaleMayBeZero(string place, string op, Interval range) =>
        Error("GEN4102", $"'{place} {op} ...' may {(op == "/=" ? "divide" : "multiply")} by 0, which cannot be undone: the factor is in {range}. Use 'exp(s)', 'sigmoid(s)' or 'softplus(s) + 0.001', whose ranges exclude 0.");

    public GenDiagnostic NotABijection(string place, string step) =>
        Error("GEN4103", $"'{step}' is neither a flow nor a bijection of the catalogue, so that this '|>=' cannot be undone. To compute with what '{step}' gives, update '{place}' by it: '{place} += ...' or '{place} *= ...'.");

    public GenDiagnostic FlowNeedsOneDatum(string flow, int count) =>
        Error("GEN4104", $"The flow '{flow}' transforms one datum, but is given {count}. What it only reads stands behind the bar: 'flow {flow}(x: [d] | c: [k])'.");

    public GenDiagnostic FlowHasNoResult(string flow, string data) =>
        Error("GEN4105", $"A flow has no result: what '{flow}' makes of '{data}' is what stands in '{data}' at its end. Write '{data} |>= ...', '{data} += ...' or '{data} *= ...'.");

    public GenDiagnostic LoopCarriesOnlyData(string name, string data) =>
        Error("GEN4106", $"'{name}' is bound around this loop and bound again in it. In a flow a loop carries only '{data}' and its parts from round to round, for its inverse runs the rounds backwards: use another name.");

    public GenDiagnostic OutsideDomain(string bijection, Interval domain, Interval range, string? cure) =>
        Error("GEN3033", $"'{bijection}' takes values in {domain}, but these are in {range}: {cure ?? "map them there before, or take data of a space that says so, such as 'space Unit = f32[8] in [0, 1]'"}.");

    public GenDiagnostic NeedsLevels(string function, Types.TensorType type) =>
        Error("GEN3034", $"'{function}' takes levels, bits or mu-law levels of a batch, but is given {type}.");

    public GenDiagnostic PartNotDistributed(string part, string data) =>
        Error("GEN4107", $"'{part}', a part of what is made of '{data}', has no distribution: every part stands left of one '~'.");

    public GenDiagnostic PartDistributedTwice(string part) =>
        Error("GEN4108", $"'{part}' is distributed, and what is made of it too: the same numbers would count twice.");

    public GenDiagnostic NoiseModelUnfit(string model, string why) =>
        Error("GEN4111", $"'{model}' cannot be the noise of 'dequantize': {why}.");

    public GenDiagnostic PartEnded(string part, TextSpan by, TextSpan declared) =>
        Error("GEN4112", $"'{part}' is a part of the data in a shape that they no longer have. Part the data again behind the step that changed it.") with
        {
            Related = [new(by, "Here the data take another shape."), new(declared, $"'{part}' is made here.")],
        };

    public GenDiagnostic LawThroughNoBijection() =>
        Error("GEN4110", "A distribution goes through bijections only, for its density needs their inverse: flows and bijections of the catalogue, or 'inverse(F)'.");

    public GenDiagnostic LawsNeedEachOther(string part) =>
        Error("GEN4109", $"The law of '{part}' reads '{part}' itself, or what it takes '{part}' to know: it cannot be drawn. A law may read other parts, as long as they do not need this one.");
}
