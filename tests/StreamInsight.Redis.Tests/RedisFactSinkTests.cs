using System.Text.Json;
using StreamInsight.Expressions;
using StreamInsight.Pipeline;
using StreamInsight.Testing;
using Xunit;

namespace StreamInsight.Redis;

public sealed class RedisFactSinkTests : IDisposable
{
    private readonly RedisServer _redis = new();
    private readonly FactLog _log = new();

    [Fact]
    public async Task The_keys_are_those_of_the_contract()
    {
        _log.Enter("u1", "high_value", 1_772_366_400_000);
        _log.Trigger("u1", "save_me", 1_772_366_400_000, ["redis", "crm"], 1_772_366_520_000,
            ("features.clv", Value.Double(12.5)), ("features.last_agent", Value.String("Ada \"7\"")), ("features.none", Value.Null));
        await using var sink = Sink();

        await sink.DeliverAsync(_log.Facts, default);

        var entry = Assert.Single(_redis.Stream("si:t:save_me"));
        Assert.Equal(
            ["id", "customer", "seq", "at", "max_age_at", "cause", "kind", "on", "features.clv", "features.last_agent", "features.none"],
            entry.Keys);
        Assert.Equal(
            [_log.Facts[1].Id, "u1", "2", "2026-03-01T12:00:00.000Z", "2026-03-01T12:02:00.000Z", "event:m1", "trigger", "1", "12.5", """
            "Ada \"7\""
            """, "null"],
            entry.Values);
        Assert.Equal(new Dictionary<string, long> { ["u1"] = 1_772_366_400_000 }, _redis.Scores("si:s:high_value"));
        var record = _redis.Hash("si:c:{u1}");
        Assert.Equal("""["high_value"]""", record["segments"]);
        Assert.Equal("loyal", record["stage"]);
        Assert.Equal("2", record["seq"]);
        Assert.Equal("shop@1", record["model"]);
        Assert.Equal("2026-03-01T12:00:00.000Z", record["event_time"]);
        Assert.Equal(["decided_at", "event_time", "model", "segments", "seq", "stage"], record.Keys.Order());
    }

    [Fact]
    public async Task Facts_that_come_again_or_late_change_nothing()
    {
        _log.Enter("u1", "a", 1_000);
        _log.Trigger("u1", "t", 1_000);
        _log.Leave("u1", "a", 2_000);
        _log.Enter("u1", "b", 2_000);
        _log.Trigger("u1", "t", 2_000);
        await using var sink = Sink();
        await sink.DeliverAsync(_log.Facts, default);
        var before = Everything();

        await sink.DeliverAsync(_log.Facts, default);
        await sink.DeliverAsync(_log.Facts[..2], default);
        await sink.DeliverAsync([_log.Facts[0]], default);
        await sink.DeliverAsync(_log.Facts[1..4], default);

        Assert.Equal(before, Everything());
        Assert.Equal(2, _redis.Stream("si:t:t").Count);
        Assert.Empty(_redis.Scores("si:s:a"));
    }

    [Fact]
    public async Task Of_a_delivery_that_overlaps_with_the_last_one_only_the_new_part_counts()
    {
        for (int i = 0; i < 6; i++)
            _log.Trigger("u1", "t", 1_000 + i);
        await using var sink = Sink();

        await sink.DeliverAsync(_log.Facts[..4], default);
        await sink.DeliverAsync(_log.Facts[2..], default);

        Assert.Equal(["1", "2", "3", "4", "5", "6"], _redis.Stream("si:t:t").Select(e => e["seq"]));
    }

    [Fact]
    public async Task A_trigger_for_somebody_else_is_not_in_Redis()
    {
        _log.Trigger("u1", "ours", 1_000, ["redis"]);
        _log.Trigger("u1", "everybodys", 1_000);
        _log.Trigger("u1", "theirs", 1_000, ["crm"]);
        await using var sink = Sink();

        await sink.DeliverAsync(_log.Facts, default);

        Assert.Equal(["si:t:everybodys", "si:t:ours"], _redis.Keys("si:t:*"));
    }

    [Fact]
    public async Task A_customer_that_was_merged_away_loses_its_record_and_does_not_come_back()
    {
        _log.Enter("a", "x", 1_000);
        _log.Trigger("a", "t", 1_000);
        _log.Leave("a", "x", 2_000, ends: true);
        await using var sink = Sink();

        await sink.DeliverAsync(_log.Facts, default);
        await sink.DeliverAsync(_log.Facts, default);

        Assert.Empty(_redis.Keys("si:c:*"));
        Assert.Empty(_redis.Scores("si:s:x"));
        Assert.Single(_redis.Stream("si:t:t"));
    }

