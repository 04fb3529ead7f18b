using System.Security.Cryptography;
using System.Text;
using StreamInsight.Decisions;
using StreamInsight.Pipeline;
using StreamInsight.Testing;
using Xunit;

namespace StreamInsight.Redis;

public sealed class RoutingRecordTests : IDisposable
{
    private static readonly long Now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private readonly RedisServer _redis = new();
    private readonly FactLog _log = new();

    [Fact]
    public async Task The_record_says_all_a_router_asks_for_and_goes_when_it_is_stale()
    {
        _log.Actions = [new RankedAction("call_back", ["voice"], 24.5, false, [new("script", "Thank Zoë \"Z\"")])];
        _log.Enter("u1", "high_value", Now);
        _log.Route("u1", new RoutingDecision("priority", 740, ["save_me", "waiting"], "a7", ["de"], Now + 1_800_000), Now);

        await DeliverAsync();

        var record = _redis.Hash("si:c:{u1}");
        Assert.Equal(
            ["actions", "agent", "connect", "decided_at", "event_time", "genesys", "model", "queue", "reasons", "score", "segments", "seq", "skills", "stage", "taskrouter", "valid_until"],
            record.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("740", record["score"]);
        Assert.Equal("priority", record["queue"]);
        Assert.Equal("a7", record["agent"]);
        Assert.Equal("""["save_me","waiting"]""", record["reasons"]);
        Assert.Equal("""["de"]""", record["skills"]);
        Assert.Equal("""["high_value"]""", record["segments"]);
        Assert.Equal("""[{"action":"call_back","channels":["voice"],"score":24.5,"explored":false,"content":{"script":"Thank Zoë \"Z\""}}]""", record["actions"]);
        Assert.Equal("""{"priority":3,"age_seconds":444}""", record["connect"]);
        Assert.Equal("7", record["genesys"]);
        Assert.Equal("7", record["taskrouter"]);
        Assert.Equal("2", record["seq"]);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(Now + 1_800_000).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"), record["valid_until"]);
        Assert.InRange(_redis.Ask("PEXPIRETIME", "si:c:{u1}").GetInt64(), Now + 1_799_000, Now + 1_801_000);
        Assert.Equal(new Dictionary<string, long> { ["u1"] = 740 }, _redis.Scores("si:q:priority"));
    }

    [Fact]
    public async Task What_a_decision_does_not_name_is_not_there()
    {
        _log.Route("u1", new RoutingDecision(null, 0, [], null, [], Now + 60_000), Now);

        await DeliverAsync();

        var record = _redis.Hash("si:c:{u1}");
        Assert.DoesNotContain("queue", record.Keys);
        Assert.DoesNotContain("agent", record.Keys);
        Assert.Equal("[]", record["skills"]);
        Assert.Empty(_redis.Keys("si:q:*"));
    }

    [Fact]
    public async Task A_decision_that_is_stale_when_it_comes_leaves_no_record_but_a_place_to_be_refreshed_from()
    {
        _log.Route("u1", new RoutingDecision("priority", 740, [], null, [], Now - 1), Now - 60_000);

        await DeliverAsync();

        Assert.Empty(_redis.Keys("si:c:*"));
        Assert.Equal(["u1"], _redis.Scores("si:w").Keys);
    }

    [Fact]
    public async Task A_customer_moves_from_queue_to_queue_and_leaves_them_at_its_end()
    {
        _log.Route("u1", Routing("a", 100), Now);
        _log.Route("u2", Routing("a", 200), Now);
        await DeliverAsync();
        _log.Route("u1", Routing("b", 300), Now);
        _log.Route("u2", Routing(null, 200), Now);
        await DeliverAsync();
        Assert.Empty(_redis.Keys("si:q:a"));
        Assert.Equal(new Dictionary<string, long> { ["u1"] = 300 }, _redis.Scores("si:q:b"));

        _redis.Ask("DEL", "si:c:{u1}"); // gone stale: where the customer stands is known nevertheless
        _log.Erase("u1", Now);
        await DeliverAsync();

        Assert.Empty(_redis.Keys("si:q:*"));
        Assert.Equal(["u2"], _redis.Scores("si:w").Keys);
        Assert.Equal(["si:n:{u1}"], _redis.Keys().Where(key => key.Contains("u1", StringComparison.Ordinal))); // what it has seen; the eraser's to remove
    }

    [Fact]
    public async Task A_customer_is_found_by_phone_and_address_however_they_are_written()
    {
        _log.Told("u1", ("phone", " 0049 (30) 123-456"), ("email", " Ada@Example.COM "), ("card", " 77 A"), ("fax", "none"), ("other", "  "));
        _log.Route("u1", Routing("a", 1), Now);
        await DeliverAsync();

        Assert.Equal(["si:a:card:77 A", "si:a:email:ada@example.com", "si:a:phone:+4930123456"], _redis.Keys("si:a:*").Where(k => !k.Contains("fax")));
        Assert.Equal("u1", _redis.Ask("GET", "si:a:phone:+4930123456").GetString());
    }

    [Fact]
    public async Task With_a_key_a_value_stands_there_as_its_hash()
    {
        _log.Told("u1", ("phone", "+49 30 123456"));
        _log.Route("u1", Routing("a", 1), Now);
        await using var sink = new RedisFactSink(new RedisOptions { Address = _redis.Address, LookupHashKey = "s3cret" });
        await sink.DeliverAsync(_log.Facts, default);

        string hash = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes("s3cret"), "+4930123456"u8));
        Assert.Equal([$"si:a:phone:{hash}"], _redis.Keys("si:a:*"));
        Assert.DoesNotContain("30123456", string.Join(' ', _redis.Keys().Select(key => key + _redis.Ask("TYPE", key))));
    }

    [Fact]
    public async Task Of_two_customers_with_one_phone_the_last_to_say_so_has_it_until_it_says_otherwise()
    {
        _log.Told("u1", ("phone", "+1"));
        _log.Route("u1", Routing("a", 1), Now);
        await DeliverAsync();
        _log.Told("u2", ("phone", "+1"));
        _log.Route("u2", Routing("a", 1), Now);
        await DeliverAsync();
        _log.Route("u1", Routing("a", 2), Now); // says nothing new about its phone
        await DeliverAsync();
        Assert.Equal("u2", _redis.Ask("GET", "si:a:phone:+1").GetString());

        _log.Told("u1", ("phone", "+2"));
        _log.Route("u1", Routing("a", 3), Now);
        await DeliverAsync();
        Assert.Equal("u2", _redis.Ask("GET", "si:a:phone:+1").GetString());
        Assert.Equal("u1", _redis.Ask("GET", "si:a:phone:+2").GetString());

        _log.Told("u2");
        _log.Route("u2", Routing("a", 4), Now);
        await DeliverAsync();
        Assert.Equal(["si:a:phone:+2"], _redis.Keys("si:a:*"));
    }

    [Fact]
    public async Task A_merged_away_customer_hands_its_phone_over_in_whatever_order_that_arrives()
    {
        _log.Told("a", ("phone", "+1"));
        _log.Route("a", Routing("q", 1), Now);
        _log.Route("b", Routing("q", 1), Now);
        await DeliverAsync();

        _log.Told("b", ("phone", "+1"));
        _log.Route("b", Routing("q", 2), Now); // of one batch, with the end of a after it
        _log.Leave("a", "x", Now, ends: true);
        await DeliverAsync();

        Assert.Equal("b", _redis.Ask("GET", "si:a:phone:+1").GetString());
        Assert.Equal(["b"], _redis.Scores("si:q:q").Keys);
        Assert.Equal(["b"], _redis.Scores("si:w").Keys);
    }

    [Fact]
    public async Task A_customer_that_was_merged_without_a_fact_of_its_own_is_gone_nevertheless()
    {
        _log.Told("a", ("phone", "+1"));
        _log.Route("a", Routing("q", 1), Now);
        _log.Route("b", Routing("q", 1), Now);
        _log.Told("b", ("phone", "+1"));
        _log.Merged("b", "a", Now);

        await DeliverAsync();
        await DeliverAsync();

        Assert.Equal(["si:a:phone:+1", "si:c:{b}", "si:h:{b}", "si:n:{a}", "si:n:{b}", "si:q:q", "si:w"], _redis.Keys());
        Assert.Equal("b", _redis.Ask("GET", "si:a:phone:+1").GetString());
        Assert.Equal(["b"], _redis.Scores("si:q:q").Keys);
    }

    [Fact]
    public async Task Any_cut_and_repetition_leaves_every_customer_in_its_last_queue_and_under_its_last_phone()
    {
        var random = new Random(4);
        for (int i = 0; i < 3000; i++)
        {
            string customer = $"u{random.Next(30)}";
            if (random.Next(3) == 0)
                _log.Told(customer, ("phone", $"+{customer[1..]}00{random.Next(4)}"));
            _log.Route(customer, Routing(random.Next(5) == 0 ? null : "abc"[random.Next(3)].ToString(), random.Next(1000)), Now);
        }
        await using var sink = Sink();
        for (int at = 0; at < _log.Facts.Count; )
        {
            int length = Math.Min(random.Next(1, 100), _log.Facts.Count - at);
            await sink.DeliverAsync(_log.Facts.GetRange(at, length), default);
            at = random.Next(3) == 0 ? Math.Max(0, at - random.Next(150)) : at + length;
        }

        var views = _log.Facts.Select(f => f.Customer).Distinct().Select(c => _log.View(c)).ToList();
        foreach (string queue in (string[])["a", "b", "c"])
        {
            var expected = views.Where(v => v.Routing!.Queue == queue).ToDictionary(v => v.Customer, v => (long)v.Routing!.Score);
            Assert.Equal(expected.OrderBy(e => e.Key), _redis.Scores($"si:q:{queue}").OrderBy(e => e.Key));
        }
        Assert.Equal(
            views.SelectMany(v => v.Lookups).Select(l => $"si:a:phone:{l.Value}").Order(StringComparer.Ordinal),
            _redis.Keys("si:a:*"));
    }

    public void Dispose() => _redis.Dispose();

    private static RoutingDecision Routing(string? queue, double score) => new(queue, score, [], null, [], Now + 600_000);

    private RedisFactSink Sink() => new(new RedisOptions { Address = _redis.Address });

    private async Task DeliverAsync()
    {
        await using var sink = Sink();
        await sink.DeliverAsync(_log.Facts, default);
    }
}
