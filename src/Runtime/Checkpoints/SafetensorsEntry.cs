using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A tensor's place in a safetensors file; offsets count from the end of the header.</summary>
internal sealed record SafetensorsEntry(string Name, ScalarType Type, long[] Shape, long Begin, long End);
