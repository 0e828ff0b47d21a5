using System;
using System.Buffers.Binary;
using System.IO;
using System.Text;

namespace GenDsl.Runtime.Media;

/// <summary>Writes the few kinds of protocol buffer fields that event files need.</summary>
internal sealed class ProtoWriter
{
    private const int VarintWire = 0;
    private const int Fixed64Wire = 1;
    private const int BytesWire = 2;
    private const int Fixed32Wire = 5;

    private readonly MemoryStream _buffer = new();

    public byte[] ToArray() => _buffer.ToArray();

    public ProtoWriter Varint(int field, long value)
    {
        Tag(field, VarintWire);
        Number((ulong)value);
        return this;
    }

    public ProtoWriter Double(int field, double value)
    {
        Tag(field, Fixed64Wire);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _buffer.Write(bytes);
        return this;
    }

    public ProtoWriter Float(int field, float value)
    {
        Tag(field, Fixed32Wire);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _buffer.Write(bytes);
        return this;
    }

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, BytesWire);
        Number((ulong)value.Length);
        _buffer.Write(value);
        return this;
    }

    public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Message(int field, ProtoWriter message) => Bytes(field, message.ToArray());

    private void Tag(int field, int wire) => Number((ulong)(field << 3 | wire));

    private void Number(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            _buffer.WriteByte((byte)(value | 0x80));
        }

        _buffer.WriteByte((byte)value);
    }
}
