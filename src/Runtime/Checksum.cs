using System;
using System.IO;
using System.Security.Cryptography;

namespace GenDsl.Runtime;

/// <summary>What tells one file from another.</summary>
internal static class Checksum
{
    /// <summary>The sha256 of a file, lower-case hexadecimal.</summary>
    /// <exception cref="GenDslException">It cannot be read.</exception>
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
