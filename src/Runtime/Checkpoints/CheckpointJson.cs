using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace GenDsl.Runtime;

/// <summary>The text form of a <see cref="CheckpointRecord"/>.</summary>
internal static class CheckpointJson
{
    private const int Format = 1;

    public static void Write(Stream stream, CheckpointRecord record)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        json.WriteString("trainer", record.Trainer);
        json.WriteString("schema", record.SchemaHash);
        json.WriteNumber("step", record.Step);
        json.WriteNumber("epoch", record.Epoch);
        if (record.Cursor is { } cursor)
        {
            json.WriteStartObject("plan");
            json.WriteNumber("phase", cursor.Phase);
            json.WriteNumber("step", cursor.Step);
            json.WriteNumber("first_pull", cursor.FirstPull);
            json.WriteNumber("earlier_epochs", cursor.EarlierEpochs);
            json.WriteEndObject();
        }

        json.WriteString("schedule", record.Schedule);
        WriteMap(json, "options", record.Options, json.WriteStringValue);
        WriteMap(json, "feeds", record.Feeds, position =>
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", position.Epoch);
            json.WriteNumber("pulls", position.Pulls);
            json.WriteNumber("batch", position.Batch);
            json.WriteNumber("rows", position.Rows);
            json.WriteEndObject();
        });
        WriteMap(json, "meters", record.Meters, meter =>
        {
            json.WriteStartObject();
            json.WriteNumber("sum", meter.Sum);
            json.WriteNumber("count", meter.Count);
            json.WriteEndObject();
        });
        json.WriteStartObject("environment");
        json.WriteString("gendsl", record.Environment.GenDsl);
        json.WriteString("torchsharp", record.Environment.TorchSharp);
        json.WriteString("platform", record.Environment.Platform);
        json.WriteString("device", record.Environment.Device);
        json.WriteNumber("threads", record.Environment.Threads);
        json.WriteEndObject();
        WriteMap(json, "roles", record.Roles, role => json.WriteStringValue(role.ToString()));
        if (record.Collected.Count > 0)
        {
            WriteMap(json, "collected", record.Collected, rows =>
            {
                json.WriteStartObject();
                json.WriteNumber("columns", rows.Columns);
                json.WriteNumber("step", rows.Step);
                json.WriteNumber("out_of", rows.OutOf);
                json.WriteEndObject();
            });
        }

        json.WriteEndObject();
    }

    public static CheckpointRecord Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            var format = root.GetProperty("format").GetInt32();
            if (format != Format)
            {
                throw new GenDslException($"'{path}' has the format {format}; this version reads format {Format}.");
            }

            var environment = root.GetProperty("environment");
            return new CheckpointRecord(
                Text(root, "trainer"),
                Text(root, "schema"),
                root.GetProperty("step").GetInt64(),
                root.GetProperty("epoch").GetDouble(),
                root.TryGetProperty("plan", out var plan)
                    ? new PlanCursor(plan.GetProperty("phase").GetInt32(), Long(plan, "step"), Long(plan, "first_pull"), plan.GetProperty("earlier_epochs").GetDouble())
                    : null,
                root.GetProperty("schedule").GetString(),
                new OptionBag(Map(root, "options", value => value.GetString() ?? "")),
                Map(root, "feeds", value => new FeedPosition(Long(value, "epoch"), Long(value, "pulls"), Long(value, "batch"), Long(value, "rows"))),
                Map(root, "meters", value => (value.GetProperty("sum").GetDouble(), Long(value, "count"))),
                new CheckpointEnvironment(
                    Text(environment, "gendsl"), Text(environment, "torchsharp"), Text(environment, "platform"),
                    Text(environment, "device"), environment.GetProperty("threads").GetInt32()),
                Map(root, "roles", value => Enum.Parse<StateRole>(value.GetString() ?? "")))
            {
                Collected = root.TryGetProperty("collected", out _)
                    ? Map(root, "collected", value => (value.GetProperty("columns").GetInt32(), Long(value, "step"), Long(value, "out_of")))
                    : new Dictionary<string, (int, long, long)>(),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new GenDslException($"'{path}' is damaged or not a checkpoint: {error.Message}", error);
        }
    }

    private static void WriteMap<T>(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, T>> map, Action<T> write)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(key);
            write(value);
        }

        json.WriteEndObject();
    }

    private static Dictionary<string, T> Map<T>(JsonElement root, string name, Func<JsonElement, T> read) =>
        root.GetProperty(name).EnumerateObject().ToDictionary(property => property.Name, property => read(property.Value), StringComparer.Ordinal);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static long Long(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
