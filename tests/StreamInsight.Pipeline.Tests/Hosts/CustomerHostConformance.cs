using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Tests.Golden;
using StreamInsight.Pipeline.Tests.Setting;

namespace StreamInsight.Pipeline.Tests.Hosts;

/// <summary>What every <see cref="ICustomerHost"/> promises, wherever its customers live. The measure is the local host with one message a run and never a restart.</summary>
public abstract class CustomerHostConformance
{
    private static readonly long End = Shop.Noon + GoldenLog.Messages * 864_000L + 864_000_000L;

    private static string[] Log => [.. GoldenLog.Lines(0, GoldenLog.Messages)];

    /// <summary>The hosts of one test; two made for it are hosts of the same partition.</summary>
    protected abstract ICustomerHost Create(CompiledModel model, IStateStore store);

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(16, 3, false)]
    [InlineData(600, 1, false)]
    [InlineData(7, 1, true)]
    [InlineData(50, 2, true)]
    public async Task Facts_and_refusals_of_a_log_are_those_of_the_local_host(int runOf, int commitEvery, bool restart)
    {
        HostTrial expected = await MeasureAsync(GoldenLog.Compile(), Log);
        var trial = new HostTrial(GoldenLog.Compile(), Create);
        await trial.ApplyAsync(Log, runOf, commitEvery, restart);
        await trial.FireAsync(End);
        Assert.True(expected.Facts.Count > 200, $"{expected.Facts.Count} facts");
        Assert.Equal(expected.Facts, trial.Facts);
        Assert.Equal(expected.Refusals.Order(StringComparer.Ordinal), trial.Refusals.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_stored_and_told_of_customers_is_what_the_local_host_stores_and_tells()
    {
        HostTrial expected = await MeasureAsync(GoldenLog.Compile(), Log);
        await expected.CommitAsync();
        var trial = new HostTrial(GoldenLog.Compile(), Create);
        await trial.ApplyAsync(Log);
        await trial.FireAsync(End);
        await trial.CommitAsync();
        Assert.Equal(expected.Store.LoadCounters().OrderBy(c => c.Key), trial.Store.LoadCounters().OrderBy(c => c.Key));
        Assert.Equal(expected.Host.CustomerCount, trial.Host.CustomerCount);
        Assert.Equal(expected.Store.CountCustomers(), trial.Store.CountCustomers());
        string[] ids = [.. Enumerable.Range(0, 12).Select(i => $"u{i}"), .. Enumerable.Range(0, 5).Select(i => $"a{i}"), "nobody"];
        foreach (string id in ids)
        {
            Assert.Equal(Text(expected.Store.LoadCustomer(id)), Text(trial.Store.LoadCustomer(id)));
            IdRow? row = expected.Store.LoadId(id), stored = trial.Store.LoadId(id);   // the path to the root may be shorter in one of them
            Assert.Equal((row?.IsKnown, row?.Links, row?.LinkedTo is null), (stored?.IsKnown, stored?.Links, stored?.LinkedTo is null));
            Assert.Equal(Text(await expected.Host.ProfileAsync(id)), Text(await trial.Host.ProfileAsync(id)));
            Assert.Equal(Text(await expected.Host.ExplainAsync(id, End)), Text(await trial.Host.ExplainAsync(id, End)));
        }
        CustomerView?[] views = await expected.Host.ViewAsync(ids), told = await trial.Host.ViewAsync(ids);
        Assert.Equal(Json(views), Json(told));
        Assert.Equal(Text(await expected.Host.ReportAsync()), Text(await trial.Host.ReportAsync()));
    }

    [Fact]
    public async Task What_was_applied_and_not_committed_is_applied_again_by_the_next_host()
    {
        HostTrial expected = await MeasureAsync(GoldenLog.Compile(), Log);
        var trial = new HostTrial(GoldenLog.Compile(), Create);
        await trial.ApplyAsync(Log[..300]);
        MessageRun lost = new HostTrial(GoldenLog.Compile(), Create).Decode(Log[..340]);
        var facts = new List<Fact>();
        await trial.Host.ProcessAsync(lost, facts);   // 300 of them were seen before, 40 are lost with the host
        trial.Restart();
        await trial.ApplyAsync(Log[300..]);
        await trial.FireAsync(End);
        Assert.Equal(expected.Facts, trial.Facts);
    }

    [Fact]
    public async Task A_message_that_was_applied_is_not_applied_again()
    {
        var trial = new HostTrial(GoldenLog.Compile(), Create);
        await trial.ApplyAsync(Log[..100]);
        long customers = trial.Host.CustomerCount;
        MessageRun again = new HostTrial(GoldenLog.Compile(), Create).Decode(Log[..100]);
        var facts = new List<Fact>();
        await trial.Host.ProcessAsync(again, facts);
        Assert.Empty(facts);
        Assert.Empty(again.Refused);
        Assert.Equal(customers, trial.Host.CustomerCount);
    }

    [Fact]
    public async Task What_was_taken_stays_as_it_is_while_more_is_applied()
    {
        var trial = new HostTrial(GoldenLog.Compile(), Create);
        var facts = new List<Fact>();
        await trial.Host.ProcessAsync(trial.Decode(Log[..200]), facts);
        HostChanges taken = await trial.Host.TakeChangesAsync();
        string[] before = [.. taken.Customers.Select(row => $"{row.Id} {row.NextTimerMs} {row.Stage} {Convert.ToHexString(row.State.Span)}")];
        await trial.Host.ProcessAsync(trial.Decode(Log[200..300]), facts);
        Assert.NotEmpty(before);
        Assert.Equal(before, taken.Customers.Select(row => $"{row.Id} {row.NextTimerMs} {row.Stage} {Convert.ToHexString(row.State.Span)}"));
    }

    [Fact]
    public async Task Due_timers_fire_also_for_customers_that_are_only_in_the_store()
    {
        HostTrial expected = await MeasureAsync(GoldenLog.Compile(), Log);
        var trial = new HostTrial(GoldenLog.Compile(), Create);
        await trial.ApplyAsync(Log);
        trial.Restart();
        Assert.True(trial.Host.NextTimerMs < End);
        await trial.FireAsync(End);
        Assert.Equal(expected.Facts, trial.Facts);
        Assert.True(trial.Host.NextTimerMs > End);
    }

    [Fact]
    public async Task An_erased_customer_tells_its_last_facts_and_its_records_are_refused_also_after_a_restart()
    {
        CompiledModel model = Shop.Compile();
        var trial = new HostTrial(model, Create);
        string At(string json, long ms) => json[..^1] + $",\"timestamp\":\"{DateTimeOffset.FromUnixTimeMilliseconds(ms):yyyy-MM-ddTHH:mm:ss.fffZ}\"}}";
        await trial.ApplyAsync(
        [
            At("""{"type":"identify","userId":"ann","anonymousId":"a1"}""", Shop.Noon),
            At(Shop.Order("ann", 150), Shop.Noon + 1000),
            At(Shop.Order("bob", 150), Shop.Noon + 1000),
        ]);
        List<Fact> last = await trial.EraseAsync("a1", Shop.Noon + 2000);
        Assert.Equal([FactKind.SegmentLeft, FactKind.Erased], last.Select(fact => fact.Kind));
        Assert.Equal(["ann", "a1"], trial.Erasure!.Ids);
        await trial.CommitAsync(restart: true);
        Assert.Equal(2, trial.Store.LoadTombstones().Count);
        await trial.ApplyAsync([At(Shop.Order("ann", 10), Shop.Noon + 3000), At("""{"type":"identify","userId":"bob","anonymousId":"a1"}""", Shop.Noon + 3000)]);
        Assert.Equal(["4 Erased"], trial.Refusals);
        Assert.Equal(1, trial.Host.CustomerCount);
        Assert.Null(trial.Store.LoadCustomer("ann"));
        Assert.Null(await trial.Host.EraseAsync("nobody", Shop.Noon, 1, last));
        await trial.ApplyAsync([At(Shop.Order("ann", 10), Shop.Noon + 2_000_000)]);
        Assert.Equal(2, trial.Host.CustomerCount);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_stops_its_customer_and_nobody_else()
    {
        var trial = new HostTrial(GoldenLog.Compile(), Create);
        await trial.ApplyAsync(Log[..200]);
        trial.Restart();
        string broke = Enumerable.Range(0, 12).Select(i => $"u{i}").First(id => trial.Store.LoadCustomer(id) is not null);
        var broken = new Checkpoint { Changes = new HostChanges() };
        broken.Changes.Customers.Add(new CustomerRow(broke, long.MaxValue, "new", new byte[] { 2, 255, 255 }));
        trial.Store.Commit(broken);
        int before = trial.Facts.Count;
        await trial.ApplyAsync(Log[200..400]);
        string[] stopped = [.. trial.Refusals.Where(refusal => refusal.EndsWith("Stopped", StringComparison.Ordinal))];
        Assert.NotEmpty(stopped);
        Assert.Equal(1, trial.Host.StoppedCustomers);
        Assert.Equal(broke, Assert.Single(trial.Store.LoadQuarantine()).Id);
        Assert.True(trial.Facts.Count > before, "Others go on.");
        trial.Restart();
        await trial.ApplyAsync(Log[400..]);
        Assert.Equal(1, trial.Host.StoppedCustomers);
    }

    /// <summary>The local host, one message a run.</summary>
    protected static async Task<HostTrial> MeasureAsync(CompiledModel model, IEnumerable<string> lines)
    {
        var measure = new HostTrial(model, static (model, store) => new LocalCustomerHost(model, store));
        await measure.ApplyAsync(lines, 1, int.MaxValue);
        await measure.FireAsync(End);
        return measure;
    }

    private static string Text(byte[]? bytes) => bytes is null ? "" : Encoding.Latin1.GetString(bytes);

    private static string Json(CustomerView?[] views) => System.Text.Json.JsonSerializer.Serialize(views);
}
