using GenDsl.Runtime;
using Tensor = global::TorchSharp.torch.Tensor;

namespace GenDsl.Integration.Tests.Runtime;

public readonly record struct Height(Tensor Tensor) : ISpace<Height>
{
    public static SpaceInfo Info { get; } = new("Height", ElementKind.Real, 0, [1], double.NegativeInfinity, double.PositiveInfinity);

    public static Height From(Tensor tensor) => new(Spaces.Check(tensor, Info));
}
