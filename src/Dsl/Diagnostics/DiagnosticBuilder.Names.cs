using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Diagnostics;

/// <summary>GEN2xxx: names, arguments, and what may stand where.</summary>
public sealed partial class DiagnosticBuilder
{
    public GenDiagnostic UnknownName(string name, IEnumerable<string> candidates)
    {
        List<string> all = [.. candidates];
        return WithSuggestion(Error("GEN2001", $"There is no '{name}' here."), name, all);
    }

    public GenDiagnostic Duplicate(string name, string what) => Error("GEN2002", $"'{name}' is already the name of {what}.");

    public GenDiagnostic UnknownArgument(string callee, string name, IEnumerable<string> legal)
    {
        List<string> all = [.. legal];
        string choices = all.Count == 0 ? $"'{callee}' takes no named arguments." : $"'{callee}' takes: {List(all)}.";
        return WithSuggestion(Error("GEN2003", $"'{callee}' has no parameter '{name}'. {choices}"), name, all);
    }

    public GenDiagnostic MissingArgument(string callee, string name, string doc) =>
        Error("GEN2004", $"'{callee}' needs '{name}'{(doc.Length > 0 ? $" ({doc})" : "")}.");

    public GenDiagnostic TooManyArguments(string callee, int most, int given, bool constructs = false) =>
        Error("GEN2005", $"'{callee}' takes {(most == 0 ? "no arguments" : most == 1 ? "1 argument" : $"at most {most} arguments")} here, but {given} {(given == 1 ? "is" : "are")} given."
            + (constructs ? $" '{callee}(...)' constructs, from hyperparameters; data goes in by 'x |> {callee}(...)'." : ""));

    public GenDiagnostic DuplicateArgument(string callee, string name) => Error("GEN2005", $"'{name}' of '{callee}' is given twice.");

    public GenDiagnostic WrongKind(string what, string expected, string found) =>
        Error("GEN2006", $"{what} must be {expected}, but this is {found}.");

    public GenDiagnostic WrongWord(string parameter, string word, IEnumerable<string> legal)
    {
        List<string> all = [.. legal];
        return WithSuggestion(Error("GEN2006", $"'{parameter}' cannot be '{word}'. It may be: {List(all)}."), word, all);
    }

    public GenDiagnostic NotApplicable(string found) =>
        Error("GEN2007", $"Only nets, layers, functions and losses can be applied; this is {found}.");

    public GenDiagnostic Recursive(string name) => Error("GEN2008", $"'{name}' is made of itself, so it would never end.");

    public GenDiagnostic NotAllowedHere(string what, string where) => Error("GEN2009", $"{what} cannot stand in {where}.");

    public GenDiagnostic HyperparameterNeedsKind(string name) =>
        Error("GEN2010", $"The hyperparameter '{name}' needs a type or a default: '{name}: int' or '{name} = 1'.");

    public GenDiagnostic MemberClash(string name, string member, string other) =>
        Error("GEN2011", $"'{name}' becomes the C# name '{member}', which {other}. Rename it.");

    public GenDiagnostic NoMember(string name) =>
        Error("GEN2011", $"'{name}' becomes no C# name: without '_' nothing is left of it, or a digit comes first. Rename it.");

    public GenDiagnostic NoResult(string what) => Error("GEN2012", $"The body of {what} has no result: its last line must be an expression.");

    public GenDiagnostic UnusedResult() => Error("GEN2013", "This value is computed and thrown away. Bind it to a name, or remove it.");

    public GenDiagnostic WrongTupleSize(int names, string found) =>
        Error("GEN2014", $"{names} names stand on the left, but the right side is {found}.");

    public GenDiagnostic DataNeedsSpace(string name) =>
        Error("GEN2015", $"The data parameter '{name}' needs the name of a space as its type, such as '{name}: Image'.");

    public GenDiagnostic NotDrawnFrom(string name) =>
        Error("GEN2016", $"The data parameter '{name}' has no '{name} ~ ...' line. A model says how its data is distributed; what it is only conditioned on stands behind a bar: '(... | {name}: ...)'.");

    public GenDiagnostic NoLaw(string space) =>
        Error("GEN2017", $"'{space}' has no law to draw from. Declare one: 'space {space} = ... ~ normal(0, 1)'.");

    public GenDiagnostic RebindsConstant(string name) => Error("GEN2018", $"Only tensors are carried from round to round, and '{name}' is none.");

    public GenDiagnostic UnusableOperation(string fault) => Error("GEN2024", fault);

    public GenDiagnostic BelowMinimum(string what, long minimum, Dim found, string? hyperparameter)
    {
        string least = minimum.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (found.Value is not null)
        {
            return BelowMinimum(what, least, $"the number {found}", hyperparameter);
        }

        string example = DimExample.Violating(found, v => v >= minimum) is { } smallest ? $": {smallest}" : ", for which that cannot be proved";
        string fact = DimExample.BoundFor(found, minimum) is { } bound ? $" Say how large it is: 'where {bound}'." : "";
        return Error("GEN2019", $"{what} must be {least} or more, but this is {found}{example}.{fact}");
    }

    public GenDiagnostic BelowMinimum(string what, string minimum, string found, string? hyperparameter = null) =>
        Error("GEN2019", $"{what} must be {minimum} or more, but this is {found}."
            + (hyperparameter is not null && minimum == "1" ? $" A hyperparameter that may be zero says so: '{hyperparameter}: int >= 0'." : ""));

    public GenDiagnostic NotConstructedHere(string name) =>
        Error("GEN2020", $"'{name}' has parameters, so a trainer must construct it at its top, under a name: 'F = {name}(...)', then 'F(x)'.");

    public GenDiagnostic UnknownMember(string target, string member, IEnumerable<string> legal)
    {
        List<string> all = [.. legal];
        return WithSuggestion(Error("GEN2021", $"{Capital(target)} has no part '{member}'.{(all.Count > 0 ? $" It has: {List(all)}." : "")}"), member, all);
    }

    public GenDiagnostic NotSupportedYet(string what, string instead) => Error("GEN2022", $"{what} is not in edition 1 of the language. {instead}");

    public GenDiagnostic UnusedName(string name) => Warning("GEN2023", $"'{name}' is never read.");
}
