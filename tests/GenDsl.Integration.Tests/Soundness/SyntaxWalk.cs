using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Syntax;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>All nodes of a tree, found by reflection, so that a new kind of node cannot be forgotten.</summary>
internal static class SyntaxWalk
{
    public static IEnumerable<SyntaxNode> All(SyntaxNode node) => [node, .. Children(node).SelectMany(All)];

    private static IEnumerable<SyntaxNode> Children(SyntaxNode node) => node.GetType().GetProperties()
        .Where(p => p.GetIndexParameters().Length == 0)
        .Select(p => p.GetValue(node))
        .SelectMany(value => value switch
        {
            SyntaxNode child => [child],
            IEnumerable items and not string => items.OfType<SyntaxNode>(),
            _ => Enumerable.Empty<SyntaxNode>(),
        });
}
