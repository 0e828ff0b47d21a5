using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using GenDsl.Dsl.Syntax;

namespace GenDsl.Dsl.Tests.Parsing;

/// <summary>The children of any node, found through its properties, so that new node types need no change here.</summary>
internal static class TreeWalk
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> s_properties = new();

    public static IEnumerable<SyntaxNode> Children(SyntaxNode node)
    {
        foreach (PropertyInfo property in s_properties.GetOrAdd(node.GetType(), Find))
        {
            object? value = property.GetValue(node);
            if (value is SyntaxNode child)
            {
                yield return child;
            }
            else if (value is IEnumerable items and not string)
            {
                foreach (SyntaxNode item in items.OfType<SyntaxNode>())
                {
                    yield return item;
                }
            }
        }
    }

    /// <summary>All nodes with their parents, without recursion.</summary>
    public static IEnumerable<(SyntaxNode Parent, SyntaxNode Node)> Edges(SyntaxNode root)
    {
        Stack<SyntaxNode> open = new([root]);
        while (open.Count > 0)
        {
            SyntaxNode parent = open.Pop();
            foreach (SyntaxNode child in Children(parent))
            {
                yield return (parent, child);
                open.Push(child);
            }
        }
    }

    /// <summary>Number of nodes on the longest way down.</summary>
    public static int Height(SyntaxNode root)
    {
        int height = 0;
        for (List<SyntaxNode> level = [root]; level.Count > 0; level = [.. level.SelectMany(Children)])
        {
            height++;
        }

        return height;
    }

    private static PropertyInfo[] Find(Type type) =>
        [.. type.GetProperties().Where(p => p.GetIndexParameters().Length == 0 && (typeof(SyntaxNode).IsAssignableFrom(p.PropertyType) || typeof(IEnumerable).IsAssignableFrom(p.PropertyType)))];
}
