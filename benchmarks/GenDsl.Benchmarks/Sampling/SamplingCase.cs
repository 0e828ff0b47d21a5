using System;
using System.Globalization;
using GenDsl.Integration.Tests.Runtime.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Sampling;

/// <summary>A net to draw from.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Window">Sites that a naive sampler needs to see; 0 for all.</param>
/// <param name="New">The net for so many samples, and of so many sites if given.</param>
internal sealed record SamplingCase(string Name, long Window, Func<long, long?, SampledNet> New)
{
    /// <summary>Layers of 64 channels with dilations 1 to 512 again and again, and a head of 256; the receptive field is 1,023 sites per ten layers, and the delay.</summary>
    public static SamplingCase WaveNet(int layers, int skip, long length) => new(
        string.Create(CultureInfo.InvariantCulture, $"WaveNet, {layers} layers, skip {skip}, {length} samples"),
        (layers / 10 * 1023) + 2,
        (count, sites) => new WaveNet
        {
            Type = ScalarType.Float32, Count = count, Length = sites ?? length, Features = 64, Skip = skip, Head = 256, Classes = 256, Layers = layers, HasConditions = false,
        });

    /// <summary>PixelCNN++ with five layers per resolution.</summary>
    public static SamplingCase Pixels(int features, long size) => new(
        string.Create(CultureInfo.InvariantCulture, $"PixelCNN++, f = {features}, n = 5, {size}x{size}"),
        0,
        (count, _) => new StridedPixels { Type = ScalarType.Float32, Count = count, Size = size, Features = features, Depth = 5, Components = 10 });
}
