using System;
namespace GenDsl.Benchmarks;
internal static class CompileCommand { public const string ChildVerb = "measure-compile"; public static void Run() { } public static string Measure(string file) => file; }
