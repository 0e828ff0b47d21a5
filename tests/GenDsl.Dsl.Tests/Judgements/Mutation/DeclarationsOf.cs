using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Tests.Parsing;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Tests.Judgements.Mutation;

/// <summary>A model and all nets of its file that it calls, directly or not.</summary>
internal sealed class DeclarationsOf
{
    private readonly SortedSet<int> _places = [];
    private readonly FileSyntax _file;

    public DeclarationsOf(FileSyntax file, DeclarationSyntax model)
    {
        _file = file;
        Add(model);
    }

    /// <summary>True where a stretch of text lies in one of them.</summary>
    public bool Hold(TextSpan span) => Spans.Any(s => span.Start >= s.Start && span.End <= s.End);

    /// <summary>True where they are not written as they were.</summary>
    public bool Differ(DeclarationsOf other, string text, string otherText) =>
        !Spans.Select(s => text.Substring(s.Start, s.Length)).SequenceEqual(other.Spans.Select(s => otherText.Substring(s.Start, s.Length)), StringComparer.Ordinal);

    private IEnumerable<TextSpan> Spans => _places.Select(i => _file.Declarations[i].Span);

    private void Add(DeclarationSyntax declaration)
    {
        if (_places.Add(_file.Declarations.IndexOf(declaration)))
        {
            HashSet<string> names = [.. TreeWalk.Edges(declaration).Select(e => e.Node).OfType<IdentifierSyntax>().Select(n => n.Name.Text)];
            foreach (NetSyntax net in _file.Declarations.OfType<NetSyntax>().Where(n => names.Contains(n.Name.Text)))
            {
                Add(net);
            }
        }
    }
}
