using System;

namespace GenDsl.Cli.Training;

/// <summary>A run that was stopped from outside, between two steps, and can go on.</summary>
internal sealed class RunStoppedException(string message, Exception inner) : OperationCanceledException(message, inner);
