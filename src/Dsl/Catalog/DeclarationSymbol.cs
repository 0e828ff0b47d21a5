using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Catalog;

/// <summary>A declared name with its syntax and the text it stands in.</summary>
internal sealed class DeclarationSymbol(DeclarationSyntax syntax, GenSource source, bool isLibrary)
{
    public DeclarationSyntax Syntax { get; } = syntax;

    public GenSource Source { get; } = source;

    public bool IsLibrary { get; } = isLibrary;

    public string Name => Syntax.Name.Text;

    public string Kind => Syntax switch
    {
        SpaceSyntax => "space",
        NetSyntax => "net",
        FlowSyntax => "flow",
        LossSyntax => "loss",
        ModelSyntax => "model",
        _ => "trainer",
    };
}
