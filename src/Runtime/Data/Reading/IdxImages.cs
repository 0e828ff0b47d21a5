using GenDsl.Runtime.Data.Files;

namespace GenDsl.Runtime.Data.Reading;

/// <summary>MNIST and its relatives: grey images 28x28 and labels of ten classes.</summary>
internal sealed class IdxImages : DataSet
{
    private static readonly string[] AllSplits = ["train", "test", "validation", "trainall"];

    private readonly string[] _classes;
    private readonly (DataFile Images, DataFile Labels)? _train;
    private readonly (DataFile Images, DataFile Labels) _test;

    private IdxImages(
        string name, string summary, string licence, string[] classes, (DataFile Images, DataFile Labels)? train, (DataFile Images, DataFile Labels) test)
        : base(new DataSetInfo(
            name, $"{summary}, 28x28 grey; columns image (256 levels), label (10 classes)", licence, train is null ? ["test"] : AllSplits, BitViews, false))
    {
        _classes = classes;
        _train = train;
        _test = test;
    }

    public static IdxImages Mnist { get; } = new(
        "mnist",
        "handwritten digits, 60,000 + 10,000",
        "CC BY-SA 3.0",
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        (KnownFiles.MnistTrainImages, KnownFiles.MnistTrainLabels),
        (KnownFiles.MnistTestImages, KnownFiles.MnistTestLabels));

    public static IdxImages FashionMnist { get; } = new(
        "fashion-mnist",
        "pieces of clothing, 60,000 + 10,000",
        "MIT",
        ["T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"],
        (KnownFiles.FashionTrainImages, KnownFiles.FashionTrainLabels),
        (KnownFiles.FashionTestImages, KnownFiles.FashionTestLabels));

    public static IdxImages Kmnist { get; } = new(
        "kmnist",
        "cursive Japanese characters, the 10,000 test rows only",
        "CC BY-SA 4.0",
        ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
        null,
        (KnownFiles.KmnistTestImages, KnownFiles.KmnistTestLabels));

    protected override Source Read(DataRequest request)
    {
        var isTest = request.Split == "test";
        var (imageFile, labelFile) = isTest ? _test : _train!.Value;
        var images = Idx.Read(request.Path(imageFile), 3);
        var labels = Idx.Read(request.Path(labelFile), 1);
        return request.Cut(new Source(
            request.Name,
            [
                new Column("image", ElementKind.Levels, 256, images) { Origin = $"{Info.Name}/{(isTest ? "test" : "train")}" },
                new Column("label", ElementKind.Class, 10, labels) { Vocabulary = _classes },
            ]));
    }
}
