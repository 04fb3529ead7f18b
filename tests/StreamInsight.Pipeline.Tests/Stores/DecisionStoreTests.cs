using System.Text;
using StreamInsight.Decisions;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Tests.Setting;
using StreamInsight.Sqlite;

namespace StreamInsight.Pipeline.Tests.Stores;

public sealed class DecisionStoreTests : IDisposable
{
    private const long DayMs = 86_400_000;

    private readonly TempFolder _folder = new();
    private readonly SqliteFile _file;
    private long _position;

    public DecisionStoreTests() => _file = SqliteFile.Open(_folder.Path);

    [Fact]
    public void Decisions_older_than_their_time_go_and_the_newest_stay_within_their_number()
    {
        using var store = new SqliteStateStore(_file, decisions: new DecisionRetention(TimeSpan.FromDays(7), 50));
        using var queries = new SqliteQueries(_file, store);
        for (int day = 0; day < 20; day++)
            store.Commit(Decided([.. Enumerable.Range(0, 100).Select(i => ($"d-{day}-{i}", $"u{i}", day * DayMs))]));
        store.TrimDecisions();

        Assert.Null(queries.ReadDecision("d-0-0"));
        Assert.Null(queries.ReadDecision("d-19-49"));
        Assert.NotNull(queries.ReadDecision("d-19-50"));

        using var many = new SqliteStateStore(_file, decisions: new DecisionRetention(TimeSpan.FromDays(7), 1_000_000));
        many.Commit(Decided([("late", "u1", 26 * DayMs + 1)]));
        many.TrimDecisions();
        Assert.Null(queries.ReadDecision("d-19-99"));
        Assert.NotNull(queries.ReadDecision("late"));
    }

    [Fact]
    public void A_decision_made_again_under_its_id_takes_the_place_of_the_first()
    {
        using var store = new SqliteStateStore(_file);
        using var queries = new SqliteQueries(_file, store);
        store.Commit(Decided([("d", "u1", 1)]));
        store.Commit(Decided([("d", "u2", 2)]));
        Assert.Equal("u2 at 2", Encoding.UTF8.GetString(queries.ReadDecision("d")!));
    }

    [Fact]
    public void A_queue_lists_who_is_for_it_by_score_and_then_by_id()
    {
        using var store = new SqliteStateStore(_file);
        using var queries = new SqliteQueries(_file, store);
        store.Commit(Routed(("a", "q", 10), ("b", "q", 20), ("c", "q", 20), ("d", "other", 1), ("e", null, 1)));
        store.Commit(Routed(("d", "q", 5), ("a", "other", 10)));

        Assert.Equal([("b", 20.0), ("c", 20.0), ("d", 5.0)], queries.ReadQueue("q", double.PositiveInfinity, "", 10));
        Assert.Equal([("c", 20.0)], queries.ReadQueue("q", 20, "b", 1));
        Assert.Equal([("other", 1L), ("q", 3L)], queries.CountQueues());

        var ended = new Checkpoint { Changes = new HostChanges() };
        ended.Facts.Add(Fact("b", FactKind.SegmentLeft, null, hasEnded: true));
        ended.Facts.Add(Fact("d", FactKind.Merged, new RoutingDecision("q", 5, [], null, [], 1), subject: "c"));
        store.Commit(ended);
        Assert.Equal([("d", 5.0)], queries.ReadQueue("q", double.PositiveInfinity, "", 10));
    }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    private static Checkpoint Decided(params (string Id, string Customer, long AtMs)[] decisions)
    {
        var checkpoint = new Checkpoint { Changes = new HostChanges() };
        checkpoint.Changes.Decisions.AddRange(decisions.Select(d =>
            new DecisionRecord(d.Id, d.Customer, "voice", d.AtMs, [], null, 0, null, Encoding.UTF8.GetBytes($"{d.Customer} at {d.AtMs}"))));
        return checkpoint;
    }

    private Checkpoint Routed(params (string Customer, string? Queue, double Score)[] customers)
    {
        var checkpoint = new Checkpoint { Changes = new HostChanges() };
        checkpoint.Facts.AddRange(customers.Select(c => Fact(c.Customer, FactKind.RoutingChanged, new RoutingDecision(c.Queue, c.Score, [], null, [], 1))));
        return checkpoint;
    }

    private OutboxFact Fact(string customer, FactKind kind, RoutingDecision? routing, bool hasEnded = false, string? subject = null) => new()
    {
        Position = ++_position,
        Id = $"f{_position}",
        Customer = customer,
        Seq = _position,
        AtMs = 1,
        Kind = kind,
        Cause = "event:1",
        Subject = kind == FactKind.SegmentLeft ? "s" : subject,
        Line = "{}"u8.ToArray(),
        After = new CustomerView { Customer = customer, Seq = _position, ClockMs = 1, Model = "m@1", Routing = routing, HasEnded = hasEnded },
    };
}