    [Fact]
    public async Task An_erased_customers_record_is_gone_and_older_facts_do_not_bring_it_back()
    {
        _log.Enter("a", "x", 1_000);
        _log.Leave("a", "x", 2_000, ends: true);
        _log.Erase("a", 2_000);
        await using var sink = Sink();

        await sink.DeliverAsync(_log.Facts[..1], default);
        await sink.DeliverAsync(_log.Facts[1..], default);
        await sink.DeliverAsync(_log.Facts[..1], default);

        Assert.Equal(["si:n:{a}"], _redis.Keys());
    }

    [Fact]
    public async Task Streams_are_trimmed_and_the_prefix_is_ours_to_choose_and_to_clear()
    {
        for (int i = 0; i < 3000; i++)
            _log.Trigger($"u{i}", "t", 1_000 + i);
        await using var sink = new RedisFactSink(new RedisOptions { Address = _redis.Address, Prefix = "demo[1]:", StreamLength = 100 });
        await using var other = Sink();

        await sink.DeliverAsync(_log.Facts, default);
        await other.DeliverAsync(_log.Facts[..1], default);
        int kept = _redis.Stream("demo[1]:t:t").Count;
        long cleared = await sink.ClearAsync(default);

        Assert.InRange(kept, 100, 400);
        Assert.Equal(3001, cleared); // a cursor per customer, and the stream
        Assert.Equal(["si:n:{u0}", "si:t:t"], _redis.Keys());
    }

    [Fact]
    public async Task Redis_killed_in_the_middle_and_started_again_has_everything_once()
    {
        var expected = RandomLog(customers: 300, facts: 20_000);
        await using var sink = new RedisFactSink(new RedisOptions { Address = _redis.Address, ConnectTimeout = TimeSpan.FromSeconds(1), CommandTimeout = TimeSpan.FromSeconds(5) });
        var backOff = new BackOff();
        int failures = 0;
        var kills = new HashSet<int> { 5_000, 12_000 };
        for (int at = 0; at < _log.Facts.Count; )
        {
            var batch = _log.Facts.GetRange(at, Math.Min(1000, _log.Facts.Count - at));
            var delivery = sink.DeliverAsync(batch, default);
            if (kills.Remove(at))
                _redis.Kill(); // while it is under way
            try
            {
                await delivery;
                at += batch.Count;
            }
            catch (DependencyUnavailableException)
            {
                if (++failures % 2 == 0 && !_redis.IsRunning)
                    _redis.Restart();
                await Task.Delay(backOff.Next());
            }
        }

        Assert.True(failures >= 2);
        AssertContent(expected);
    }

    [Fact]
    public async Task Any_cut_and_repetition_of_the_log_gives_the_same_content()
    {
        var expected = RandomLog(customers: 40, facts: 4_000);
        var random = new Random(7);
        await using var sink = Sink();
        for (int at = 0; at < _log.Facts.Count; )
        {
            int length = Math.Min(random.Next(1, 200), _log.Facts.Count - at);
            await sink.DeliverAsync(_log.Facts.GetRange(at, length), default);
            if (random.Next(20) == 0)
                _redis.Ask("SCRIPT", "FLUSH");
            // A crash after delivery, before the cursor is stored: told again from somewhere before.
            at = random.Next(3) == 0 ? Math.Max(0, at - random.Next(300)) : at + length;
        }

        AssertContent(expected);
    }

    [Fact]
    public async Task A_Redis_that_is_not_there_or_does_not_know_us_is_one_clear_message()
    {
        await using var nobody = new RedisFactSink(new RedisOptions { Address = "127.0.0.1:1", ConnectTimeout = TimeSpan.FromSeconds(1) });
        var away = await Assert.ThrowsAsync<DependencyUnavailableException>(() => nobody.CheckAsync(default));
        Assert.StartsWith("Redis at 127.0.0.1:1 cannot be reached: ", away.Message);
        Assert.DoesNotContain('\n', away.Message);

        using var locked = new RedisServer("--requirepass", "secret");
        await using var stranger = new RedisFactSink(new RedisOptions { Address = locked.Address, Password = "wrong", ConnectTimeout = TimeSpan.FromSeconds(2) });
        var refused = await Assert.ThrowsAsync<DependencyUnavailableException>(() => stranger.CheckAsync(default));
        Assert.Contains("Check the address, the password", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);

        await using var friend = new RedisFactSink(new RedisOptions { Address = $"redis://:secret@{locked.Address}" });
        await friend.CheckAsync(default);
    }

