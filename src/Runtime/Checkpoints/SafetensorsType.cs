using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The element types of the safetensors format and their sizes in bytes.</summary>
internal static class SafetensorsType
{
    private static readonly (ScalarType Type, string Name, int Size)[] All =
    [
        (ScalarType.Float64, "F64", 8),
        (ScalarType.Int64, "I64", 8),
        (ScalarType.Float32, "F32", 4),
        (ScalarType.Int32, "I32", 4),
        (ScalarType.Float16, "F16", 2),
        (ScalarType.BFloat16, "BF16", 2),
        (ScalarType.Int16, "I16", 2),
        (ScalarType.Byte, "U8", 1),
        (ScalarType.Int8, "I8", 1),
        (ScalarType.Bool, "BOOL", 1),
    ];

    public static string Name(ScalarType type) => Find(type).Name;

    public static int Size(ScalarType type) => Find(type).Size;

    public static bool TryParse(string name, out ScalarType type)
    {
        var index = Array.FindIndex(All, item => item.Name == name);
        type = index >= 0 ? All[index].Type : default;
        return index >= 0;
    }

    private static (ScalarType Type, string Name, int Size) Find(ScalarType type)
    {
        var index = Array.FindIndex(All, item => item.Type == type);
        return index >= 0 ? All[index] : throw new GenDslException($"Tensors of type {type} cannot be written to a safetensors file.");
    }
}
