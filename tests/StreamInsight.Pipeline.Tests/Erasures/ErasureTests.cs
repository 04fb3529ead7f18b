using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Tests.Setting;
using StreamInsight.Sqlite;

namespace StreamInsight.Pipeline.Tests.Erasures;

public sealed class ErasureTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly ScriptedSource _source = new();
    private readonly CollectingSink _sink = new();
    private readonly SlowPlace _place = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Erased_customer_leaves_its_segments_then_says_so_and_no_trigger_answers()
    {
        await using LivePartition partition = await StartAsync();
        await PutAsync(partition, Shop.Order("u1", 150, "m1"));
        Erasure? erasure = await partition.Pipeline.EraseAsync("u1", Patience);

        await SinkHasAsync(5);
        IReadOnlyList<OutboxFact> facts = _sink.Facts;
        Assert.Equal([FactKind.SegmentLeft, FactKind.Erased], facts.Skip(3).Select(f => f.Kind));
        Assert.Equal([4, 5], facts.Skip(3).Select(f => f.Seq));
        Assert.All(facts.Skip(3), f => Assert.Equal("erase", f.Cause));
        Assert.True(facts[4].After!.HasEnded);
        Assert.Equal(0, partition.Pipeline.Members["big"]);
        Assert.Equal(0, partition.Pipeline.CustomerCount);
        Assert.True(erasure!.IsDone);
        Assert.Equal((1, 1, 1, 3, 5), (erasure.Removed["state"], erasure.Removed["timers"], erasure.Removed["segments"], erasure.Removed["facts"], erasure.Removed["elsewhere"]));
    }

    [Fact]
    public async Task All_ids_that_lead_to_it_are_erased_and_their_records_refused_until_the_time_is_over()
    {
        await using LivePartition partition = await StartAsync();
        await PutAsync(partition,
            Shop.Order("u1", 150),
            """{"type":"identify","userId":"u1","anonymousId":"a1"}""",
            """{"type":"alias","userId":"u1","previousId":"old"}""",
            """{"type":"alias","userId":"old","previousId":"older"}""",
            Shop.Order("other", 1));
        Erasure? erasure = await partition.Pipeline.EraseAsync("a1", Patience);
        Assert.Equal(3, erasure!.Removed["aliases"]);
        Assert.Equal(["u1", "a1", "old", "older"], _place.Erased[0].Ids.Order().OrderBy(id => id != "u1"));

        foreach (string id in (string[])["u1", "a1", "old", "older", "other"])
            await PutAsync(partition, Shop.Order(id, 1));
        await PutAsync(partition, """{"type":"track","event":"Order Completed","anonymousId":"a1","properties":{"total":1}}""");
        Assert.Equal(["u1", "a1", "old", "older", "a1"], DeadIds(partition));
        Assert.Equal(1, partition.Pipeline.CustomerCount);

        long over = erasure.UntilMs;
        _source.Put(Shop.Order("u1", 7), over - 1);
        _source.Put(Shop.Order("old", 7), over);
        await Eventually.HoldsAsync(() => partition.Pipeline.CustomerCount == 2, "the id is free again");
        await Eventually.HoldsAsync(() => DeadIds(partition).Count == 6, "the last refused record is durable");
    }

    [Fact]
    public async Task Nothing_leads_from_an_erased_id_to_a_customer_who_uses_its_device()
    {
        await using LivePartition partition = await StartAsync();
        await PutAsync(partition, Shop.Order("u1", 150), """{"type":"identify","userId":"u1","anonymousId":"a1"}""");
        await partition.Pipeline.EraseAsync("u1", Patience);
        await PutAsync(partition, """{"type":"identify","userId":"u2","anonymousId":"a1"}""", """{"type":"alias","userId":"u2","previousId":"u1"}""");
        Assert.Empty(DeadIds(partition));
        await PutAsync(partition, """{"type":"track","event":"Order Completed","anonymousId":"a1","properties":{"total":1}}""");
        Assert.Equal(["a1"], DeadIds(partition));
    }

    [Fact]
    public async Task Unknown_customer_is_nothing_and_an_erased_one_may_be_erased_again()
    {
        await using LivePartition partition = await StartAsync();
        Assert.Null(await partition.Pipeline.EraseAsync("u1", Patience));
        await PutAsync(partition, Shop.Order("u1", 150));
        Erasure? first = await partition.Pipeline.EraseAsync("u1", Patience);
        await PutAsync(partition, Shop.Order("u1", 150));
        Assert.Single(DeadIds(partition));
        Erasure? second = await partition.Pipeline.EraseAsync("u1", Patience);
        Assert.Empty(DeadIds(partition));
        Assert.Equal((1, 1), (second!.Removed["state"], second.Removed["dead_letters"]));
        Assert.Equal(first!.AtMs, second.AtMs);
        await SinkHasAsync(5);
        Assert.Equal(1, _sink.Facts.Count(f => f.Kind == FactKind.Erased));
    }

    [Fact]
    public async Task Facts_not_delivered_yet_are_never_delivered()
    {
        _sink.IsDown = true;
        await using LivePartition partition = await StartAsync();
        await PutAsync(partition, Shop.Order("u1", 150), Shop.Order("u2", 150));
        await Eventually.HoldsAsync(() => partition.Pipeline.Outbox.Depth == 6, "facts wait");
        await partition.Pipeline.EraseAsync("u1", Patience);
        _sink.IsDown = false;
        await SinkHasAsync(5);
        Assert.Equal(["u2", "u2", "u2", "u1", "u1"], _sink.Facts.Select(f => f.Customer));
        Assert.Equal(["erase", "erase"], _sink.Facts.Skip(3).Select(f => f.Cause));
    }

    [Fact]
    public async Task A_place_that_is_down_is_done_after_a_restart_and_then_no_id_is_kept()
    {
        _place.IsDown = true;
        await using (LivePartition partition = await StartAsync())
        {
            await PutAsync(partition, Shop.Order("somebody-special", 50, "m1"));
            Erasure? erasure = await partition.Pipeline.EraseAsync("somebody-special", TimeSpan.FromMilliseconds(1));
            Assert.Contains("elsewhere", erasure!.Pending);
        }
        _place.IsDown = false;
        await using (LivePartition partition = await StartAsync())
        {
            await Eventually.HoldsAsync(() => partition.Store.LoadPendingErasures().Count == 0, "the rest is done");
            Assert.Equal(["somebody-special"], Assert.Single(_place.Erased).Ids);
            await PutAsync(partition, Shop.Order("somebody-special", 50, "m2"));
            Assert.Single(DeadIds(partition));
            await partition.Pipeline.EraseAsync("somebody-special", Patience);
            // More facts than are kept, so that its own last ones go too.
            for (int i = 0; i < 20; i++)
                await PutAsync(partition, Shop.Order("other", i % 2 == 0 ? 150 : -150));
            await partition.StopAsync();
        }
        Assert.DoesNotContain("somebody-special", Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(_folder.Path, SqliteFile.FileName))));
    }

    [Fact]
    public async Task Messages_go_out_of_the_log_and_the_others_keep_their_positions()
    {
        using SqliteFile file = SqliteFile.Open(_folder.Path);
        await using var log = new SqliteLog(file, new SqliteLogOptions(), TimeProvider.System);
        foreach (string body in (string[])["""{"userId":"u1"}""", """{"batch":[{"userId":"u1"},{"userId":"u2"}]}""", """{"userId":"u2"}""", """{"userId":"u1"}"""])
            await log.AppendAsync(Encoding.UTF8.GetBytes(body));
        var erasure = new Erasure { Digest = 1, AtMs = 0, UntilMs = 1, Ids = ["u1"], Positions = new Dictionary<string, long> { [SourcePosition.Log] = 3 } };
        Assert.Equal(2, await ((IErasable)log).EraseAsync(erasure, default));
        Assert.Equal(0, await ((IErasable)log).EraseAsync(erasure, default));

        await using IEventSource source = log.OpenSource();
        await source.StartAsync(new Dictionary<string, long>(), default);
        var batch = new RecordBatch();
        await source.ReadAsync(batch, default);
        Assert.Equal(
            ["""2 {"batch":[{},{"userId":"u2"}]}""", """3 {"userId":"u2"}""", """4 {"userId":"u1"}"""],
            Enumerable.Range(0, batch.Count).Select(i => $"{batch[i].Offset} {Encoding.UTF8.GetString(batch[i].Bytes.Span)}"));
    }

    private async Task<LivePartition> StartAsync()
    {
        var partition = new LivePartition(_folder, [_source], [_sink], options: new WorkerOptions { FactHistory = 4 }, erasables: [_place]);
        await partition.StartAsync();
        return partition;
    }

    /// <summary>Waits until they are applied and durable.</summary>
    private async Task PutAsync(LivePartition partition, params string[] messages)
    {
        foreach (string message in messages)
            _source.Put(message, Shop.Noon);
        long last = _source.LastOffset;
        await Eventually.HoldsAsync(() => partition.Store.LoadPositions().GetValueOrDefault("topic/0", -1) >= last, "all are durable");
    }

    private Task SinkHasAsync(int count) => Eventually.HoldsAsync(() => _sink.Facts.Count >= count, $"the sink has {count} facts");

    private static List<string> DeadIds(LivePartition partition) =>
        [.. partition.Store.ReadDeadLetters(0, 100).Where(letter => letter.Reason == Refusal.Erased).Select(letter => Encoding.UTF8.GetString(letter.Record.Span).Split("Id\":\"")[1].Split('"')[0])];
}
