using System;
using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Procedural;

/// <summary>Decaying tones of four wave forms, made of the harmonics below the Nyquist frequency, so without aliasing.</summary>
internal sealed class TonesSet() : ProceduralSet(
    "tones",
    "tones at 8 kHz; columns audio (window of 2,048 samples, @LENGTH for others), class (4 wave forms), pitch (octaves above 110 Hz)",
    LengthViews,
    train: 4_000,
    test: 500,
    validation: 500)
{
    private const int Rate = 8000;
    private const double Lowest = 110;
    private const double Octaves = 3;

    private static readonly string[] WaveForms = ["sine", "triangle", "square", "sawtooth"];

    protected override Source Make(DataRequest request, int rows, ulong key)
    {
        var length = request.Length ?? 2048;
        if ((long)rows * length > int.MaxValue / 2)
        {
            throw new GenDslException($"Data set 'tones': {rows} rows of {length} samples are too many. Ask for fewer rows or a shorter window.");
        }

        var samples = new short[rows * length];
        var tones = Rows(rows, key, (ref RowRandom random, int row) =>
        {
            var wave = random.Below(WaveForms.Length);
            var pitch = random.Between(0, Octaves);
            Synthesise(wave, Lowest * Math.Pow(2, pitch), ref random, samples.AsSpan(row * length, length));
            return (Wave: (byte)wave, Pitch: (float)pitch);
        });
        return new Source(
            request.Name,
            [
                new Column("audio", ElementKind.Real, 0, -1, 1, tensor(samples, [rows, length], ScalarType.Int16)) { SampleRate = Rate },
                new Column("class", ElementKind.Class, WaveForms.Length, tensor(tones.Select(tone => tone.Wave).ToArray(), ScalarType.Byte))
                    { Vocabulary = WaveForms },
                new Column("pitch", ElementKind.Real, 0, 0, Octaves, tensor(tones.Select(tone => tone.Pitch).ToArray())),
            ]);
    }

    private static void Synthesise(int wave, double frequency, ref RowRandom random, Span<short> target)
    {
        var phase = random.Unit();
        var decay = random.Between(0, 4) / Rate;
        var gain = random.Between(0.3, 0.7);
        Span<double> sound = target.Length <= 4096 ? stackalloc double[target.Length] : new double[target.Length];
        sound.Clear();
        var harmonics = wave == 0 ? 1 : (int)(Rate / 2 / frequency);
        for (var harmonic = 1; harmonic <= harmonics; harmonic++)
        {
            if (Weight(wave, harmonic) is var weight && weight != 0)
            {
                Add(sound, weight, 2 * Math.PI * harmonic * phase, 2 * Math.PI * harmonic * frequency / Rate);
            }
        }

        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (short)Math.Round(Math.Clamp(sound[i] * gain * Math.Exp(-decay * i), -1, 1) * short.MaxValue);
        }
    }

    private static double Weight(int wave, int harmonic) => wave switch
    {
        0 => 1,
        1 => harmonic % 2 == 0 ? 0 : (harmonic % 4 == 1 ? 1 : -1) * 8 / (Math.PI * Math.PI * harmonic * harmonic),
        2 => harmonic % 2 == 0 ? 0 : 4 / (Math.PI * harmonic),
        _ => 2 / (Math.PI * harmonic),
    };

    /// <summary>Adds a sine by turning a unit vector: two multiplications a sample in place of a call.</summary>
    private static void Add(Span<double> sound, double weight, double phase, double step)
    {
        var (sin, cos) = Math.SinCos(phase);
        var (turnSin, turnCos) = Math.SinCos(step);
        for (var i = 0; i < sound.Length; i++)
        {
            sound[i] += weight * sin;
            (sin, cos) = (sin * turnCos + cos * turnSin, cos * turnCos - sin * turnSin);
        }
    }
}
