using GenDsl.Runtime;
using Tensor = global::TorchSharp.torch.Tensor;

namespace GenDsl.Integration.Tests.Runtime;

public readonly record struct Point(Tensor Tensor) : ISpace<Point>
{
    public static SpaceInfo Info { get; } = new("Point", ElementKind.Real, 0, [3], double.NegativeInfinity, double.PositiveInfinity);

    public static Point From(Tensor tensor) => new(Spaces.Check(tensor, Info));
}
