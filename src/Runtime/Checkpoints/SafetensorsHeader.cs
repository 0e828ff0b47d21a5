using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace GenDsl.Runtime;

/// <summary>Parses the JSON header and checks that its tensors fill the data exactly.</summary>
internal static class SafetensorsHeader
{
    public static IReadOnlyDictionary<string, SafetensorsEntry> Parse(byte[] header, string path, long dataLength)
    {
        var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(header);
            foreach (var property in document.RootElement.EnumerateObject().Where(property => property.Name != "__metadata__"))
            {
                if (!entries.TryAdd(property.Name, Entry(property, path)))
                {
                    throw new GenDslException($"'{path}': tensor '{property.Name}' is listed twice in the header.");
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new GenDslException($"'{path}' has a damaged header: {error.Message}", error);
        }

        CheckCover(entries.Values, path, dataLength);
        return entries;
    }

    private static SafetensorsEntry Entry(JsonProperty property, string path)
    {
        var value = property.Value;
        var typeName = value.GetProperty("dtype").GetString() ?? "";
        if (!SafetensorsType.TryParse(typeName, out var type))
        {
            throw new GenDslException($"'{path}': tensor '{property.Name}' has the element type '{typeName}', which cannot be read.");
        }

        var shape = value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets.Length != 2)
        {
            throw new GenDslException($"'{path}' has a damaged header: tensor '{property.Name}' has {offsets.Length} offsets, expected where it begins and where it ends.");
        }

        var entry = new SafetensorsEntry(property.Name, type, shape, offsets[0], offsets[1]);
        var size = shape.Aggregate((long)SafetensorsType.Size(type), (product, extent) => checked(product * extent));
        if (Array.Exists(shape, extent => extent < 0) || entry.End - entry.Begin != size)
        {
            throw new GenDslException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{path}': tensor '{property.Name}' needs {size} bytes by its shape, but has {entry.End - entry.Begin} by its offsets."));
        }

        return entry;
    }

    private static void CheckCover(IEnumerable<SafetensorsEntry> entries, string path, long dataLength)
    {
        long next = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != next)
            {
                throw new GenDslException(string.Create(
                    CultureInfo.InvariantCulture, $"'{path}': tensor '{entry.Name}' starts at byte {entry.Begin} of the data, expected {next}."));
            }

            next = entry.End;
        }

        if (next != dataLength)
        {
            throw new GenDslException(string.Create(
                CultureInfo.InvariantCulture, $"'{path}' is cut off or too long: its header describes {next} bytes of data, and it has {dataLength}."));
        }
    }
}
