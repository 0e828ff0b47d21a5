using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using GenDsl.Runtime.Data.Files;
using Xunit;

namespace GenDsl.Integration.Tests.Data;

public sealed class DataFilesTests : IDisposable
{
    private static readonly byte[] Content = "the published bytes"u8.ToArray();

    private readonly ScratchFolder _folder = new();
    private readonly DataFile _file = new(
        "set/file.gz", Convert.ToHexStringLower(SHA256.HashData(Content)), "https://one.example/file.gz", "https://two.example/file.gz");

    private string Cached => _folder["cache/set/file.gz"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_of_the_data_folder_is_used_where_it_lies()
    {
        var path = _folder.Write("data/set/file.gz", Content);

        Assert.Equal(path, DataFiles.Find(_file, Options(_ => null) with { Folder = _folder["data"] }));
    }

    [Fact]
    public void A_wrong_checksum_in_the_data_folder_is_an_error_and_leaves_the_file()
    {
        var path = _folder.Write("data/set/file.gz", Content[..^1]);

        var error = Assert.Throws<GenDslException>(() => DataFiles.Find(_file, Options(_ => Content) with { Folder = _folder["data"] }));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains($"expected {_file.Sha256}", error.Message, StringComparison.Ordinal);
        Assert.Equal(Content[..^1], File.ReadAllBytes(path));
    }

    [Fact]
    public void The_second_mirror_is_asked_where_the_first_sends_other_bytes()
    {
        List<string> asked = [];
        var path = DataFiles.Find(_file, Options(address =>
        {
            asked.Add(address);
            return address.Contains("one", StringComparison.Ordinal) ? "a login page"u8.ToArray() : Content;
        }));

        Assert.Equal(Cached, path);
        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal(_file.Addresses, asked);
        Assert.Single(Directory.GetFiles(_folder["cache/set"]));
    }

    [Fact]
    public void A_download_is_kept_and_a_damaged_one_is_fetched_again()
    {
        var downloads = 0;
        var options = Options(_ =>
        {
            downloads++;
            return Content;
        });

        DataFiles.Find(_file, options);
        DataFiles.Find(_file, options);
        Assert.Equal(1, downloads);

        File.WriteAllBytes(Cached, Content[..3]);
        Assert.Equal(Content, File.ReadAllBytes(DataFiles.Find(_file, options)));
        Assert.Equal(2, downloads);
    }

    [Fact]
    public void A_failed_download_is_one_error_with_every_way_out()
    {
        var message = Assert.Throws<GenDslException>(() => DataFiles.Find(_file, Options(_ => null))).Message;

        foreach (var part in new[] { "'set'", "https://one.example/file.gz", "https://two.example/file.gz", "GENDSL_DATA", "shapes" })
        {
            Assert.Contains(part, message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(_folder["cache/set"]));
    }

    [Fact]
    public void Nothing_is_asked_for_where_downloads_are_off()
    {
        var options = Options(_ => throw new InvalidOperationException("asked")) with { Download = false };

        Assert.Contains("may not be downloaded", Assert.Throws<GenDslException>(() => DataFiles.Find(_file, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_folder_that_is_not_there_is_an_error()
    {
        var options = Options(_ => Content) with { Folder = _folder["nowhere"] };

        Assert.Contains("nowhere", Assert.Throws<GenDslException>(() => DataFiles.Find(_file, options)).Message, StringComparison.Ordinal);
    }

    private DataOptions Options(Func<string, byte[]?> answer)
    {
        // A folder is always given, so that the tests do not depend on the environment.
        Directory.CreateDirectory(_folder["empty"]);
        return new DataOptions { Folder = _folder["empty"], Cache = _folder["cache"], Network = new Answer(answer) };
    }

    private sealed class Answer(Func<string, byte[]?> content) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var bytes = content(request.RequestUri!.ToString());
            return Task.FromResult(bytes is null
                ? new HttpResponseMessage(HttpStatusCode.NotFound)
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) });
        }
    }
}
