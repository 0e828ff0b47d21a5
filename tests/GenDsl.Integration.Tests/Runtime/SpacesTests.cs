using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

public class SpacesTests
{
    private static readonly SpaceInfo Image = new("Image", ElementKind.Real, 0, [1, 2, 2], -1, 1);
    private static readonly SpaceInfo Digit = new("Digit", ElementKind.Class, 10, [], 0, 9);

    [Fact]
    public void SamplesOfTheSpacePass()
    {
        using var image = zeros(3, 1, 2, 2);
        Assert.Same(image, Spaces.Check(image, Image));
        using var digit = tensor(new long[] { 0, 9 });
        Assert.Same(digit, Spaces.Check(digit, Digit));
        using var rounded = full([1, 1, 2, 2], 1.000001f);
        Spaces.Check(rounded, Image);
    }

    [Fact]
    public void OthersAreTurnedAway()
    {
        Assert.Contains("[n, 1, 2, 2]", Error(zeros(3, 2, 2), Image));
        Assert.Contains("[3, 4]", Error(zeros(3, 4), Image));
        Assert.Contains("real numbers", Error(zeros([3, 1, 2, 2], ScalarType.Int64), Image));
        Assert.Contains("int64", Error(zeros(3), Digit));
        Assert.Contains("1.5", Error(full([1, 1, 2, 2], 1.5f), Image));
        Assert.Contains("NaN", Error(full([1, 1, 2, 2], float.NaN), Image));
        Assert.Contains("10", Error(tensor(new long[] { 10 }), Digit));
    }

    [Fact]
    public void AFreeSizeTakesAny_OneUnderOneName()
    {
        var photo = new SpaceInfo("Photo", ElementKind.Levels, 256, [3, -1, -1], 0, 255) { FreeSizes = ["H", "W"] };
        var square = photo with { Name = "Square", FreeSizes = ["H", "H"] };
        using var wide = zeros(2, 3, 4, 7);
        using var even = zeros(2, 3, 5, 5);
        Spaces.Check(wide, photo);
        Spaces.Check(even, square);
        Assert.Contains("[n, 3, H, H], but this one is [2, 3, 4, 7]", Error(wide, square));
        Assert.Contains("[n, 3, H, W]", Error(zeros(2, 1, 4, 7), photo));
        Assert.Equal("Photo: levels(256)[3, H, W] in [0, 255]", photo.ToString());
        Assert.NotEqual(photo, square with { Name = "Photo" });
    }

    [Fact]
    public void EqualSpacesAreEqual()
    {
        Assert.Equal(Image, Image with { Shape = Image.Shape.ToArray() });
        Assert.NotEqual(Image, Image with { Shape = [1, 2, 3] });
        Assert.Equal("Image: real[1, 2, 2] in [-1, 1]", Image.ToString());
    }

    private static string Error(Tensor tensor, SpaceInfo space) => Assert.Throws<GenDslException>(() => Spaces.Check(tensor, space)).Message;
}
