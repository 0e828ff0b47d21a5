namespace GenDsl.Integration.Tests.Flows;

/// <summary>A line of a random flow.</summary>
/// <param name="Target">The place that is updated, or the name that is bound.</param>
/// <param name="Operator">+, -, *, /; '=' for a value; 'halves' or 'channels' for a partition; 'reverse' or 'affine' for a bijection.</param>
/// <param name="Operand">What it reads.</param>
internal sealed record FlowStatement(string Target, string Operator, FlowExpression? Operand)
{
    /// <summary>The second part of a partition.</summary>
    public string Second { get; init; } = "";

    /// <summary>The parity of a partition by channels.</summary>
    public int Parity { get; init; }

    public override string ToString() => Operator switch
    {
        "=" => $"{Target} = {Operand}",
        "halves" => $"({Target}, {Second}) = halves(x)",
        "channels" => $"({Target}, {Second}) = channels(x, {Parity})",
        "reverse" => $"{Target} |>= reverse",
        "affine" => $"{Target} |>= affine(-2, 0.5)",
        _ => $"{Target} {Operator}= {Operand}",
    };
}
