using System.Text;
using System.Text.Json;
using StreamInsight.Decisions;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using Xunit;

namespace StreamInsight.Redis.State;

/// <summary>What this store keeps beyond the port, and how it asks.</summary>
public sealed class StoredRowsTests(RedisOfTheClass redis) : IClassFixture<RedisOfTheClass>, IDisposable
{
    private const long DayMs = 86_400_000;

    private readonly StateSetting _setting = new(redis.Server);

    [Fact]
    public void Decisions_older_than_their_time_go_and_the_newest_stay_within_their_number()
    {
        using RedisStateStore store = Claim(new DecisionRetention(TimeSpan.FromDays(7), 50));
        for (int day = 0; day < 20; day++)
            store.Commit(Decided([.. Enumerable.Range(0, 100).Select(i => ($"d-{day}-{i:00}", $"u{i}", day * DayMs))]));
        Assert.Null(store.ReadDecision("d-0-00"));
        Assert.Null(store.ReadDecision("d-19-49"));
        Assert.Equal("u50 at 1641600000", Text(store.ReadDecision("d-19-50")));

        using RedisStateStore many = Claim(DecisionRetention.Usual);
        many.Commit(Decided([("late", "u1", 26 * DayMs + 1)]));
        Assert.Null(many.ReadDecision("d-19-99"));
        Assert.NotNull(many.ReadDecision("late"));
        Assert.Equal(1, Count("decisions", "HLEN"));
        Assert.Equal(1, Count("decided", "ZCARD"));
        Assert.Equal(1, Count("decisionsof", "ZCARD"));
    }

    [Fact]
    public void A_decision_made_again_under_its_id_takes_the_place_of_the_first()
    {
        using RedisStateStore store = _setting.Claim();
        store.Commit(Decided([("d", "u1", 1)]));
        store.Commit(Decided([("d", "u2", 2)]));
        Assert.Equal("u2 at 2", Text(store.ReadDecision("d")));
        store.Commit(Erased("u1"));
        Assert.Equal("u2 at 2", Text(store.ReadDecision("d")));
        Assert.Equal(1, Count("decisionsof", "ZCARD"));
    }

    [Fact]
    public void An_erasure_takes_the_decisions_of_its_ids_and_counts_them()
    {
        using RedisStateStore store = _setting.Claim();
        store.Commit(Decided([("d1", "u1", 1), ("d2", "u1", 2), ("d3", "u10", 3)]));
        Checkpoint erased = Erased("u1");
        erased.Changes.Decisions.Add(Decision("d4", "u1", 4));
        store.Commit(erased);
        Assert.Equal([null, null, "u10 at 3", null], ((string[])["d1", "d2", "d3", "d4"]).Select(id => Text(store.ReadDecision(id))));
        Assert.Equal(3, store.LoadErasure(1)!.Removed["decisions"]);
        Assert.Equal(1, Count("decided", "ZCARD"));
        Assert.DoesNotContain("u1 at", JsonSerializer.Serialize(redis.Server.Ask("HVALS", _setting.Prefix + "{p7}:decisions")));
    }

    [Fact]
    public void Nothing_of_an_erased_customer_is_left_in_any_key()
    {
        using RedisStateStore store = _setting.Claim();
        Checkpoint first = StateSetting.Checkpoint(1, "erin");
        first.Changes.Ids.AddRange([new IdRow("erin", null, true, 1), new IdRow("erin-phone", "erin", false, 0)]);
        first.Changes.Quarantined.Add(new QuarantinedCustomer("erin", "why", new byte[] { 1 }));
        first.Changes.Decisions.Add(Decision("d", "erin", 1));
        store.Commit(first);
        store.Commit(StateSetting.Checkpoint(2, "erina"));
        Assert.Equal(8, Mentions("erin"));

        Checkpoint erased = Erased("erin", "erin-phone");
        erased.Changes.RemovedCustomers.Add("erin");
        erased.Changes.RemovedIds.AddRange(["erin", "erin-phone"]);
        store.Commit(erased);
        Assert.Equal(1, Mentions("erin")); // the erasure itself, while a place still needs its ids
        var done = new Checkpoint { Changes = new HostChanges() };
        done.ErasureProgress.Add(store.LoadErasure(1)!.Without("redis"));
        store.Commit(done);
        Assert.Equal(0, Mentions("erin"));
        Assert.Equal([2L], store.ReadFacts(0, 10).Select(fact => fact.Position));
    }

    [Fact]
    public void A_customers_facts_are_found_among_all_newest_first()
    {
        using RedisStateStore store = _setting.Claim();
        for (int from = 1; from < 5000; from += 1000)
        {
            var checkpoint = new Checkpoint { Changes = new HostChanges(), TrimFactsTo = 10 };
            checkpoint.Facts.AddRange(Enumerable.Range(from, 1000).Select(i => StateSetting.Checkpoint(i, i % 1000 == 7 ? "u1" : "u10").Facts[0]));
            store.Commit(checkpoint);
        }
        Assert.Equal([4007L, 3007, 2007, 1007], store.ReadFactsOf("u1", long.MaxValue, 10).Select(fact => fact.Position));
        Assert.Equal([3007L, 2007], store.ReadFactsOf("u1", 4007, 2).Select(fact => fact.Position));
        Assert.Empty(store.ReadFactsOf("u1", 1007, 10));
        Assert.Empty(store.ReadFactsOf("u", long.MaxValue, 10));
        store.Commit(Erased("u1"));
        Assert.Empty(store.ReadFactsOf("u1", long.MaxValue, 10));
    }

