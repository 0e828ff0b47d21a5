using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics;

/// <summary>Names in sight. Blocks have scopes of their own; rebinding a name shadows it.</summary>
internal sealed class Scope(Scope? parent)
{
    private readonly Dictionary<string, Binding> _names = new(StringComparer.Ordinal);

    public Scope? Parent { get; } = parent;

    /// <summary>True for a sample or evaluation, which sees the nets of its trainer but not the values of its step.</summary>
    public bool IsObserver { get; init; }

    /// <summary>The names bound in this scope itself.</summary>
    public IEnumerable<Binding> Own => _names.Values;

    /// <summary>All names in sight.</summary>
    public IEnumerable<string> Names => _names.Keys.Concat(Parent?.Names ?? []);

    /// <summary>All values in sight, nearest first.</summary>
    public IEnumerable<Value> Values => _names.Values.Select(b => b.Value).Concat(Parent?.Values ?? []);

    public void Set(string name, Value value, TextSpan span, bool isParameter = false)
    {
        // A name rebound in its own scope keeps its history of being read: the earlier value was.
        _names[name] = new Binding(name, value, span, isParameter);
    }

    /// <summary>The names in sight as they are now: what is bound later is not seen.</summary>
    public Scope Snapshot()
    {
        var copy = new Scope(Parent?.Snapshot()) { IsObserver = IsObserver };
        foreach (KeyValuePair<string, Binding> binding in _names)
        {
            copy._names[binding.Key] = binding.Value;
        }

        return copy;
    }

    /// <summary>The binding of a name, nearest first; null where there is none.</summary>
    public Binding? Find(string name) => _names.TryGetValue(name, out Binding? binding) ? binding : Parent?.Find(name);

    /// <summary>True where the name is bound around the observer that this scope belongs to.</summary>
    public bool IsOutside(string name)
    {
        bool left = false;
        for (Scope? scope = this; scope is not null && !scope.Has(name); scope = scope.Parent)
        {
            left |= scope.IsObserver;
        }

        return left;
    }

    /// <summary>True where the name is bound in this scope itself.</summary>
    public bool Has(string name) => _names.ContainsKey(name);

    internal sealed class Binding(string name, Value value, TextSpan span, bool isParameter)
    {
        public string Name { get; } = name;

        public Value Value { get; } = value;

        public TextSpan Span { get; } = span;

        public bool IsParameter { get; } = isParameter;

        public bool IsRead { get; set; }
    }
}
