using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;

namespace GenDsl.Runtime.Media;

/// <summary>The JSON form of a metrics line.</summary>
internal static class MetricsJson
{
    /// <summary>The line as JSON, with its line end.</summary>
    public static string Write(MetricsLine line)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteNumber("step", line.Step);
            WriteNumber(json, "epoch", line.Epoch);
            WriteNumber(json, "seconds", line.Seconds);
            if (line.Phase.Length > 0)
            {
                json.WriteString("phase", line.Phase);
            }

            json.WriteStartObject("values");
            foreach (var value in line.Values)
            {
                WriteNumber(json, value.Name, value.Value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.ToArray()) + "\n";
    }

    /// <summary>Reads a line, or says null where it is none.</summary>
    public static MetricsLine? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("step", out var step) || step.ValueKind != JsonValueKind.Number || !step.TryGetInt64(out var steps)
                || !root.TryGetProperty("epoch", out var epoch) || Number(epoch) is not { } epochs
                || !root.TryGetProperty("seconds", out var seconds) || Number(seconds) is not { } time
                || !root.TryGetProperty("values", out var values) || values.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            List<NamedValue> figures = [];
            foreach (var property in values.EnumerateObject())
            {
                if (Number(property.Value) is not { } figure)
                {
                    return null;
                }

                figures.Add(new NamedValue(property.Name, figure));
            }

            return new MetricsLine(steps, epochs, time, figures)
            {
                Phase = root.TryGetProperty("phase", out var phase) && phase.ValueKind == JsonValueKind.String ? phase.GetString()! : "",
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteString(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    private static double? Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.String => element.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => null,
        },
        _ => null,
    };
}
