using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace GenDsl.Runtime;

/// <summary>
/// Where a net that arrives trained comes from: a run, a folder of checkpoints or one checkpoint, with <c>:Net</c> behind it where the net has
/// another name there, and once it has been read <c>@hash</c> of its numbers.
/// </summary>
internal sealed partial record GivenNet(string Folder, string? Net, string? Hash)
{
    public static GivenNet Parse(string text)
    {
        var (rest, hash) = Cut(text, HashSuffix().Match(text));

        // A colon may belong to the folder itself.
        var (folder, net) = Directory.Exists(rest) ? (rest, null) : Cut(rest, NetSuffix().Match(rest));
        return new(folder, net, hash);
    }

    private static (string Before, string? Suffix) Cut(string text, Match suffix) =>
        suffix.Success ? (text[..suffix.Index], suffix.Groups[1].Value) : (text, null);

    public override string ToString() => Folder + (Net is null ? "" : ":" + Net) + (Hash is null ? "" : "@" + Hash);

    /// <summary>Reads its numbers into a net.</summary>
    /// <param name="name">The name of the net in the program.</param>
    /// <param name="state">The net.</param>
    /// <returns>The same with the hash.</returns>
    /// <exception cref="GenDslException">There is no such net, none fits, several do, or its numbers are others than they were.</exception>
    public GivenNet Read(string name, StateTable state)
    {
        var checkpoint = Checkpoint.Open(Checkpoints(Folder));
        using var file = SafetensorsFile.Open(Path.Combine(checkpoint.Folder, CheckpointFiles.Model));
        var net = Choose(file, checkpoint.Folder, name, state);
        file.CopyInto([.. Under(net, state)]);
        var found = HashOf(state);
        return Hash is null || Hash == found
            ? this with { Net = net == name ? Net : net, Hash = found }
            : throw new GenDslException($"'{name}' was given from '{Folder}' with the hash {Hash}, but its numbers there have the hash {found} now: it has been trained on since. Give the checkpoint that it was.");
    }

    /// <summary>16 hexadecimal digits that change with the numbers of a net.</summary>
    public static string HashOf(StateTable state)
    {
        using var sum = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, sum, CryptoStreamMode.Write))
        {
            foreach (var item in state)
            {
                stream.Write(Encoding.UTF8.GetBytes(item.Name + "\n"));
                TensorBytes.Write(stream, item.Tensor);
            }
        }

        return Convert.ToHexStringLower(sum.Hash!)[..16];
    }

    private static IEnumerable<StateTensor> Under(string net, StateTable state) => state.Select(item => item with { Name = net + "." + item.Name });

    // Of a run the checkpoint that validated best, where there is one, else its latest.
    private static string Checkpoints(string folder)
    {
        foreach (var inside in (string[])["best", "checkpoints"])
        {
            if (Directory.Exists(Path.Combine(folder, inside)))
            {
                return Path.Combine(folder, inside);
            }
        }

        return folder;
    }

    private string Choose(SafetensorsFile file, string folder, string name, StateTable state)
    {
        string[] nets = [.. file.Names.Where(tensor => tensor.Contains('.', StringComparison.Ordinal)).Select(tensor => tensor.Split('.')[0]).Where(net => net != "optimizer").Distinct()];
        if (Net is not null || nets.Contains(name))
        {
            var meant = Net ?? name;
            return file.Misfit(meant, [.. Under(meant, state)]) is { } why
                ? throw new GenDslException($"'{meant}' of '{folder}' does not fit '{name}': {why} It has: {string.Join(", ", nets)}.")
                : meant;
        }

        return nets.Where(net => file.Misfit(net, [.. Under(net, state)]) is null).ToArray() switch
        {
            [var only] => only,
            [] => throw new GenDslException($"None of the nets of '{folder}' fits '{name}': {string.Join(", ", nets)}. Give a run whose program has the same net, with the same hyperparameters."),
            var several => throw new GenDslException($"Several nets of '{folder}' fit '{name}': {string.Join(", ", several)}. Say which one: '{Folder}:{several[0]}'."),
        };
    }

    [GeneratedRegex("@([0-9a-f]{16})$")]
    private static partial Regex HashSuffix();

    [GeneratedRegex(@":(\w+)$")]
    private static partial Regex NetSuffix();
}
