using System;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>What would keep a layer to the past.</summary>
/// <param name="Text">In words.</param>
/// <param name="Fix">As a change of its text, where one is enough to make it another mistake or none.</param>
internal sealed record LeakCure(string Text, Fix? Fix)
{
    /// <summary>The cure of a layer.</summary>
    /// <param name="step">The layer.</param>
    /// <param name="before">The lead in front of it; null at the root.</param>
    /// <param name="lead">The lead that the law has in the end.</param>
    /// <param name="text">The text of the layer; null where it is not the model's own.</param>
    /// <param name="place">Where that text stands.</param>
    /// <param name="isPiped">True where it stands behind <c>|></c>.</param>
    public static LeakCure Of(HorizonStep step, Lead? before, Lead lead, string? text, TextSpan place, bool isPiped)
    {
        bool wasPast = before?.IsPast == true;
        switch (step.Op)
        {
            case CatalogOp { Access: TapsAccess { Mask: not null } } when wasPast:
                return new("its classes are not those of what it reads: give it the 'groups' of the layers in front", null);
            case CatalogOp { Access: TapsAccess { Mask: not null } }:
                return new("the first masked convolution must leave out its own number: 'mask: A'", Replacing(text, place, "mask: B", "mask: A"));
            case CatalogOp { Access: TapsAccess taps } when wasPast && taps.Axes.All(a => a.Last.Value == 0) && lead.Components.Last() is null:
                return new("it mixes channels that are drawn one after the other: 'masked_conv(..., mask: B, groups: c)' keeps them apart", null);
            case CatalogOp { Access: TapsAccess { Axes.Length: 1 } taps }:
                return taps.Axes[0].Last.Value == 0
                    ? Delayed(place, isPiped)
                    : new("its taps reach ahead: 'pad: causal'" + (wasPast ? "" : ", with 'delay(1)' in front of the first layer"), Replacing(text, place, "pad: same", "pad: causal"));
            case CatalogOp { Access: TapsAccess taps }:
                return taps.Axes.All(a => a.Last.Value == 0)
                    ? new("put 'columns_left' in front of the first layer, or 'rows_above' in front of a stack that only sees whole rows", null)
                    : new(wasPast
                        ? "its taps reach ahead: 'pad: down' behind 'rows_above', 'pad: down_right' behind 'columns_left'"
                        : "its taps reach ahead: use 'masked_conv(..., mask: A)', or 'rows_above' with 'pad: down' and 'columns_left' with 'pad: down_right'", null);
            case CatalogOp { Access: ScanAccess }:
                return Delayed(place, isPiped);
            case CatalogOp { Access: ClassesAccess }:
                return new("the last masked layer must leave out its own variable: 'strict: true'", Strict(text, place));
            case CatalogOp { Access: BatchStatisticsAccess }:
                return new("in training it reads all sites of all samples, and no order survives that: leave it out, or standardise over features alone", null);
            case CatalogOp { Access: FeatureAccess or EverythingAccess, Operation.Name: "linear" }:
                return new("it reads all variables: 'masked_linear' reads the earlier ones", null);
            case CatalogOp { Access: RearrangeAccess { Kind: Rearrangement.Chunk or Rearrangement.Concat or Rearrangement.Embed } } when wasPast:
                return new("behind it the features no longer stand for the channels in turn: make the number of features of each part a multiple of that of the channels", null);
            case CatalogOp { Access: RearrangeAccess }:
                return new("it moves numbers out of the order in which they are drawn: bind it to a name and distribute that, 't = x |> ...' and 't ~ ...'", null);
            case ModelOp or InvokeOp:
                return new("nothing is known of what it reads", null);
            default:
                return new("it reads all of its input", null);
        }
    }

    private static LeakCure Delayed(TextSpan place, bool isPiped) =>
        new("what it reads includes its own site: put 'delay(1)' in front", !isPiped ? null : new Fix("Put 'delay(1)' in front", new TextSpan(place.Start, 0), "delay(1) |> "));

    private static Fix? Replacing(string? text, TextSpan place, string old, string @new)
    {
        int at = text?.IndexOf(old, StringComparison.Ordinal) ?? -1;
        return at < 0 ? null : new Fix($"Change to '{@new}'", new TextSpan(place.Start + at, old.Length), @new);
    }

    private static Fix? Strict(string? text, TextSpan place) => text is not null && text.EndsWith(")", StringComparison.Ordinal) && text.IndexOf("strict", StringComparison.Ordinal) < 0
        ? new Fix("Add 'strict: true'", new TextSpan(place.End - 1, 0), ", strict: true")
        : null;
}
