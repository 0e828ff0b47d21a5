using System;
using System.IO;
using System.Security.Cryptography;

namespace GenDsl.Runtime.Data.Files;

internal static class Checksum
{
    /// <summary>The sha256 of a file, lower-case hexadecimal.</summary>
    public static string Of(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"'{path}' cannot be read: {error.Message}", error);
        }
    }
}
