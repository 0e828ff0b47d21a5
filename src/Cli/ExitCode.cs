namespace GenDsl.Cli;

/// <summary>What the process says when it ends.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The command line, a file or the data is wrong.</summary>
    public const int WrongInput = 1;

    /// <summary>GenDsl is wrong.</summary>
    public const int Internal = 2;

    /// <summary>Stopped from outside; shells use 128 and the number of the signal, SIGINT being 2.</summary>
    public const int Stopped = 130;
}
