using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace GenDsl.Runtime.Data.Files;

/// <summary>Downloads a file beside its place and moves it there only after its checksum has been found right.</summary>
internal static class Download
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static void To(string path, DataFile file, DataOptions options, string? folder)
    {
        List<string> failures = [];
        foreach (var address in options.Download ? file.Addresses : [])
        {
            if (Try(address, path, file, options) is not { } failure)
            {
                return;
            }

            failures.Add($"{address} ({failure})");
        }

        var place = folder is null ? "GENDSL_DATA is not set" : $"it is not in the data folder '{folder}'";
        var tried = failures.Count > 0
            ? $"could not be downloaded from {string.Join(", ", failures)}"
            : options.Download ? "has no download address" : "may not be downloaded (DataOptions.Download is off)";
        throw new GenDslException(
            $"Data set '{file.Set}': '{file.Path}' {tried}, and {place}. Put the file into a folder and set GENDSL_DATA to it, "
            + $"or use data that needs no file: {string.Join(", ", DataSets.All.Where(set => set.IsProcedural).Select(set => set.Name))}.");
    }

    private static string? Try(string address, string path, DataFile file, DataOptions options)
    {
        var part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            options.Progress?.Invoke($"downloading {address}");
            // Its own task: a caller with a synchronisation context must not be waited on from within.
            Task.Run(() => Fetch(address, part, options)).GetAwaiter().GetResult();
            var sum = Checksum.Of(part);
            if (sum != file.Sha256)
            {
                return $"its sha256 is {sum}, expected {file.Sha256}";
            }

            File.Move(part, path, overwrite: true);
            return null;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or UnauthorizedAccessException)
        {
            return error.Message;
        }
        finally
        {
            if (File.Exists(part))
            {
                File.Delete(part);
            }
        }
    }

    private static async Task Fetch(string address, string part, DataOptions options)
    {
        using var client = options.Network is null
            ? new HttpClient()
            : new HttpClient(options.Network, disposeHandler: false);
        // The client's own timeout ends with the headers.
        using var limit = new CancellationTokenSource(Limit);
        using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
        await using var target = File.Create(part);
        await body.CopyToAsync(target, limit.Token).ConfigureAwait(false);
    }
}
