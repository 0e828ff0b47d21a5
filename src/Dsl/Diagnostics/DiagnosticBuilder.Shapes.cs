using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Diagnostics;

/// <summary>GEN3xxx: shapes, elements, ranges, rows.</summary>
public sealed partial class DiagnosticBuilder
{
    public GenDiagnostic WrongArgumentShape(string callee, string parameter, string wanted, TensorType found, string? example) =>
        Error("GEN3001", $"'{parameter}' of '{callee}' has shape {wanted}, but {found.ShapeText} is given.{Counterexample(example)}");

    public GenDiagnostic NeedsReal(string operation, TensorType found)
    {
        string fix = found.Element is Element.Level or Element.Bit
            ? "Convert first: 'rescale(-1, 1)' maps bits and levels onto an interval."
            : "Its values are labels without an order, which edition 1 cannot turn into numbers.";
        GenDiagnostic error = Error("GEN3002", $"'{operation}' works on real numbers, but this is {found}. {fix}");
        return found.Element is Element.Level or Element.Bit && char.IsLetter(operation[0]) ? error with { Fixes = [Append("rescale(-1, 1)")] } : error;
    }

    public GenDiagnostic WrongElementCount(TensorType found, ImmutableArray<Dim> wanted)
    {
        Dim have = Dim.Product(found.Shape);
        Dim want = Dim.Product(wanted);
        return Error("GEN3003",
            $"reshape{TensorType.ShapeOf(wanted).Replace('[', '(').Replace(']', ')')} needs {want} numbers per sample, but the input {found.ShapeText} has {have}."
            + Counterexample(DimExample.Differing(have, want)));
    }

    public GenDiagnostic NotDivisible(string operation, TensorType found, Dim parts)
    {
        if (found.Shape.Length == 0)
        {
            return Error("GEN3004", $"'{operation}' splits the first axis, but a single number has none.");
        }

        return Error("GEN3004",
            $"'{operation}' needs a first axis divisible by {parts}, but it is {found.Shape[0]} in {found.ShapeText}."
            + (found.Shape[0].Value is null || parts.Value is null ? $" Write the size as a multiple, such as '{(parts.Terms.Count > 1 ? $"({parts})" : parts)} * n'." : ""));
    }

    public GenDiagnostic OddSites(string operation, TensorType found, Dim size) =>
        Error("GEN3004", $"'{operation}' needs an even height and width, but has {size} in {found.ShapeText}." + (size.Value is null ? $" Write the size as a multiple, '2 * n', or state it: 'where {size} % 2 == 0'." : ""));

    public GenDiagnostic CannotBroadcast(string operation, TensorType a, TensorType b) =>
        Error("GEN3005",
            $"'{operation}' needs equal shapes, or axes of size 1 at equal rank, but has {a.ShapeText} and {b.ShapeText}."
            + Counterexample(a.Shape.Length == b.Shape.Length ? a.Shape.Zip(b.Shape, (x, y) => x.Equals(y) ? null : DimExample.Differing(x, y)).FirstOrDefault(e => e is not null) : null));

    public GenDiagnostic WrongRank(string operation, TensorType found, string wanted) =>
        Error("GEN3006", $"'{operation}' takes {wanted}, but this is {found.ShapeText}.{(wanted == "[features]" && found.Shape.Length > 1 ? " 'flatten' makes one axis of all." : "")}");

    public GenDiagnostic OutsideRange(string what, string wanted, Interval range, Interval found)
    {
        string fix = range.Equals(new Interval(-1, 1)) ? " End with 'tanh', or map a known range with 'rescale(-1, 1)'."
            : range.Equals(Interval.Unit) ? " End with 'sigmoid', or map a known range with 'rescale(0, 1)'."
            : "";
        GenDiagnostic error = Error("GEN3007", $"{what} must lie in {range} ({wanted}), but the values here lie in {found}.{fix}");
        return fix.Length > 0 ? error with { Fixes = [Append(range.Low < 0 ? "tanh" : "sigmoid")] } : error;
    }

