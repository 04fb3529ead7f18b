using StreamInsight.Testing;

namespace StreamInsight.Redis.State;

/// <summary>One redis-server for all tests of a class.</summary>
public sealed class RedisOfTheClass : IDisposable
{
    public RedisServer Server { get; } = new();

    public void Dispose() => Server.Dispose();
}
