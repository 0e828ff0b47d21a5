using System.Collections.Immutable;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics.Latents;

/// <summary>A model as a distribution, <c>Prior(64)(label)</c>, with its conditions as they are written.</summary>
internal sealed class ModelLaw(ModuleInstance instance, ImmutableArray<ArgumentSyntax> conditions, TextSpan span) : Value
{
    public ModuleInstance Instance { get; } = instance;

    public IrModel Model => (IrModel)Instance.Module;

    public ImmutableArray<ArgumentSyntax> Conditions { get; } = conditions;

    public TextSpan Span { get; } = span;

    public override string Description => $"the model '{Model.DeclaredName}'";
}
