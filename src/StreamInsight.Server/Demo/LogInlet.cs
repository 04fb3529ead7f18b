using StreamInsight.Sqlite;

namespace StreamInsight.Server.Demo;

/// <summary>Straight into the embedded log, which takes the demo's date for the record time by itself.</summary>
internal sealed class LogInlet(SqliteLog log) : IDemoInlet
{
    public async Task SendAsync(IReadOnlyList<SimulatedMessage> messages, long dateMs, CancellationToken cancel)
    {
        // Appends that wait together share one commit, and are numbered in this order.
        var appends = new Task<long>[messages.Count];
        for (var i = 0; i < appends.Length; i++)
            appends[i] = log.AppendAsync(messages[i].Json.ToArray()).AsTask();
        await Task.WhenAll(appends).WaitAsync(cancel);
    }

    public void Dispose()
    {
    }
}
