using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Generators.Emit;

/// <summary>What the statements of one C# method see.</summary>
internal sealed class FunctionContext
{
    private readonly HashSet<string> _sites = new(StringComparer.Ordinal);

    public FunctionContext(GenSource source, EmitOptions emit, string options, ScalarPool scalars)
    {
        Source = source;
        Emit = emit;
        Scalars = scalars;
        Mode = op => op.Called is { } part ? $"mode.In({Module(part)})" : "mode";
        Host = new HostText(options, v => Sizes.TryGetValue(v.Name, out string? text) ? text : throw new InvalidOperationException($"The size '{v.Name}' is not in sight."));
    }

    public GenSource Source { get; }

    public EmitOptions Emit { get; }

    public ScalarPool Scalars { get; }

    public LocalNames Names { get; } = new();

    public HostText Host { get; }

    /// <summary>C# text of free sizes and loop indices.</summary>
    public Dictionary<string, string> Sizes { get; } = new(StringComparer.Ordinal);

    /// <summary>The mode of a layer or of a call of a module: a method's own parameter, or what the step decides.</summary>
    public Func<IrOp, string> Mode { get; set; }

    /// <summary>The C# expression of the randomness of a site.</summary>
    public Func<string, string> Draws { get; set; } = site => $"draws.At({CSharpNames.Literal(site)})";

    /// <summary>The context of a local function that outlives the call it stands in: sizes and addresses of randomness are those around it, locals its own.</summary>
    /// <param name="sites">The addresses that it shares with others of its kind.</param>
    public FunctionContext Inner(Dictionary<string, string> sites)
    {
        var inner = new FunctionContext(Source, Emit, "_options", Scalars) { Draws = Draws, HasMode = HasMode, Around = this, Sites = sites };
        foreach (KeyValuePair<string, string> size in Sizes)
        {
            inner.Sizes[size.Key] = size.Value;
            inner.Names.Take(size.Value);
        }

        return inner;
    }

    /// <summary>Addresses of randomness by the name of what draws, where all texts of a round share them; null elsewhere.</summary>
    public Dictionary<string, string>? Sites { get; set; }

    /// <summary>True where a mode is a parameter of the method.</summary>
    public bool HasMode { get; set; }

    private FunctionContext? Around { get; set; }

    /// <summary>A name of its own for the randomness of a layer or net that is applied: its name, with a number from the second time on.</summary>
    /// <param name="what">What draws there.</param>
    public string Site(string stem, string what = "dropout") => Sites is not { } shared ? NewSite(stem, what)
        : shared.TryGetValue(stem, out string? known) ? known
        : shared[stem] = (Around ?? this).NewSite(stem, what);

    private string NewSite(string stem, string what)
    {
        string site = $"{stem}.{what}";
        for (int i = 2; !_sites.Add(site); i++)
        {
            site = $"{stem}.{what}.{CSharpNames.Number((long)i)}";
        }

        return site;
    }

    /// <summary>The C# expression of the number of rows of fresh noise.</summary>
    public string Rows { get; set; } = "count";

    /// <summary>The C# expression of the number of certain rows: of those in hand, where there are no others.</summary>
    public string RowsOf(GenDsl.Dsl.Types.Rows? rows) => rows is null || InHand is null || rows.Equals(InHand) ? Rows : Host.Size(rows.Count!);

    /// <summary>What <see cref="Rows"/> counts, where other rows occur too; null elsewhere.</summary>
    public GenDsl.Dsl.Types.Rows? InHand { get; set; }

    /// <summary>The C# expression of the temperature that samples are asked for; null where nobody asks.</summary>
    public string? Temperature { get; set; }

    /// <summary>True where the whole method runs without recording graphs.</summary>
    public bool IsGraphFree { get; set; }

    /// <summary>True where operations are known to be recorded or not: the step of a trainer.</summary>
    public bool KnowsGraph { get; set; }

    /// <summary>The C# name of what keeps weights that several passes share; null where nothing does.</summary>
    public string? Kept { get; set; }

    /// <summary>The layers and nets whose weights are kept.</summary>
    public Func<object, bool> Keeps { get; set; } = _ => false;

    /// <summary>The C# expression of a module: a property, with loop indices.</summary>
    public string Module(ModuleInstance module) => module.PartOf is { } part
        ? Module(part.Net) + string.Concat(part.Path.Split('.').Select(name => "." + CSharpNames.Pascal(name)))
        : CSharpNames.Pascal(module.Name) + Indices(module.Loops);

    /// <summary><c>[i, j]</c> for what is constructed in loops.</summary>
    public string Indices(IReadOnlyCollection<LoopIndex> loops) =>
        loops.Count == 0 ? "" : "[" + string.Join(", ", loops.Select(l => Sizes[l.Variable.Name])) + "]";
}
