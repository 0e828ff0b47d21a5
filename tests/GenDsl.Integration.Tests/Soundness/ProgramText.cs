using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>A program as a tree of lines, so that lines can be left out: each is a statement, or a header with a block.</summary>
internal sealed record ProgramText(string Head, ImmutableArray<ProgramText> Inside)
{
    /// <summary>A statement on one line.</summary>
    public static ProgramText Line(string text) => new(text, default);

    /// <summary>A header with statements.</summary>
    public static ProgramText Block(string head, IEnumerable<ProgramText> inside) => new(head, [.. inside]);

    /// <summary>All programs with one line or block less, large pieces first.</summary>
    public IEnumerable<ProgramText> Smaller()
    {
        if (Inside.IsDefault)
        {
            yield break;
        }

        for (int i = 0; i < Inside.Length; i++)
        {
            yield return this with { Inside = Inside.RemoveAt(i) };
        }

        for (int i = 0; i < Inside.Length; i++)
        {
            foreach (ProgramText smaller in Inside[i].Smaller())
            {
                yield return this with { Inside = Inside.SetItem(i, smaller) };
            }
        }
    }

    /// <summary>The text; the outermost block is the file.</summary>
    public override string ToString() => string.Concat(Inside.Select(d => d.Text(0)));

    private string Text(int depth)
    {
        string indent = new(' ', 4 * depth);
        return Inside.IsDefault ? $"{indent}{Head}\n" : $"{indent}{Head} {{\n{string.Concat(Inside.Select(i => i.Text(depth + 1)))}{indent}}}\n";
    }
}
