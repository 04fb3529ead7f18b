namespace StreamInsight.Server.Service;

/// <summary>A service that was started: alone, or as one node of several.</summary>
internal interface IRunningService : IAsyncDisposable
{
    /// <summary>Ends when it has stopped; fails with what made it fail.</summary>
    Task Completion { get; }

    /// <summary>Takes nothing more in, finishes what is in.</summary>
    Task StopAsync();
}
