using System.Text;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Testing;

namespace StreamInsight.Redis.State;

/// <summary>An installation of its own on a test's Redis.</summary>
public sealed class StateSetting : IDisposable
{
    private static int s_prefixes;

    private readonly RedisServer _redis;

    public StateSetting(RedisServer redis, string? address = null)
    {
        _redis = redis;
        Prefix = $"si{Interlocked.Increment(ref s_prefixes)}:";
        Node = new RedisNode(Options(address));
    }

    public string Prefix { get; }

    public RedisNode Node { get; }

    public RedisStoreIdentity Identity { get; init; } = new() { Group = "shop", Partitions = 16, Model = "shop@3", ModelLayout = "abc" };

    public RedisOptions Options(string? address = null) => new()
    {
        Address = address ?? _redis.Address, Prefix = Prefix, CommandTimeout = TimeSpan.FromSeconds(5), ConnectTimeout = TimeSpan.FromSeconds(2),
    };

    public RedisStateStore Claim(int partition = 7, RedisNode? node = null, TimeSpan? patience = null) =>
        RedisStateStore.Claim(node ?? Node, partition, Identity, patience: patience ?? TimeSpan.Zero);

    public RedisStateStore OpenRead(int partition = 7) => RedisStateStore.OpenRead(Node, partition);

    public void Dispose() => Node.Dispose();

    /// <summary>A checkpoint of one customer, a position and a fact that all say one number.</summary>
    public static Checkpoint Checkpoint(long number, string customer = "u1")
    {
        var checkpoint = new Checkpoint { Changes = new HostChanges() };
        checkpoint.Changes.Customers.Add(new CustomerRow(customer, number, "new", Encoding.UTF8.GetBytes($"state {number}")));
        checkpoint.Positions["topic/7"] = number;
        checkpoint.Facts.Add(new OutboxFact
        {
            Position = number, Id = $"f{number}", Customer = customer, Seq = number, AtMs = number, Kind = FactKind.StageChanged, Cause = "event:m", Line = Encoding.UTF8.GetBytes($"{{\"n\":{number}}}"),
        });
        return checkpoint;
    }

    /// <summary>Whether all parts of such checkpoints are there up to a number, and nothing else.</summary>
    public static string Describe(IStateStore store, string customer = "u1")
    {
        byte[]? state = store.LoadCustomer(customer);
        return $"{(state is null ? "no state" : Encoding.UTF8.GetString(state))}, position {store.LoadPositions().GetValueOrDefault("topic/7")}, "
            + $"facts {string.Join(' ', store.ReadFacts(0, 1000).Select(fact => fact.Position))}, last {store.LastFactPosition}";
    }

    public static string Described(long number) => $"state {number}, position {number}, facts {string.Join(' ', Enumerable.Range(1, (int)number))}, last {number}";
}
