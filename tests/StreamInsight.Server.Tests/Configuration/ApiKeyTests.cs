using System.Security.Cryptography;
using System.Text;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Tests.Configuration;

public sealed class ApiKeyTests
{
    [Fact]
    public void A_new_key_is_known_by_its_hash_and_by_nothing_else()
    {
        (string text, ApiKey kept) = ApiKey.New(KeyRole.Read);
        Assert.StartsWith("si_read_", text);
        Assert.Equal(51, text.Length);
        ApiKey read = ApiKey.Parse(KeyRole.Read, kept.HashText)!;
        Assert.True(read.Is(text));
        Assert.False(read.Is(text + "x"));
        Assert.False(read.Is(""));
        Assert.NotEqual(ApiKey.New(KeyRole.Read).Text, text);
        Assert.DoesNotContain(text, kept.HashText);
    }

    [Fact]
    public void A_plain_sha256_is_a_hash_too()
    {
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("mine")));
        Assert.True(ApiKey.Parse(KeyRole.Write, hash)!.Is("mine"));
        Assert.Null(ApiKey.Parse(KeyRole.Write, "mine"));
        Assert.Null(ApiKey.Parse(KeyRole.Write, "sha256:zz:" + hash));
    }

    [Fact]
    public void A_bucket_gives_its_burst_then_its_rate()
    {
        var time = new Clock();
        var bucket = new TokenBucket(10, 3, time);
        Assert.Equal([0, 0, 0], [bucket.Take(), bucket.Take(), bucket.Take()]);
        Assert.Equal(0.1, bucket.Take(), 6);
        time.Ticks += TimeSpan.FromMilliseconds(150).Ticks;
        Assert.Equal(0, bucket.Take());
        Assert.Equal(0.05, bucket.Take(), 6);
    }

    private sealed class Clock : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }
}
