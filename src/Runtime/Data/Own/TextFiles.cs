using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using GenDsl.Runtime.Data.Reading;

namespace GenDsl.Runtime.Data.Own;

/// <summary>A text file, or all of a folder one behind the other, as windows of characters: the first nine tenths train, then validation and test, a twentieth each.</summary>
internal sealed class TextFiles(string path, params string[] endings) : DataSet(new DataSetInfo(
    path,
    "texts of your own; column text (a code for each character that occurs, windows as the program declares them, else of 128, @LENGTH for others)",
    "",
    ["train", "test", "validation", "trainall"],
    LengthViews,
    false))
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    protected override Source Read(DataRequest request)
    {
        string[] files = File.Exists(Info.Name)
            ? [Info.Name]
            : [.. FileTree.Files(Info.Name).Where(file => endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
        List<Rune> text = [.. files.SelectMany(file => Text(file).EnumerateRunes())];
        Rune[] characters = [.. text.Distinct().Order()];
        var numbers = characters.Select((character, code) => (character, code)).ToDictionary(pair => pair.character, pair => pair.code);
        var (held, test) = ((int)(text.Count * 18L / 20), (int)(text.Count * 19L / 20));
        var part = request.Split switch
        {
            "train" => text[..held],
            "validation" => text[held..test],
            "test" => text[test..],
            _ => text[..test],
        };
        var windows = Windows.Of([.. part.Select(character => numbers[character])], request.WindowLength(128), request.Name);
        return new Source(
            request.Name,
            [new Column("text", ElementKind.Code, characters.Length, windows) { Vocabulary = [.. characters.Select(character => character.ToString())] }]);
    }

    private static string Text(string file)
    {
        try
        {
            return Strict.GetString(File.ReadAllBytes(file)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw new GenDslException($"'{file}' is no text in UTF-8: byte {error.Index} is wrong. Save it as UTF-8.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"'{file}' cannot be read: {error.Message}", error);
        }
    }
}
