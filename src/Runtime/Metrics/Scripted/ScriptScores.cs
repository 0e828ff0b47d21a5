using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// What a net of others says of generated pictures: the Inception score of its classes (Salimans et al. 2016, arXiv:1606.03498) and the Frechet
/// distance of its features to those of real ones (Heusel et al. 2017, arXiv:1706.08500), the FID where the net is the Inception net; in f64.
/// </summary>
/// <remarks>Figures of two nets, of two ways to show them pictures, or of two numbers of pictures do not compare.</remarks>
public sealed class ScriptScores
{
    // What rows of probabilities may miss 1 by, in f32 or half of it.
    private const double Tolerance = 1e-3;

    private readonly ScriptNet _net;
    private readonly ScriptScoring _how;

    /// <summary>Scores by a net.</summary>
    /// <param name="net">The net; it stays the caller's.</param>
    /// <param name="how">What it takes and gives.</param>
    /// <exception cref="GenDslException">The range is empty, sizes are below 1, or nothing that it gives is of use.</exception>
    public ScriptScores(ScriptNet net, ScriptScoring how)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(how);
        (_net, _how) = (net, how);
        if (!double.IsFinite(how.Low) || !double.IsFinite(how.High) || how.Low >= how.High)
        {
            throw new GenDslException(string.Create(CultureInfo.InvariantCulture, $"The range of a net's pictures goes from a number to a greater one, but it is [{how.Low}, {how.High}]."));
        }

        if (how.Input is { } input && (input.Count != 3 || input.Any(size => size < 1)))
        {
            throw new GenDslException($"The input of a net is channels, rows and columns, each 1 or more, but it is {ShapeText.Of([.. input])}.");
        }

        if (how.Splits < 1 || how.Batch < 1)
        {
            throw new GenDslException($"Splits and batch are 1 or more, but they are {how.Splits} and {how.Batch}.");
        }

        if (how.Gives.Count > 0 && how.Gives.All(output => output == ScriptOutput.Unused))
        {
            throw new GenDslException("Of what the net gives nothing is used: name features, logits or probabilities.");
        }

