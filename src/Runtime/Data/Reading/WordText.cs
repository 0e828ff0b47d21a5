using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime.Data.Files;

namespace GenDsl.Runtime.Data.Reading;

/// <summary>English prose as windows of words: books and speeches train, WikiText-2's published parts validate and test.</summary>
internal sealed class WordText() : DataSet(new DataSetInfo(
    "english-text",
    "1.8 million words of books and speeches; column text (10,000 codes, windows of 32 words, @LENGTH for others)",
    "public domain; validation and test CC BY-SA 3.0",
    ["train", "test", "validation", "trainall"],
    LengthViews,
    false))
{
    protected override Source Read(DataRequest request)
    {
        DataFile[] trainFiles = [KnownFiles.Gutenberg, KnownFiles.Addresses];
        List<string> training = [.. trainFiles.SelectMany(file => Words.Of(PackedFile.Text(request.Path(file))))];
        var vocabulary = new WordVocabulary(training, 10_000, ["<unk>"]);
        var words = request.Split switch
        {
            "validation" => Words.Of(PackedFile.Text(request.Path(KnownFiles.WikiTextValid))),
            "test" => Words.Of(PackedFile.Text(request.Path(KnownFiles.WikiTextTest))),
            _ => training,
        };
        var windows = Windows.Of([.. words.Select(vocabulary.Code)], request.Length ?? 32, request.Name);
        return new Source(
            request.Name,
            [new Column("text", ElementKind.Code, vocabulary.Count, windows) { Vocabulary = vocabulary.Entries }]);
    }
}
