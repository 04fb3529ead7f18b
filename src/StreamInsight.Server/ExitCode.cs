namespace StreamInsight.Server;

/// <summary>The exit codes of every command.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The input is wrong; said on stderr, one line a fault.</summary>
    public const int WrongInput = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A service, file or disk cannot be reached or used.</summary>
    public const int Unreachable = 3;

    /// <summary>A bug of ours.</summary>
    public const int Bug = 70;
}
