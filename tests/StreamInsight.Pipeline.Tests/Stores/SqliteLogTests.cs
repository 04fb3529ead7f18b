using System.Text;
using StreamInsight.Events;
using StreamInsight.Pipeline.Tests.Setting;
using StreamInsight.Sqlite;

namespace StreamInsight.Pipeline.Tests.Stores;

public sealed class SqliteLogTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteFile _file;

    public SqliteLogTests() => _file = SqliteFile.Open(_folder.Path);

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Appended_records_are_read_in_order_by_a_log_opened_anew()
    {
        await using (var log = new SqliteLog(_file, new SqliteLogOptions(), TimeProvider.System))
        {
            long[] numbers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => log.AppendAsync(Encoding.UTF8.GetBytes($"r{i}")).AsTask()));
            Assert.Equal(Enumerable.Range(1, 500).Select(n => (long)n), numbers);
        }
        await using var again = new SqliteLog(_file, new SqliteLogOptions(), TimeProvider.System);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"r{i}"), await ReadAsync(again, after: 0, count: 500));
        Assert.Equal(501, await again.AppendAsync("next"u8.ToArray()));
    }

    [Fact]
    public async Task Reading_begins_after_what_was_applied()
    {
        await using var log = new SqliteLog(_file, new SqliteLogOptions(), TimeProvider.System);
        for (int i = 1; i <= 5; i++)
            await log.AppendAsync(Encoding.UTF8.GetBytes($"r{i}"));
        Assert.Equal(["r4", "r5"], await ReadAsync(log, after: 3, count: 2));
    }

    [Fact]
    public async Task A_caught_up_source_tells_the_time_and_a_backlog_does_not()
    {
        var time = new ManualTime(Shop.Noon);
        await using var log = new SqliteLog(_file, new SqliteLogOptions(), time);
        await using IEventSource source = log.OpenSource();
        await source.StartAsync(new Dictionary<string, long>(), CancellationToken.None);
        for (int i = 0; i < 1500; i++)
            _ = log.AppendAsync("x"u8.ToArray());
        await log.AppendAsync("last"u8.ToArray());
        time.Advance(TimeSpan.FromMinutes(1));

        var batch = new RecordBatch();
        await source.ReadAsync(batch, CancellationToken.None);
        Assert.False(batch.IsCaughtUp);
        Assert.Equal(RecordBatch.NoHorizon, batch.HorizonMs);
        batch.Clear();
        await source.ReadAsync(batch, CancellationToken.None);
        Assert.True(batch.IsCaughtUp);
        Assert.Equal(Shop.Noon + 60_000, batch.HorizonMs);
    }

    [Fact]
    public async Task Record_times_stand_still_while_the_clock_is_slewed_back_but_follow_a_real_step()
    {
        var time = new ManualTime(Shop.Noon);
        await using var log = new SqliteLog(_file, new SqliteLogOptions(), time);
        await log.AppendAsync("a"u8.ToArray());
        time.Advance(TimeSpan.FromMilliseconds(-30));
        await log.AppendAsync("b"u8.ToArray());
        time.Advance(TimeSpan.FromHours(-1));
        await log.AppendAsync("c"u8.ToArray());
        await using IEventSource source = log.OpenSource();
        await source.StartAsync(new Dictionary<string, long>(), CancellationToken.None);
        var batch = new RecordBatch();
        await source.ReadAsync(batch, CancellationToken.None);
        Assert.Equal([Shop.Noon, Shop.Noon, Shop.Noon - 30 - 3_600_000], Enumerable.Range(0, 3).Select(i => batch[i].RecordTimeMs));
    }

    [Fact]
    public async Task Old_applied_records_go_and_numbers_are_not_used_again()
    {
        var time = new ManualTime(Shop.Noon);
        await using (var log = new SqliteLog(_file, new SqliteLogOptions { Retention = TimeSpan.FromHours(1) }, time))
        {
            await using IEventSource source = log.OpenSource();
            await source.StartAsync(new Dictionary<string, long>(), CancellationToken.None);
            for (int i = 1; i <= 3; i++)
                await log.AppendAsync(Encoding.UTF8.GetBytes($"r{i}"));
            source.Committed(new Dictionary<string, long> { [SourcePosition.Log] = 2 });
            time.Advance(TimeSpan.FromHours(2));
            await log.AppendAsync("r4"u8.ToArray());
            await log.AppendAsync("r5"u8.ToArray());
            Assert.Equal(["r3", "r4", "r5"], await ReadAsync(log, after: 0, count: 3));
        }
        await using var again = new SqliteLog(_file, new SqliteLogOptions(), time);
        Assert.Equal(6, await again.AppendAsync("r6"u8.ToArray()));
    }

    [Fact]
    public async Task A_full_log_refuses_and_stores_nothing()
    {
        await using var log = new SqliteLog(_file, new SqliteLogOptions { MaxBytes = 1000 }, TimeProvider.System);
        await log.AppendAsync(new byte[2500]);
        var refused = await Assert.ThrowsAsync<LogRefusedException>(async () => await log.AppendAsync(new byte[10]));
        Assert.Contains("not processed yet", refused.Message);
        Assert.Equal(1, log.Last);
    }

    private static async Task<List<string>> ReadAsync(SqliteLog log, long after, int count)
    {
        await using IEventSource source = log.OpenSource();
        await source.StartAsync(new Dictionary<string, long> { [SourcePosition.Log] = after }, CancellationToken.None);
        var texts = new List<string>();
        var batch = new RecordBatch();
        while (texts.Count < count)
        {
            batch.Clear();
            await source.ReadAsync(batch, CancellationToken.None);
            for (int i = 0; i < batch.Count; i++)
                texts.Add(Encoding.UTF8.GetString(batch[i].Bytes.Span));
        }
        return texts;
    }
}
