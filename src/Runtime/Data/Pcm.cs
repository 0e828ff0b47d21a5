using static TorchSharp.torch;

namespace GenDsl.Runtime.Data;

/// <summary>The compact storage of audio: a real column in [-1, 1] whose values are 16-bit samples, 32,768 to one.</summary>
internal static class Pcm
{
    public const double Scale = 32768;

    public static bool Is(Column column) => column.Kind == ElementKind.Real && column.Storage.dtype == ScalarType.Int16;
}
