using System.Diagnostics;

namespace StreamInsight.Pipeline.Tests.Setting;

/// <summary>Waits for what another thread is about to do.</summary>
public static class Eventually
{
    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(30))
                throw new TimeoutException($"After 30 s still not: {what}");
            await Task.Delay(2);
        }
    }
}
