using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Threading;

namespace GenDsl.Runtime.Media;

/// <summary>
/// The figures and pictures of a run as an event file that TensorBoard shows (<c>tensorboard --logdir FOLDER</c>): records of protocol buffers with
/// masked crc32c checksums, each on disk as soon as it is written.
/// </summary>
public sealed class TensorBoardLog : IDisposable
{
    private const int SessionStart = 1;
    private const int Rgba = 4;

    private static int _files;

    private readonly FileStream _stream;

    private TensorBoardLog(FileStream stream) => _stream = stream;

    /// <summary>Starts a new event file beside those of earlier runs.</summary>
    /// <param name="folder">The folder, which is made.</param>
    /// <param name="resumedStep">The step that the run was resumed at: TensorBoard then forgets what earlier files say of later steps. Null for a new run.</param>
    /// <exception cref="GenDslException">The file cannot be written.</exception>
    public static TensorBoardLog Open(string folder, long? resumedStep = null)
    {
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref _files)}");
        try
        {
            Directory.CreateDirectory(folder);
            var log = new TensorBoardLog(new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read));
            log.Append(Event().Text(3, "brain.Event:2"));
            if (resumedStep is { } step)
            {
                // TensorBoard drops what it knows of this step and later ones.
                log.Append(Event().Varint(2, step + 1).Message(7, new ProtoWriter().Varint(1, SessionStart)));
            }

            return log;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"An event file in '{folder}' cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Writes the figures of a report, each under its name.</summary>
    public void Scalars(IReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var summary = new ProtoWriter();
        foreach (var value in report.Values)
        {
            summary.Message(1, new ProtoWriter().Text(1, value.Name).Float(2, (float)value.Value));
        }

        Write(report.Step, summary);
    }

    /// <summary>Writes one figure.</summary>
    public void Scalar(string name, double value, long step) =>
        Write(step, new ProtoWriter().Message(1, new ProtoWriter().Text(1, name).Float(2, (float)value)));

    /// <summary>Writes a picture, as from <see cref="ImageGrid.Encode"/>.</summary>
    public void Image(string name, Picture picture, long step)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var image = new ProtoWriter().Varint(1, picture.Height).Varint(2, picture.Width).Varint(3, Rgba).Bytes(4, picture.Data);
        Write(step, new ProtoWriter().Message(1, new ProtoWriter().Text(1, name).Message(4, image)));
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static ProtoWriter Event() => new ProtoWriter().Double(1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0);

    private void Write(long step, ProtoWriter summary)
    {
        try
        {
            Append(Event().Varint(2, step).Message(5, summary));
        }
        catch (IOException error)
        {
            throw new GenDslException($"'{_stream.Name}' cannot be written: {error.Message}", error);
        }
    }

    /// <summary>A record: length, checksum of the length, data, checksum of the data.</summary>
    private void Append(ProtoWriter message)
    {
        var data = message.ToArray();
        var record = new byte[data.Length + 16];
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        data.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedCrc(data));
        _stream.Write(record);
        _stream.Flush();
    }

    private static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return BitOperations.RotateRight(~crc, 15) + 0xA282EAD8;
    }
}