    [Theory]
    [InlineData("http://x:1", "'http' is neither redis nor rediss")]
    [InlineData("redis://", "makes no sense")]
    [InlineData("host:1,nonsense=7", "makes no sense")]
    public void An_address_that_makes_no_sense_is_refused_with_what_is_allowed(string address, string why)
    {
        var e = Assert.Throws<DependencyUnavailableException>(() => new RedisFactSink(new RedisOptions { Address = address }));
        Assert.Contains(why, e.Message);
        Assert.Contains("redis://user:password@host:port/database", e.Message);
    }

    public void Dispose() => _redis.Dispose();

    private RedisFactSink Sink() => new(new RedisOptions { Address = _redis.Address });

    private string Everything() => string.Join('\n', _redis.Keys().Select(key => key + " " + _redis.Ask("TYPE", key).GetString() switch
    {
        "hash" => JsonSerializer.Serialize(_redis.Hash(key)),
        "zset" => JsonSerializer.Serialize(_redis.Scores(key)),
        "stream" => _redis.Ask("XRANGE", key, "-", "+").GetRawText(),
        _ => _redis.Ask("GET", key).GetRawText(),
    }));

    private sealed record Expected(Dictionary<string, Dictionary<string, long>> Sets, Dictionary<string, List<string>> Streams);

    /// <summary>Fills the log, and keeps by itself what has to be in Redis at its end.</summary>
    private Expected RandomLog(int customers, int facts)
    {
        var random = new Random(1);
        var sets = new Dictionary<string, Dictionary<string, long>> { ["a"] = [], ["b"] = [], ["c"] = [] };
        var streams = new Dictionary<string, List<string>> { ["t"] = [], ["u"] = [] };
        while (_log.Facts.Count < facts)
        {
            string customer = $"u{random.Next(customers)}";
            long atMs = 1_000_000 + _log.Facts.Count;
            string segment = "abc"[random.Next(3)].ToString();
            if (sets[segment].Remove(customer))
            {
                _log.Leave(customer, segment, atMs);
            }
            else
            {
                sets[segment][customer] = atMs;
                _log.Enter(customer, segment, atMs);
            }
            string trigger = "tu"[random.Next(2)].ToString();
            _log.Trigger(customer, trigger, atMs);
            streams[trigger].Add(_log.Facts[^1].Id);
        }
        return new Expected(sets, streams);
    }

    private void AssertContent(Expected expected)
    {
        foreach ((string segment, var members) in expected.Sets)
            Assert.Equal(members.OrderBy(m => m.Key, StringComparer.Ordinal), _redis.Scores($"si:s:{segment}").OrderBy(m => m.Key, StringComparer.Ordinal));
        foreach ((string trigger, var ids) in expected.Streams)
        {
            var entries = _redis.Stream($"si:t:{trigger}");
            Assert.Equal(ids.Order(StringComparer.Ordinal), entries.Select(e => e["id"]).Order(StringComparer.Ordinal));
            foreach (var customer in entries.GroupBy(e => e["customer"]))
                Assert.Equal(customer.Select(e => long.Parse(e["seq"])).Order(), customer.Select(e => long.Parse(e["seq"])));
        }
        string[] customers = [.. _log.Facts.Select(f => f.Customer).Distinct()];
        var records = _redis.Ask(
            ["EVAL", "local r = {} for i, k in ipairs(KEYS) do r[i] = redis.call('HMGET', k, 'seq', 'segments') end return r",
            $"{customers.Length}", .. customers.Select(c => $"si:c:{{{c}}}")]);
        var last = _log.Facts.GroupBy(f => f.Customer).ToDictionary(g => g.Key, g => (Seq: g.Max(f => f.Seq), g.Last(f => f.After is not null).After!.Segments));
        foreach (var (customer, record) in customers.Zip(records.EnumerateArray()))
        {
            Assert.Equal($"{last[customer].Seq}", record[0].GetString());
            Assert.Equal(JsonSerializer.Serialize(last[customer].Segments), record[1].GetString());
        }
    }
}
