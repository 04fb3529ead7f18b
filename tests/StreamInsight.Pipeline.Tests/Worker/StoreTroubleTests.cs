using System.Text;
using Microsoft.Data.Sqlite;
using StreamInsight.Events;
using StreamInsight.Pipeline.Tests.Setting;
using StreamInsight.Sqlite;

namespace StreamInsight.Pipeline.Tests.Worker;

public sealed class StoreTroubleTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ScriptedSource _source = new();
    private readonly CollectingSink _sink = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_store_that_takes_nothing_for_a_while_is_waited_for_and_nothing_is_lost()
    {
        TroubledStore? store = null;
        await using var partition = new LivePartition(_folder, [_source], [_sink], aroundStore: s => store = new TroubledStore(s));
        await partition.StartAsync();
        _source.Put(Shop.Order("u1", 150), Shop.Noon);
        await Eventually.HoldsAsync(() => _sink.Facts.Count == 3, "the first facts");

        store!.IsFull = true;
        _source.Put(Shop.Order("u2", 150), Shop.Noon);
        await Eventually.HoldsAsync(() => partition.Pipeline.StoreProblem is not null && store.Refused >= 2, "the store refuses");
        _source.Put(Shop.Order("u3", 150), Shop.Noon);
        Assert.Equal(0, _source.CommittedOffset);
        Assert.Equal(3, _sink.Facts.Count);
        Assert.True(partition.Pipeline.IsRunning);

        store.IsFull = false;
        await Eventually.HoldsAsync(() => _sink.Facts.Count == 9, "all facts");
        await Eventually.HoldsAsync(() => _source.CommittedOffset == 2, "all is durable");
        Assert.Null(partition.Pipeline.StoreProblem);
        Assert.Equal(["u1", "u2", "u3"], _sink.Facts.Select(f => f.Customer).Distinct());
    }

    [Fact]
    public async Task One_bad_row_stops_its_customer_and_nobody_else()
    {
        await RunAsync(partition => PutAsync(partition, Shop.Order("bad", 150), Shop.Order("good", 150), """{"type":"identify","userId":"bad","anonymousId":"a1"}"""));
        Execute("UPDATE customers SET state = x'0263ffffff' WHERE id = 'bad'");

        await RunAsync(async partition =>
        {
            await PutAsync(partition,
                Shop.Order("bad", 1), Shop.Order("good", 1), """{"type":"identify","userId":"u3","anonymousId":"bad"}""", """{"type":"alias","userId":"good","previousId":"bad"}""",
                """{"type":"track","event":"Order Completed","anonymousId":"a1","properties":{"total":1}}""", Shop.Order("u3", 1));
            Assert.Equal(2, partition.Pipeline.CustomerCount);
            Assert.Equal(4, DeadLetters(partition, Refusal.Stopped));
            QuarantinedCustomer aside = Assert.Single(partition.Store.LoadQuarantine());
            Assert.Equal("bad", aside.Id);
            Assert.Equal("0263FFFFFF", Convert.ToHexString(aside.State.Span));
            Assert.DoesNotContain("bad", aside.Reason);
        });
        await RunAsync(async partition =>
        {
            await PutAsync(partition, Shop.Order("bad", 1));
            Assert.Equal(5, DeadLetters(partition, Refusal.Stopped));
        });
    }

    [Fact]
    public async Task A_customer_set_aside_goes_on_when_its_state_can_be_read()
    {
        await RunAsync(partition => PutAsync(partition, Shop.Order("u1", 150)));
        Execute("CREATE TABLE kept AS SELECT id, state FROM customers; UPDATE customers SET state = x'00'");
        await RunAsync(async partition =>
        {
            await PutAsync(partition, Shop.Order("u1", 1));
            Assert.Equal(0, partition.Pipeline.CustomerCount);
        });
        Execute("UPDATE quarantine SET state = (SELECT state FROM kept WHERE kept.id = quarantine.id); DROP TABLE kept");
        await RunAsync(async partition =>
        {
            await PutAsync(partition, Shop.Order("u1", 150));
            Assert.Equal(1, partition.Pipeline.CustomerCount);
            Assert.Empty(partition.Store.LoadQuarantine());
            Assert.Equal(1, DeadLetters(partition, Refusal.Stopped));
        });
    }

    [Fact]
    public async Task A_customer_set_aside_may_be_erased()
    {
        await RunAsync(partition => PutAsync(partition, Shop.Order("u1", 150)));
        Execute("UPDATE customers SET state = x'00'");
        await RunAsync(async partition =>
        {
            await PutAsync(partition, Shop.Order("u1", 1));
            Assert.Equal(1, (await partition.Pipeline.EraseAsync("u1", TimeSpan.FromSeconds(30)))!.Removed["state"]);
            Assert.Empty(partition.Store.LoadQuarantine());
            Assert.Equal(0, DeadLetters(partition, Refusal.Stopped));
        });
    }

    private async Task RunAsync(Func<LivePartition, Task> work)
    {
        await using var partition = new LivePartition(_folder, [_source], [_sink]);
        await partition.StartAsync();
        await work(partition);
        await partition.StopAsync();
        partition.Store.Fold();
    }

    private async Task PutAsync(LivePartition partition, params string[] messages)
    {
        foreach (string message in messages)
            _source.Put(message, Shop.Noon);
        long last = _source.LastOffset;
        await Eventually.HoldsAsync(() => partition.Store.LoadPositions().GetValueOrDefault("topic/0", -1) >= last, "all are durable");
    }

    private static int DeadLetters(LivePartition partition, Refusal reason) => partition.Store.ReadDeadLetters(0, 100).Count(letter => letter.Reason == reason);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, SqliteFile.FileName)};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
