using System;

namespace GenDsl.Testing;

/// <summary>An output differs from the accepted one. The message says how, and what to do.</summary>
public sealed class VerifyException(string message) : Exception(message);
