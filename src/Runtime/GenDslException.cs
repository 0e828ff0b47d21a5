using System;

namespace GenDsl.Runtime;

/// <summary>Input that GenDsl cannot use. The message says what is wrong, where, and what to do; nothing has been changed.</summary>
public class GenDslException : Exception
{
    /// <summary>Creates the error.</summary>
    public GenDslException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    public GenDslException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
