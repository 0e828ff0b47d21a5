using System;
using System.Linq;
using GenDsl.Runtime.Data.Files;

namespace GenDsl.Runtime.Data.Reading;

/// <summary>Tiny Shakespeare as windows of characters, without overlap: the first nine tenths train, then validation and test, a twentieth each.</summary>
internal sealed class CharacterText() : DataSet(new DataSetInfo(
    "tinyshakespeare",
    "1.1 million characters of plays; column text (65 codes, windows of 128, @LENGTH for others)",
    "MIT, text in the public domain",
    ["train", "test", "validation", "trainall"],
    LengthViews,
    false))
{
    protected override Source Read(DataRequest request)
    {
        var text = PackedFile.Text(request.Path(KnownFiles.Shakespeare));
        char[] characters = [.. text.Distinct().Order()];
        var codes = new byte[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            codes[i] = (byte)Array.BinarySearch(characters, text[i]);
        }

        var (held, test) = (text.Length * 18 / 20, text.Length * 19 / 20);
        var range = request.Split switch
        {
            "train" => ..held,
            "validation" => held..test,
            "test" => test..,
            _ => ..test,
        };
        var windows = Windows.Of(codes[range], request.Length ?? 128, request.Name);
        return new Source(
            request.Name,
            [
                new Column("text", ElementKind.Code, characters.Length, windows)
                    { Vocabulary = [.. characters.Select(character => character.ToString())] },
            ]);
    }
}
