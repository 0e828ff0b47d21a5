using System;
using System.Threading;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GenDsl.Generators.Models;

/// <summary>What the user's project says about the generated code.</summary>
internal sealed record GenOptions(string RootNamespace, bool LineDirectives)
{
    public static GenOptions From(AnalyzerConfigOptionsProvider provider, CancellationToken cancel)
    {
        provider.GlobalOptions.TryGetValue("build_property.RootNamespace", out string? rootNamespace);
        provider.GlobalOptions.TryGetValue("build_property.GenDslEmitLineDirectives", out string? lineDirectives);
        return new(rootNamespace ?? "", !string.Equals(lineDirectives, "false", StringComparison.OrdinalIgnoreCase));
    }
}
