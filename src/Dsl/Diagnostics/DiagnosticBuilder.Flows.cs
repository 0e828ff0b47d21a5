using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Diagnostics;

/// <summary>GEN41xx: flows and what is made of data by them.</summary>
public sealed partial class DiagnosticBuilder
{
    public GenDiagnostic NotInvertible(string update, string reads, bool isItself, IReadOnlyList<(TextSpan Span, string Text)> others) =>
        Error("GEN4101", $"'{update}' cannot be undone: "
            + (isItself
                ? $"what it reads is computed from '{reads}' as it is before the update, and to know that again the update would have to be undone first. "
                : $"what it reads is computed from an earlier '{reads}', and to know that again an update would have to be undone which in turn needs what this one changes. ")
            + "An update may read other parts of the data as they stand (a coupling), or of its own part only what comes before, through a net that shifts or masks (an autoregressive flow).")
        with
        { Related = [.. others.Select(o => new RelatedPlace(o.Span, o.Text))] };

    public GenDiagnostic ScaleMayBeZero(string place, string op, Interval range) =>
        Error("GEN4102", $"'{place} {op} ...' may multiply by 0, which cannot be undone: the factor is in {range}. Use 'exp(s)', 'sigmoid(s)' or 'softplus(s) + 0.001', whose ranges exclude 0.");

    public GenDiagnostic NotABijection(string place) =>
        Error("GEN4103", $"What '|>=' makes of '{place}' is not one bijection after the other: a step on the way cannot be undone. Use flows and bijections of the catalogue, or update '{place}' by '+=' and '*='.");

    public GenDiagnostic FlowNeedsOneDatum(string flow, int count) =>
        Error("GEN4104", $"The flow '{flow}' transforms one datum, but is given {count}. What it only reads stands behind the bar: 'flow {flow}(x: [d] | c: [k])'.");

    public GenDiagnostic FlowHasNoResult(string flow, string data) =>
        Error("GEN4105", $"A flow has no result: what '{flow}' makes of '{data}' is what stands in '{data}' at its end. Write '{data} |>= ...', '{data} += ...' or '{data} *= ...'.");

    public GenDiagnostic LoopCarriesOnlyData(string name, string data) =>
        Error("GEN4106", $"'{name}' is bound around this loop and bound again in it. In a flow a loop carries only '{data}' and its parts from round to round, for its inverse runs the rounds backwards: use another name.");

    public GenDiagnostic OutsideDomain(string bijection, Interval domain, Interval range, string? cure) =>
        Error("GEN3033", $"'{bijection}' takes values in {domain}, but these are in {range}{(cure is null ? "" : ": " + cure)}.");

    public GenDiagnostic NeedsLevels(string function, Semantics.TensorType type) =>
        Error("GEN3034", $"'{function}' takes levels, bits or mu-law levels of a batch, but is given {type}.");

    public GenDiagnostic PartNotDistributed(string part, string data) =>
        Error("GEN4107", $"'{part}', a part of what is made of '{data}', has no distribution: every part stands left of one '~'.");

    public GenDiagnostic PartDistributedTwice(string part) =>
        Error("GEN4108", $"'{part}' is distributed, and what is made of it too: the same numbers would count twice.");

    public GenDiagnostic NoiseModelUnfit(string model, string why) =>
        Error("GEN4111", $"'{model}' cannot be the noise of 'dequantize': {why}.");

    public GenDiagnostic LawThroughNoBijection() =>
        Error("GEN4110", "A distribution goes through bijections only, for its density needs their inverse: flows and bijections of the catalogue, or 'inverse(F)'.");

    public GenDiagnostic LawsNeedEachOther(string part) =>
        Error("GEN4109", $"The law of '{part}' reads what '{part}' itself goes into: it cannot be drawn. A law may read other parts, as long as they do not need this one.");
}
