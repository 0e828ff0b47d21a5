using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Reading;

/// <summary>Cuts a long sequence into rows of equal length, without overlap; what is left over at the end is dropped.</summary>
internal static class Windows
{
    public static Tensor Of(byte[] codes, int length, string source) => Cut(tensor(codes, ScalarType.Byte), length, source);

    public static Tensor Of(int[] codes, int length, string source) => Cut(tensor(codes, ScalarType.Int32), length, source);

    private static Tensor Cut(Tensor all, int length, string source)
    {
        using (all)
        {
            var rows = all.size(0) / length;
            if (rows == 0)
            {
                throw new GenDslException($"Source '{source}' has {all.size(0)} elements, too few for a window of {length}. Ask for a shorter window.");
            }

            using var whole = all.narrow(0, 0, rows * length);
            return whole.reshape(rows, length);
        }
    }
}
