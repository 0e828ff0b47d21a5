using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>Draws the noise itself, and notes the parameters: a sampler under a given past.</summary>
internal sealed class ForcedDraw(SiteDraw like) : SiteDraw("forced", SiteNoise.Normal)
{
    public List<double[]> Seen { get; } = [];

    public override int NoiseCount(int channels) => channels;

    public override int[] ParameterCounts(int channels) => like.ParameterCounts(channels);

    public override Tensor Draw(Tensor[] parameters, Tensor noise)
    {
        using var wide = cat(parameters, 1).to(ScalarType.Float64);
        for (long row = 0; row < wide.size(0); row++)
        {
            Seen.Add(wide[row].data<double>().ToArray());
        }

        return noise.clone();
    }

    public override void Draw(Span<double> parameters, ReadOnlySpan<float> noise, Span<float> values)
    {
        Seen.Add(parameters.ToArray());
        noise.CopyTo(values);
    }

    /// <summary>What the whole net says at the same places, in the same order.</summary>
    public static List<double[]> Expected(SampledNet net, Tensor x)
    {
        using var scope = NewDisposeScope();
        var steps = net.IsOrdered ? net.Channels : 1;
        var parameters = net.Whole(x).Select(parameter => parameter.to(ScalarType.Float64).expand([net.Count, parameter.size(1), .. net.Sites]).reshape(net.Count, parameter.size(1), net.Positions)).ToArray();
        var channels = Math.Max(net.Channels, 1) / steps;
        var counts = net.Draw.ParameterCounts((int)channels);
        List<double[]> result = [];
        for (long position = 0; position < net.Positions; position++)
        {
            for (long step = 0; step < steps; step++)
            {
                for (long row = 0; row < net.Count; row++)
                {
                    result.Add([.. parameters.Zip(counts).SelectMany(pair =>
                    {
                        var own = pair.First[row].select(1, position).slice(0, step, pair.First.size(1), steps);
                        return own.expand(pair.Second).clone().data<double>().ToArray();
                    })]);
                }
            }
        }

        return result;
    }
}
