using System;
using System.Collections;
using System.Collections.Generic;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace GenDsl.Generators.Tests.Pipeline;

/// <summary>Walks through everything that a pipeline's outputs hold.</summary>
internal static class ObjectGraph
{
    /// <summary>Objects that would keep a whole compilation alive, or never equal those of the next one.</summary>
    public static IReadOnlyList<object> CompilerObjectsIn(IEnumerable<object> roots)
    {
        var found = new List<object>();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>(roots);
        while (open.TryPop(out object? item))
        {
            if (item is Compilation or ISymbol or SyntaxNode or SyntaxTree or AdditionalText or Location or Diagnostic)
            {
                found.Add(item);
            }
            else if (item is not (string or Type) && !item.GetType().IsPrimitive && !item.GetType().IsEnum && seen.Add(item))
            {
                Push(item, open);
            }
        }

        return found;
    }

    private static void Push(object item, Stack<object> open)
    {
        if (item is IEnumerable items and (Array or IList))
        {
            foreach (object? element in items)
            {
                PushValue(element, open);
            }

            return;
        }

        for (Type? type = item.GetType(); type is not null; type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                PushValue(field.GetValue(item), open);
            }
        }
    }

    private static void PushValue(object? value, Stack<object> open)
    {
        if (value is not null)
        {
            open.Push(value);
        }
    }
}
