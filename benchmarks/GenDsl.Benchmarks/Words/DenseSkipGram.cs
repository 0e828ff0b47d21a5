using System;
using GenDsl.Benchmarks.Twins;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace GenDsl.Benchmarks.Words;

/// <summary>Skip-gram as it is written first: a softmax over all words for each pair. What negative sampling spares.</summary>
internal sealed class DenseSkipGram
{
    private readonly Parameter _center;
    private readonly Parameter _context;
    private readonly Script.Adam _adam;

    public DenseSkipGram(long words, long dim)
    {
        _center = new Parameter(empty(words, dim).uniform_(-0.005, 0.005));
        _context = new Parameter(zeros(words, dim));
        _adam = new Script.Adam([_center, _context], 3e-3);
    }

    /// <summary>One step on pairs of words, int64 of shape <c>[N]</c> each.</summary>
    public void Step(Tensor center, Tensor context)
    {
        using var vectors = _center.index_select(0, center);
        using var scores = F.linear(vectors, _context);
        _adam.Minimize(F.cross_entropy(scores, context));
    }

    public double ReadMeanLoss() => _adam.ReadMeanLoss();
}
