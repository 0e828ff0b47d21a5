using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenDsl.Runtime;

namespace GenDsl.Cli.Runs;

/// <summary>The figures of the last evaluation of a run.</summary>
internal sealed record EvaluationRecord(
    long Step, bool IsBest, DateTime Date, string Command, IReadOnlyDictionary<string, string> Data, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>The SHA-256 of the weights that were evaluated, in part.</summary>
    public string? Weights { get; init; }

    /// <summary>The file of the net that evaluated, where that is not a run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Net { get; init; }

    /// <summary>How such a net was shown the pictures of each source.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Shown { get; init; }

    /// <summary>How many rows each source has.</summary>
    public IReadOnlyDictionary<string, long> Rows { get; init; } = new Dictionary<string, long>();

    /// <summary>What goes with a figure, such as the number of splits.</summary>
    public IReadOnlyDictionary<string, string> Protocols { get; init; } = new Dictionary<string, string>();

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public void Write(string path) => TextFile.Replace(path, ToJson());

    /// <summary>Reads a file, null where there is none.</summary>
    public static EvaluationRecord? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<EvaluationRecord>(TextFile.Read(path), Json);
        }
        catch (JsonException error)
        {
            throw new GenDslException($"'{path}' cannot be read: {error.Message} Evaluate the run again.", error);
        }
    }
}
