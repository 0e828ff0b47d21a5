using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>What is asked of a distribution itself: <c>categorical(n).parameters(c)</c>, the features that it reads for c channels.</summary>
internal sealed partial class BodyElaborator
{
    private Value ParameterCount(Distribution distribution, CallSyntax each, MemberSyntax member, CallSyntax call)
    {
        if (member.Member.IsMissing)
        {
            return ErrorValue.Instance;
        }

        bool isCounted = distribution.Layout is ParameterLayout.PerClass or ParameterLayout.PerComponent && distribution.Proposes == DiscreteProposal.None;
        if (member.Member.Text != "parameters" || !isCounted)
        {
            string[] legal = isCounted ? ["parameters"] : [];
            return Error(member.Member.Span, b => b.UnknownMember($"the distribution '{distribution.Name}'", member.Member.Text, legal));
        }

        string what = distribution.Layout == ParameterLayout.PerClass ? "values" : "components";
        return Count(each, distribution.Name, what, distribution.Layout == ParameterLayout.PerClass ? 2 : 1) is { } n && Count(call, "parameters", "channels", 1) is { } channels
            ? new HostValueHolder(HostValue.Of(ParameterShapes.Count(distribution.Layout, n, channels)))
            : ErrorValue.Instance;
    }

    // The only argument of a call, an integer.
    private Dim? Count(CallSyntax call, string callee, string what, long least)
    {
        if (call.Arguments.Length != 1)
        {
            TextSpan at = call.Span;
            Report(at, b => call.Arguments.Length == 0 ? b.MissingArgument(callee, what, $"the number of {what}") : b.TooManyArguments(callee, 1, call.Arguments.Length));
            return null;
        }

        ExpressionSyntax syntax = call.Arguments.Single().Value;
        Value value = Evaluate(syntax);
        if (value is HostValueHolder { Host.Size: { } size })
        {
            return AtLeast(size, least, $"The number of {what}", null, syntax.Span) ? size : null;
        }

        if (value is not ErrorValue)
        {
            Report(syntax.Span, b => b.WrongKind($"The number of {what}", "an integer", value.Description));
        }

        return null;
    }
}
