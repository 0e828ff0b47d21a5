using System.Collections.Immutable;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Ir;

/// <summary>
/// A line <c>x ~ D(arguments)</c> as it stood before it was judged. A model that is rejected has no functions, so this is
/// all that is left for asking whether it was rejected rightly.
/// </summary>
/// <param name="Statements">Everything computed above the line.</param>
/// <param name="Data">The data parameter.</param>
/// <param name="Root">What is distributed: the data parameter itself, or a chart of it.</param>
/// <param name="Arguments">The tensors among the law's arguments.</param>
/// <param name="Distribution">The family.</param>
/// <param name="Span">The line.</param>
internal sealed record JudgedLaw(
    ImmutableArray<IrStatement> Statements, IrValue Data, IrValue Root, ImmutableArray<IrValue> Arguments, Distribution Distribution, TextSpan Span);
