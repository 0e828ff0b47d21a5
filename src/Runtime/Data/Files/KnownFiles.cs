using System.Linq;

namespace GenDsl.Runtime.Data.Files;

/// <summary>Every file that the data sets read, with its checksum and public mirrors. Files without a mirror must be put into <c>GENDSL_DATA</c>.</summary>
internal static class KnownFiles
{
    // Static fields are filled in text order: the mirrors come before the files that name them.
    private static readonly string[] MnistMirrors =
        ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"];

    private static readonly string[] FashionMirrors =
    [
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    ];

    public static readonly DataFile MnistTrainImages = Mnist("train-images-idx3-ubyte.gz", "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609");
    public static readonly DataFile MnistTrainLabels = Mnist("train-labels-idx1-ubyte.gz", "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c");
    public static readonly DataFile MnistTestImages = Mnist("t10k-images-idx3-ubyte.gz", "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6");
    public static readonly DataFile MnistTestLabels = Mnist("t10k-labels-idx1-ubyte.gz", "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6");

    public static readonly DataFile FashionTrainImages = Fashion("train-images-idx3-ubyte.gz", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84");
    public static readonly DataFile FashionTrainLabels = Fashion("train-labels-idx1-ubyte.gz", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845");
    public static readonly DataFile FashionTestImages = Fashion("t10k-images-idx3-ubyte.gz", "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073");
    public static readonly DataFile FashionTestLabels = Fashion("t10k-labels-idx1-ubyte.gz", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5");

    public static readonly DataFile KmnistTestImages = new("kmnist-test/t10k-images-idx3-ubyte.gz", "4adb7bf91b43aca2b398c5a2e32e69fbe0c4a21007399f4a6fbe1888b3db5c2a");
    public static readonly DataFile KmnistTestLabels = new("kmnist-test/t10k-labels-idx1-ubyte.gz", "f5ae24eab3dfc7488501157641d0254ea07131bdf4cb0ecc1951662ec1dc2e44");

    public static readonly DataFile CifarTrain = new("cifar10-subset/train_4000.bin.gz", "d32c18318de59292af92f571821e2570d0ce4d63cf4b3de2570ee51bf268ee72");
    public static readonly DataFile CifarTest = new("cifar10-subset/test_1000.bin.gz", "3d5e72c2623a79c57b916d8669b4cba52fa2984d04cb8cd7d256902adc743432");

    public static readonly DataFile DigitsTrain = new("digits/optdigits-train.csv.gz", "8a8d95daa5a2d60207e90b3c72f6ca8c5c3b9b350c059f5bdaeb63b01e3f1ed1");
    public static readonly DataFile DigitsTest = new("digits/digits.csv.gz", "34af3b9b1a8afa599fef9fa56f4d7d4933c3e969bdf02f3fa698213eb8c8adec");

    public static readonly DataFile SpokenDigits = new("fsdd/fsdd-recordings.tar.gz", "4df76f68b32ccb99e865e418c01add02cfe4de1718ea777f58f23f0a57adee63");

    public static readonly DataFile Shakespeare = new(
        "tinyshakespeare/input.txt",
        "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt");

    public static readonly DataFile Gutenberg = new("english-text/gutenberg-17-books.txt.gz", "baa25a6df0fb555a39d3f26e80e417ff53fc7c248a6e77a074c7c37b6eac334b");
    public static readonly DataFile Addresses = new("english-text/us-presidential-addresses.txt.gz", "d263fba662ded93b13c8903c6133edd28c1664a285350e2185c8c630b9cc8521");
    public static readonly DataFile WikiTextValid = new("english-text/wikitext2-valid.txt.gz", "3ac34ae2b6509075d52302c50a04a8a1970739ffe1a904f2cd374fefbea3cbf2");
    public static readonly DataFile WikiTextTest = new("english-text/wikitext2-test.txt.gz", "a2b26b5d2619cc1f6cd34c8e116a451aed09af51479346aadfbf508ceb8b192e");

    public static readonly DataFile EnglishSpanish = new("en-es/tatoeba-eng-spa.tsv.gz", "da08eb8cf4dec222ab8e9f1a66d4904d63f4fdeeb89d52eafa27007c9dfed281");

    public static readonly DataFile EnglishSpanishDictionary = new("en-es/dictionary-en-es.tsv.gz", "d1f95a95b8eefebaa58dfb9c59219c0ca85051e61a2bae469b4745e4ef0eb1d3");

    private static DataFile Mnist(string name, string sha256) => Mirrored("mnist/", name, sha256, MnistMirrors);

    private static DataFile Fashion(string name, string sha256) => Mirrored("fashion-mnist/", name, sha256, FashionMirrors);

    private static DataFile Mirrored(string folder, string name, string sha256, string[] mirrors) =>
        new(folder + name, sha256, [.. mirrors.Select(mirror => mirror + name)]);
}
