using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Tests.Stores;
using Xunit;

namespace StreamInsight.Redis.State;

/// <summary>The conformance suite on a real redis-server.</summary>
public sealed class RedisStateStoreTests : StateStoreConformance, IClassFixture<RedisOfTheClass>
{
    private readonly StateSetting _setting;

    public RedisStateStoreTests(RedisOfTheClass redis) => _setting = new StateSetting(redis.Server);

    protected override IStateStore Open() => _setting.Claim();

    public override void Dispose()
    {
        base.Dispose();
        _setting.Dispose();
    }
}