    [Fact]
    public void Members_are_counted_by_what_entered_and_left()
    {
        using RedisStateStore store = _setting.Claim();
        var checkpoint = new Checkpoint { Changes = new HostChanges() };
        checkpoint.Changes.Counters["entered:big"] = 7;
        checkpoint.Changes.Counters["left:big"] = 3;
        checkpoint.Changes.Counters["entered:small"] = 2;
        checkpoint.Changes.Counters["customers"] = 5;
        store.Commit(checkpoint);
        Assert.Equal([("big", 4L), ("small", 2L)], store.CountMembers().OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Customers_are_counted_by_stage()
    {
        using RedisStateStore store = _setting.Claim();
        var checkpoint = new Checkpoint { Changes = new HostChanges() };
        checkpoint.Changes.Customers.AddRange(Enumerable.Range(0, 5000).Select(i =>
            new CustomerRow($"u{i}", long.MaxValue, i % 5 == 0 ? null : i % 5 < 3 ? "new" : "käufer", new byte[] { 1 })));
        store.Commit(checkpoint);
        Assert.Equal([("", 1000L), ("käufer", 2000L), ("new", 2000L)], store.CountByStage().OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void A_batch_of_ids_is_loaded_in_one_round_trip_and_what_they_lead_to_in_another()
    {
        using RedisStateStore store = _setting.Claim();
        var checkpoint = new Checkpoint { Changes = new HostChanges() };
        checkpoint.Changes.Customers.AddRange(Enumerable.Range(0, 50).Select(i => new CustomerRow($"u{i}", 1, null, new byte[] { (byte)i })));
        checkpoint.Changes.Ids.AddRange(Enumerable.Range(0, 50).Select(i => new IdRow($"a{i}", $"u{i}", true, 0)));
        store.Commit(checkpoint);

        redis.Server.Ask("CONFIG", "RESETSTAT");
        store.Prefetch([.. Enumerable.Range(0, 100).Select(i => $"a{i}")]);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal($"u{i}", store.LoadId($"a{i}")!.Value.LinkedTo);
            Assert.Null(store.LoadCustomer($"a{i}"));
            Assert.Null(store.LoadId($"u{i}"));
            Assert.Equal((byte)i, Assert.Single(store.LoadCustomer($"u{i}")!));
            Assert.Null(store.LoadId($"a{i + 50}"));
        }
        var calls = redis.Server.Info("commandstats");
        Assert.StartsWith("calls=4,", calls["cmdstat_hmget"]);
        Assert.DoesNotContain("cmdstat_hget", calls);
    }

    public void Dispose() => _setting.Dispose();

    private RedisStateStore Claim(DecisionRetention decisions) => RedisStateStore.Claim(_setting.Node, 7, _setting.Identity, decisions, TimeSpan.Zero);

    private long Count(string key, string command) => redis.Server.Ask(command, _setting.Prefix + "{p7}:" + key).GetInt64();

    /// <summary>Values, members and fields of all keys that name a customer, other than as the beginning of another name.</summary>
    private int Mentions(string name)
    {
        int found = 0;
        foreach (string key in redis.Server.Keys(_setting.Prefix + "{p7}:*"))
        {
            string[] read = redis.Server.Ask("TYPE", key).GetString() switch
            {
                "hash" => ["HGETALL", key],
                "zset" => ["ZRANGE", key, "0", "-1"],
                "list" => ["LRANGE", key, "0", "-1"],
                "set" => ["SMEMBERS", key],
                _ => ["GET", key],
            };
            string text = redis.Server.Ask(read).GetRawText().Replace(name + "a", "", StringComparison.Ordinal);
            found += text.Contains(name, StringComparison.Ordinal) ? 1 : 0;
        }
        return found;
    }

    private static Checkpoint Decided(params (string Id, string Customer, long AtMs)[] decisions)
    {
        var checkpoint = new Checkpoint { Changes = new HostChanges() };
        checkpoint.Changes.Decisions.AddRange(decisions.Select(d => Decision(d.Id, d.Customer, d.AtMs)));
        return checkpoint;
    }

    private static DecisionRecord Decision(string id, string customer, long atMs) =>
        new(id, customer, "voice", atMs, [], null, 0, null, Encoding.UTF8.GetBytes($"{customer} at {atMs}"));

    private static Checkpoint Erased(params string[] ids)
    {
        var checkpoint = new Checkpoint { Changes = new HostChanges() };
        checkpoint.Erasures.Add(new Erasure { Digest = 1, AtMs = 0, UntilMs = 1, Ids = ids, Pending = ["redis"] });
        return checkpoint;
    }

    private static string? Text(byte[]? json) => json is null ? null : Encoding.UTF8.GetString(json);
}
