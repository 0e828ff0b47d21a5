using System;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>A program that the checker accepted did not do what the checker promised.</summary>
internal sealed class UnsoundException(string message, Exception? inner = null) : Exception(message, inner);
