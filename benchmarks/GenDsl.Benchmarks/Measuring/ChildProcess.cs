using System;
using System.Diagnostics;
using System.Threading.Tasks;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>This program, run once more with other arguments, on one thread; a conversation in lines.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public ChildProcess(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Also for threads that a program starts itself: OpenMP counts per thread.
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["MKL_NUM_THREADS"] = "1";
        _process = Process.Start(start) ?? throw new InvalidOperationException("The process to measure did not start.");
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Sends a line and waits for the answer.</summary>
    public string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return Hear();
    }

    /// <summary>Waits for a line.</summary>
    public string Hear()
    {
        if (_process.StandardOutput.ReadLine() is { } line)
        {
            return line;
        }

        _process.WaitForExit();
        throw new InvalidOperationException($"A measured process ended with {_process.ExitCode}:\n{_errors.Result}");
    }

    /// <summary>Ends the process if it has not ended itself.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