        if (how.Gives.GroupBy(Role).FirstOrDefault(same => same.Key != ScriptOutput.Unused && same.Count() > 1) is { } twice)
        {
            throw new GenDslException($"The net gives {(twice.Key == ScriptOutput.Features ? "features" : "classes")} twice. Name the ones that are meant, and _ for the others.");
        }
    }

    /// <summary>How pictures of a source are shown to the net, for whoever reads the figures.</summary>
    /// <exception cref="GenDslException">They cannot be shown to it.</exception>
    public string Shown(Source source) => new ScriptPictures(source, _how).Said;

    /// <summary>The figures that can be made: the Inception score of what is generated, the Frechet distance where there is something real.</summary>
    /// <param name="fake">Generated pictures.</param>
    /// <param name="real">Real ones; null for none.</param>
    /// <param name="note">Told what makes a figure worth less.</param>
    /// <exception cref="GenDslException">The pictures or the net do not fit, there are too few of them, or no figure can be made.</exception>
    public IReadOnlyList<NamedValue> Of(Source fake, Source? real, Action<string>? note = null)
    {
        ArgumentNullException.ThrowIfNull(fake);
        using var frozen = no_grad();
        using var figures = new Figures(this, Math.Min(fake.Rows, real?.Rows ?? long.MaxValue), real is not null, note ?? (_ => { }));
        figures.Add(new ScriptPictures(fake, _how), isReal: false);
        if (real is not null && figures.ComparesFeatures)
        {
            figures.Add(new ScriptPictures(real, _how), isReal: true);
        }

        return [.. figures.Values()];
    }

    private static ScriptOutput Role(ScriptOutput output) => output == ScriptOutput.Probabilities ? ScriptOutput.Logits : output;

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>One computation of them.</summary>
    private sealed class Figures(ScriptScores scores, long fewest, bool hasReal, Action<string> note) : IDisposable
    {
        private IReadOnlyList<ScriptOutput> _gives = scores._how.Gives;
        private InceptionScore? _classes;
        private FrechetDistance? _features;
        private long _width;
        private bool _isOpen;

        public bool ComparesFeatures => _features is not null;

        public void Add(ScriptPictures pictures, bool isReal)
        {
            foreach (var shown in pictures.Batches(scores._net.Device))
            {
                using (shown)
                {
                    var given = scores._net.Apply(shown);
                    try
                    {
                        Add(given, isReal);
                    }
                    finally
                    {
                        foreach (var tensor in given)
                        {
                            tensor.Dispose();
                        }
                    }
                }
            }
        }

        public IEnumerable<NamedValue> Values()
        {
            if (_classes is not null)
            {
                yield return new("inception_score", _classes.Value) { Protocol = $"{scores._how.Splits} splits" };
            }

            if (_features is not null)
            {
                yield return new("frechet_distance", _features.Value) { Protocol = $"{_width} features" };
            }
        }

        public void Dispose()
        {
            _classes?.Dispose();
            _features?.Dispose();
        }

        private void Add(IReadOnlyList<Tensor> given, bool isReal)
        {
            Open(given);
            for (var i = 0; i < given.Count; i++)
            {
                Require(given[i], _gives[i]);
                if (_gives[i] == ScriptOutput.Features && isReal)
                {
                    _features?.AddX(given[i]);
                }
                else if (_gives[i] == ScriptOutput.Features)
                {
                    _features?.AddY(given[i]);
                }
                else if (_gives[i] == ScriptOutput.Logits && !isReal)
                {
                    _classes!.Add(given[i]);
                }
                else if (_gives[i] == ScriptOutput.Probabilities && !isReal)
                {
                    using var wide = given[i].to(ScalarType.Float64);
                    using var positive = wide.clamp_min(Held.Scalar(1e-300));
                    using var logits = positive.log();
                    _classes!.Add(logits);
                }
            }
        }

        // The first batch says how many results there are, and how wide.
        private void Open(IReadOnlyList<Tensor> given)
        {
            if (_isOpen)
            {
                return;
            }

            _isOpen = true;
            var said = string.Join(" and ", given.Select(tensor => ShapeText.Of(tensor.shape[1..])));
            if (_gives.Count == 0)
            {
                _gives = given.Count == 2 ? [ScriptOutput.Features, ScriptOutput.Logits]
                    : throw new GenDslException($"{scores._net.Name} gives {said} for each picture. Say what that is, in order: features, logits, probabilities, or _ for what is of no use.");
            }

            if (_gives.Count != given.Count)
            {
                throw new GenDslException($"{scores._net.Name} gives {said} for each picture, {given.Count} result{(given.Count == 1 ? "" : "s")}, but {_gives.Count} {(_gives.Count == 1 ? "is" : "are")} named.");
            }

            for (var i = 0; i < given.Count; i++)
            {
                var width = given[i].size(1);
                if (Role(_gives[i]) == ScriptOutput.Logits)
                {
                    _classes = new InceptionScore(width, scores._how.Splits);
                }
                else if (_gives[i] == ScriptOutput.Features && hasReal)
                {
                    (_features, _width) = (new FrechetDistance(width), width);
                }
            }

            if (_classes is null && _features is null)
            {
                throw new GenDslException($"{scores._net.Name} gives features, which say nothing without those of real pictures: give it some (the source 'real').");
            }

            if (_features is not null && fewest < 2)
            {
                throw new GenDslException("The Frechet distance needs two pictures or more of either kind.");
            }

            if (_features is not null && fewest <= _width)
            {
                note($"{Count(fewest)} pictures for {Count(_width)} features: the covariance is singular, and the Frechet distance says more of the number of pictures than of them.");
            }
        }

        private void Require(Tensor given, ScriptOutput output)
        {
            using var scope = NewDisposeScope();
            if (output != ScriptOutput.Unused && !given.isfinite().all().ToBoolean())
            {
                throw new GenDslException($"What {scores._net.Name} says of some pictures is not finite. Is the range that it is shown the right one?");
            }

            if (Role(output) != ScriptOutput.Logits)
            {
                return;
            }

            Tensor wide = given.to(ScalarType.Float64);
            var sums = wide.ge(Held.Scalar(0)).all().ToBoolean() && (wide.sum([1]) - 1).abs().max().ToDouble() <= Tolerance;
            if (output == ScriptOutput.Probabilities && !sums)
            {
                throw new GenDslException($"What {scores._net.Name} gives are no probabilities: some are negative, or they do not sum to 1. Are they logits?");
            }

            if (output == ScriptOutput.Logits && sums && given.size(1) > 1)
            {
                throw new GenDslException($"What {scores._net.Name} gives as logits are probabilities: none is negative, and all sum to 1. Name them so.");
            }
        }
    }
}