    public GenDiagnostic LawOutsideRange(string distribution, Interval range, Interval drawn) =>
        Error("GEN3007", $"The space holds values in {range} only, but a draw from '{distribution}' may lie anywhere in {drawn}. 'uniform(low, high)' stays between its ends.");

    public GenDiagnostic RowsMix(string operation, Rows a, Rows b) =>
        Error("GEN3008", $"'{operation}' combines rows of {a} with rows of {b}. {(a.Blocks is [{ Name.Length: > 0 }] && b.Blocks is [{ Name.Length: > 0 }] && a.Blocks[0].Name != b.Blocks[0].Name
            ? "Samples of different sources do not belong together."
            : "These are not the same samples in the same order, so no two rows belong together.")}");

    public GenDiagnostic NeedsRows(string operation) => Error("GEN3008", $"'{operation}' works on a batch, but this value has no rows.");

    public GenDiagnostic ResultRows(string name, Rows own, Rows found) =>
        Error("GEN3008", $"'{name}' returns rows of {found}, but whoever calls it gets one row for each row that it is given, {own}. Put them in order again with 'split' and 'join'.");

    public GenDiagnostic NoRowsToSplit(Rows rows, ImmutableArray<Dim> counts) =>
        Error("GEN3060", $"This value has rows of {rows}, {(rows.Count is { } count ? $"{count} in all" : "whose number has no name")}, and cannot be split into {List(counts.Select(c => c.ToString()))}{(counts.Length == 1 ? " and others" : "")}: parts end where a batch, or one copy of it, ends, and none is empty.");

    public GenDiagnostic NoSuchAxis(string operation, TensorType found, string argument = "over") =>
        Error("GEN3006", $"'{argument}' of '{operation}' names axes of {found.ShapeText} by constants, {(found.Shape.Length == 0 ? "of which there are none" : found.Shape.Length == 1 ? "0 or, from the back, -1" : $"0 to {(found.Shape.Length - 1).ToString(CultureInfo.InvariantCulture)} or, from the back, -1 to {(-found.Shape.Length).ToString(CultureInfo.InvariantCulture)}")}{(argument == "over" ? ", or 'rows'" : "")}.");

    public GenDiagnostic NotPairsOfRows(TensorType found, Rows? across) =>
        Error("GEN3065", across is null
            ? $"'mask_self' wants a number for each pair of rows, as 'similarity(x, x)' or 'all_rows(x)' make them, but the first axis of {found.ShapeText} is not made of rows."
            : $"'mask_self' wants pairs of the same rows, but the rows are those of {found.Rows}, and the first axis is made of those of {across}.");

    public GenDiagnostic NotCopies(Rows rows, Dim copies, string? operation = null) =>
        Error("GEN3061", $"{(operation is null ? $"The mean over {copies} copies" : $"'{operation}'")} needs rows that 'copies(x, {copies})'{(operation == "from_sites" ? ", 'sites' or 'patches'" : "")} has made, but this value has rows of {rows}.");

    public GenDiagnostic NoRowNumbers(Rows rows, TensorType found) =>
        Error("GEN3064", $"'rows' takes rows of {rows} by their numbers{(rows.Count is { } count ? $", 0 to {count} - 1" : "")}, as 'permutation({rows.Count?.ToString() ?? "n"})' and 'nearest(x, among: ...)' give them, but this is {found}{(found.Element == Element.Index ? $" of {(found.Numbers is { } numbered ? "rows of " + numbered : found.Count + " rows")}" : "")}.");

    public GenDiagnostic RowsWithoutName(string what) =>
        Error("GEN3062", $"{what}. Name it in the header: '[N; c, h, w]'.");

    public GenDiagnostic WrongRowCount(string callee, string parameter, Dim wanted, Rows found) =>
        Error("GEN3062", $"'{parameter}' of '{callee}' has {wanted} rows, but {found} is given{(found.Count is { } count ? $", {count} rows" : "")}.");

    public GenDiagnostic WeightOfRows(string size) =>
        Error("GEN3062", $"The shape of a weight depends on '{size}', the number of rows, which is another at each call.");

    public GenDiagnostic BatchOfSource(string source, string found) =>
        Error("GEN3063", $"What stands in front of ';' is how many rows of '{source}' a step takes: a name for the batch, 'N', or a multiple of it such as '2 * N'. This is {found}.");

    public GenDiagnostic EmptySize(string operation, TensorType input, Dim size, string why = "the input is smaller than the kernel")
    {
        if (size.Value is not null)
        {
            return Error("GEN3009", $"'{operation}' on {input.ShapeText} leaves a size of {size}: {why}.");
        }

        string example = DimExample.Violating(size, v => v >= 1) is { } found ? $": {found}" : ", or it cannot be proved that it is not";
        string fact = DimExample.BoundFor(size, 1) is { } bound ? $" Say how large the input is: 'where {bound}'." : "";
        return Error("GEN3009", $"'{operation}' on {input.ShapeText} leaves a size of {size}, which can be zero or negative{example}.{fact}");
    }

    public GenDiagnostic FactNotMet(string callee, string fact, Dim size, string? example) =>
        Error("GEN3022", $"'{callee}' needs {fact}, but here that size is {size}{(size.Value is not null ? "" : example is null ? ", for which it cannot be proved" : $": {example}")}."
            + (size.AsVariable is { } variable ? $" State it: 'where {fact.Replace(fact.Split(' ')[0], variable.Name)}'." : ""));

    public GenDiagnostic FactFails(string fact, string values) => Error("GEN3022", $"The fact {fact} does not hold with {values}.");

    public GenDiagnostic WrongResult(string name, string declared, string found, string? example) =>
        Error("GEN3010", $"'{name}' is declared to return {declared}, but its body gives {found}.{Counterexample(example)}");

    public GenDiagnostic WrongSpace(string callee, string parameter, string wanted, string found) =>
        Error("GEN3011", $"'{parameter}' of '{callee}' is of space '{wanted}', but what is given is of space '{found}'.");

    public GenDiagnostic WrongResultSpace(string name, string wanted, string found) =>
        Error("GEN3011", $"'{name}' is declared to return '{wanted}', but its body gives a value of space '{found}'.");

    public GenDiagnostic OutsideSupport(string distribution, string support, TensorType found) =>
        Error("GEN3012", $"'{distribution}' is about {support}, but this is {found}.");

    public GenDiagnostic SizeNeverSolved(string pattern) =>
        Error("GEN3013", $"From a size {pattern} alone no call can tell what its unknowns are. Give one of them a parameter of its own, or make it a hyperparameter.");

    public GenDiagnostic CannotSolve(string callee, string pattern, string found) =>
        Error("GEN3013", $"'{callee}' has a size {pattern}, and from {found} it does not follow what its unknown sizes are.");

    public GenDiagnostic ShapesDiffer(string operation, string a, TensorType x, string b, TensorType y)
    {
        string Batch(TensorType type) => type.Rows is { } rows ? $"rows of {rows}" : "no rows";
        return Error("GEN3001", x.SameShape(y)
            ? $"'{operation}' needs {a} and {b} of one batch, but the first has {Batch(x)} and the second {Batch(y)}."
            : $"'{operation}' needs {a} and {b} of one shape, but they have {x.ShapeText} and {y.ShapeText}.");
    }

    public GenDiagnostic LayerReused(string layer, string weight, TensorType found) =>
        Error("GEN3001", $"'{layer}' has a weight {weight} from its first use and keeps it, but here {found.ShapeText} is given. Construct a second layer.");

    public GenDiagnostic MaskReused(string layer) =>
        Error("GEN3001", $"The mask of '{layer}' is made for the features of its first use; those given here stand for other variables. Construct a second layer.");

    public GenDiagnostic CannotConcat(TensorType a, TensorType b) =>
        Error("GEN3014", $"'concat' joins along the first axis, so the other axes, the batch and the element must agree, but {a} and {b} do not.");

    public GenDiagnostic CannotRescale(TensorType found, string operation = "rescale") =>
        Error("GEN3015", found.Element is Element.Class or Element.Code or Element.Discrete
            ? $"'{operation}' needs an order among the values, but those of {found} have none."
            : $"'{operation}' needs values between two known ends, but this is {found}.");

    public GenDiagnostic SamePaddingImpossible(string operation, Dim kernel, Dim stride, bool transposed) =>
        Error("GEN3016", transposed
            ? $"'pad: same' crops a transposed convolution to stride times its input, so kernel - stride must be even and not negative; here kernel is {kernel} and stride {stride}. Give 'pad' as a number."
            : $"'pad: same' (the default of '{operation}') needs stride 1 and an odd kernel; here kernel is {kernel} and stride {stride}. Give 'pad' as a number, such as 'pad: 1', or 'pad: valid'.");

    public GenDiagnostic PaddingAxes(string operation, string word, int axes) =>
        Error("GEN3016", axes == 1
            ? $"'pad: {word}' speaks of rows and columns, but the input of this '{operation}' has one site axis. 'pad: causal' is its form for one axis."
            : $"'pad: causal' pads the front of one site axis, but the input of this '{operation}' has rows and columns. Their forms are 'pad: down' (rows above) and 'pad: down_right' (rows above and columns to the left).");

    public GenDiagnostic CausalPaddingImpossible(string operation, string word, Dim kernel, Dim stride, bool transposed) =>
        Error("GEN3016", transposed
            ? $"'pad: {word}' crops a transposed convolution to stride times its input, so no kernel axis may be smaller than its stride, and 'down' needs an odd width at an odd stride; here '{operation}' has kernel {kernel} and stride {stride}."
            : $"'pad: {word}' pads both sides of the columns alike, so the kernel must be odd in width; here it is {kernel}. 'down_right' pads the left side only.");

    public GenDiagnostic WrongAxisCount(string operation, string parameter, int given, int axes) =>
        Error("GEN3017", $"'{parameter}' of '{operation}' has {given} numbers, but the input has {axes} site {(axes == 1 ? "axis" : "axes")}.");

    public GenDiagnostic LogOfNonPositive(Interval found) =>
        Error("GEN3018", $"'log' needs values above 0, but these lie in {found}.");

    public GenDiagnostic NumberOutOfRange(string what, string wanted) => Error("GEN3019", $"{what} must be {wanted}.");

    public GenDiagnostic ParameterRange(string distribution, string parameter, Interval wanted, Interval found) =>
        Error("GEN3020", $"'{parameter}' of '{distribution}' must lie in {wanted}, but {(found.Single is { } number ? $"is {number.ToString("R", CultureInfo.InvariantCulture)}" : $"the values here lie in {found}")}."
            + (parameter == "std" && found.Single is null ? " 'exp(...)' or 'softplus(...)' makes any number positive." : ""));

    public GenDiagnostic WrongParameterShape(string distribution, string parameter, string data, TensorType observed, string wanted, string asked, TensorType found) =>
        Error("GEN3032", $"'{parameter}' of '{distribution}' must be {wanted} for '{data}', which is {observed.With()}: '{asked}' features for each site. But it is {found.ShapeText}.");

    public GenDiagnostic WrongVectorShape(string distribution, string data, TensorType observed, TensorType found) =>
        Error("GEN3032", $"'logits' of '{distribution}' must have the shape of '{data}', {observed.ShapeText}: one for each value of each choice, the values along the first axis. But it is {found.ShapeText}.");

    public GenDiagnostic LoopChangesShape(string name, TensorType before, TensorType after) =>
        Error("GEN3021", $"'{name}' has shape {before.ShapeText} when the loop begins, but {after.ShapeText} after a round; a loop must keep it.");

    public GenDiagnostic ShiftOfLabels(string operation, TensorType found) =>
        Error("GEN3030",
            $"'{operation}' puts zeros where nothing comes before, but in {found} 0 is a label like any other. Embed first: '|> embed(16) |> {operation}'"
            + (found.Element == Element.MuLaw ? ", or map the levels onto numbers: 'rescale(-1, 1)'." : "."));

    public GenDiagnostic EmbeddingOfReals(TensorType found) =>
        Error("GEN3031", $"'embed' looks up labels (classes, codes, mu-law levels, levels, bits), but this is {(found.Element == Element.Real ? $"real numbers {found}" : found.ToString())}. 'linear' or a 'conv' with kernel 1 maps numbers onto features.");

    public GenDiagnostic WrongMemberCount(string callee, string parameter, Dim declared, Dim wanted, Dim found) =>
        Error("GEN3001", $"'{parameter}' of '{callee}' is a family of {(declared.Equals(wanted) ? $"{declared}" : $"{declared} = {wanted}")}, but one of {found} is given.{Counterexample(DimExample.Differing(wanted, found))}");

    public GenDiagnostic FamilyIndexOutside(string family, Dim index, Dim count, Dim mustNotBeNegative)
    {
        string fact = DimExample.BoundFor(mustNotBeNegative, 0) is { } bound ? $" Say what makes it so: 'where {bound}'." : "";
        string example = DimExample.Violating(mustNotBeNegative, v => v >= 0) is { } found ? $": {mustNotBeNegative} must not be negative, but {found}" : "";
        return Error("GEN3023", $"'{family}' has the indices 0 to {count - 1}, and {index} is not proved to be one of them{example}.{fact}");
    }

    public GenDiagnostic FamilyIndexNegative(string family, Dim size, Dim least)
    {
        string fact = DimExample.BoundFor(least, 0) is { } bound ? $" Say what makes it so: 'where {bound}'." : "";
        string example = DimExample.Violating(least, v => v >= 0) is { } found ? $": {found}" : "";
        return Error("GEN3023", $"The indices and counts of '{family}' are 0 or more, and {size} is not proved to be{example}.{fact}");
    }

    public GenDiagnostic FamilyNotWritten(string family, Dim index, IReadOnlyList<string> written) =>
        Error("GEN3024", $"'{family}[{index}]' is not proved to be written before it is read here. {Written(written)}");

    public GenDiagnostic FamilyHasGaps(string family, IReadOnlyList<string> written) =>
        Error("GEN3024", $"The parts of '{family}' are not proved to be written from 0 on without a gap. {Written(written)}");

    public GenDiagnostic FamilyWrittenTwice(string family, Dim index, string written, bool isOne) =>
        Error("GEN3025", $"'{family}[{index}]' is not proved to be written for the first time: {written} {(isOne ? "is" : "are")} written already.");

    public GenDiagnostic FamilyIndexForm(string family, Dim index, string loop) =>
        Error("GEN3025", $"Every round must write another part of '{family}', which began outside: the index must be '{loop}' plus or minus something, or that minus '{loop}', in one loop, and is {index}.");

    public GenDiagnostic FamilyClosed(string family) =>
        Error("GEN3025", $"'{family}' was used as a whole before, so it is complete, and nothing more can be written into it.");

    private static string Written(IReadOnlyList<string> written) => written.Count == 0 ? "Nothing is written yet." : $"Written are: {List(written)}.";

    public GenDiagnostic NotTakenFor(string space, TensorType found, TensorType wanted) =>
        Error("GEN3035", $"This is {found}, which cannot be taken for '{space}', {wanted with { Space = null }}: 'as' keeps the shape and what the numbers are, and lets go of the range alone.");

    private static string Counterexample(string? example) => example is null ? "" : $" For example, {example}.";
}
