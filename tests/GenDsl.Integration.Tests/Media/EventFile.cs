using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace GenDsl.Integration.Tests.Media;

/// <summary>Decodes event files bit by bit, sharing nothing with the writer.</summary>
internal static class EventFile
{
    /// <summary>A protocol buffer field: its number, and a number or bytes.</summary>
    public sealed record Field(int Number, ulong Value, byte[] Bytes)
    {
        public string Text => Encoding.UTF8.GetString(Bytes);

        public double Double => BitConverter.UInt64BitsToDouble(Value);

        public float Float => BitConverter.UInt32BitsToSingle((uint)Value);

        public IReadOnlyList<Field> Message => Parse(Bytes);
    }

    public static IReadOnlyList<IReadOnlyList<Field>> Read(string path)
    {
        var file = File.ReadAllBytes(path);
        List<IReadOnlyList<Field>> events = [];
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BitConverter.ToInt64(file, at);
            Check(file, at, 8);
            Check(file, at + 12, length);
            events.Add(Parse(file[(at + 12)..(at + 12 + length)]));
            at += 12 + length + 4;
        }

        return events;
    }

    /// <summary>The checksum of RFC 3720, one bit at a time.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }

    private static void Check(byte[] file, int at, int length)
    {
        var crc = Crc32C(file.AsSpan(at, length));
        var masked = unchecked((crc >> 15 | crc << 17) + 0xA282EAD8);
        if (masked != BitConverter.ToUInt32(file, at + length))
        {
            throw new InvalidDataException($"The checksum at {at + length} is wrong.");
        }
    }

    private static List<Field> Parse(byte[] data)
    {
        List<Field> fields = [];
        for (var at = 0; at < data.Length;)
        {
            var tag = Varint(data, ref at);
            var (number, wire) = ((int)(tag >> 3), (int)(tag & 7));
            switch (wire)
            {
                case 0:
                    fields.Add(new Field(number, Varint(data, ref at), []));
                    break;
                case 1:
                    fields.Add(new Field(number, BitConverter.ToUInt64(data, at), []));
                    at += 8;
                    break;
                case 5:
                    fields.Add(new Field(number, BitConverter.ToUInt32(data, at), []));
                    at += 4;
                    break;
                case 2:
                    var length = (int)Varint(data, ref at);
                    fields.Add(new Field(number, 0, data.Skip(at).Take(length).ToArray()));
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {wire}.");
            }
        }

        return fields;
    }

    private static ulong Varint(byte[] data, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            value |= (ulong)(data[at] & 0x7F) << shift;
            if (data[at++] < 0x80)
            {
                return value;
            }
        }
    }
}
