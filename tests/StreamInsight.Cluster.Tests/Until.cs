namespace StreamInsight.Cluster.Tests;

/// <summary>Waits for what other processes do by and by.</summary>
internal static class Until
{
    /// <summary>Asks until it is true; fails after a minute.</summary>
    public static async Task TrueAsync(Func<Task<bool>> question)
    {
        Exception? last = null;
        for (long started = Environment.TickCount64; Environment.TickCount64 - started < 60_000; await Task.Delay(50))
        {
            try
            {
                if (await question())
                    return;
            }
            catch (HttpRequestException error)
            {
                last = error;
            }
        }
        Assert.Fail($"It did not become true. {last?.Message}");
    }
}
