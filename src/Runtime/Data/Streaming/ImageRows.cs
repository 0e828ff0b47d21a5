using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime.Data.Own;

namespace GenDsl.Runtime.Data.Streaming;

/// <summary>Pictures that are decoded when they are asked for.</summary>
internal sealed class ImageRows(IReadOnlyList<string> paths, PictureSize size, int? wanted) : FileRows(size.Shape, wanted)
{
    public override long Count => paths.Count;

    public override void Read(long row, Span<byte> target)
    {
        try
        {
            PictureDecoder.Decode(paths[(int)row], size, target);
        }
        catch (DamagedFileException error)
        {
            throw new GenDslException(
                $"{error.Message} Repair or remove it, or leave '@stream' out: pictures are then decoded before the training starts, and damaged ones left out.", error);
        }
    }

    public override FileRows Take(IReadOnlyList<long> rows) => new ImageRows([.. rows.Select(row => paths[(int)row])], size, Threads);
}
