using System;
using System.Collections.Generic;

namespace GenDsl.Cli.Compilation;

/// <summary>C# that GenDsl wrote and that does not compile.</summary>
internal sealed class GeneratedCodeException(string program, IReadOnlyList<string> errors)
    : Exception($"the C# generated for '{program}' does not compile: {string.Join(Environment.NewLine, errors)}");
