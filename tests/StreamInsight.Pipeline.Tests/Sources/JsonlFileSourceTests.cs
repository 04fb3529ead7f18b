using System.IO.Compression;
using System.Text;
using StreamInsight.Events;
using StreamInsight.Pipeline.Tests.Setting;

namespace StreamInsight.Pipeline.Tests.Sources;

public sealed class JsonlFileSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a\nb\nc\n", "1:a 2:b 3:c")]
    [InlineData("a\r\n\r\n  \nd", "1:a 4:d")]
    [InlineData("", "")]
    [InlineData("\n\n", "")]
    public async Task Lines_are_records_and_blank_lines_are_none(string text, string expected) => Assert.Equal(expected, await ReadAsync(Write(text)));

    [Fact]
    public async Task It_goes_on_after_the_last_line_applied() => Assert.Equal("3:c 4:d", await ReadAsync(Write("a\nb\nc\nd\n"), after: 2));

    [Fact]
    public async Task A_packed_file_is_read_like_a_plain_one()
    {
        string path = Path.Combine(_folder.Path, "f.jsonl.gz");
        await using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            gzip.Write("a\nb"u8);
        Assert.Equal("1:a 2:b", await ReadAsync(path));
    }

    [Fact]
    public async Task Lines_longer_than_any_buffer_are_whole()
    {
        string line = new('x', 700_000);
        Assert.Equal($"1:{line} 2:{line} 3:y", await ReadAsync(Write($"{line}\n{line}\ny")));
    }

    [Fact]
    public async Task At_a_speed_lines_come_when_their_record_time_has_come()
    {
        string At(int second) => $$"""{"type":"track","event":"x","userId":"u1","receivedAt":"2026-01-01T00:00:{{second:00}}Z"}""";
        var time = new ManualTime(Shop.Noon);
        await using var source = new JsonlFileSource(Write($"{At(0)}\n{At(0)}\nbroken\n{At(10)}\n"), speed: 10, Shop.Compile().Events, time);
        await source.StartAsync(new Dictionary<string, long>(), CancellationToken.None);
        var batch = new RecordBatch();
        Assert.True(await source.ReadAsync(batch, CancellationToken.None));
        Assert.Equal(3, batch.Count);

        batch.Clear();
        Assert.True(await ReadAsync(TimeSpan.FromMilliseconds(50)));
        Assert.True(batch.IsEmpty, "a heartbeat");
        while (batch.IsEmpty)
        {
            Assert.True(await ReadAsync(TimeSpan.FromMilliseconds(10)));
        }
        Assert.True(time.NowMs - Shop.Noon >= 1000, "not before its time");
        batch.Clear();
        Assert.False(await source.ReadAsync(batch, CancellationToken.None));

        // A step of the clock wakes the reader on another thread: it gets its turn before the next step.
        async Task<bool> ReadAsync(TimeSpan step)
        {
            Task<bool> later = source.ReadAsync(batch, CancellationToken.None).AsTask();
            while (!later.IsCompleted)
            {
                time.Advance(step);
                await Task.WhenAny(later, Task.Delay(20));
            }

            return await later;
        }
    }

    private string Write(string text)
    {
        string path = Path.Combine(_folder.Path, "f.jsonl");
        File.WriteAllText(path, text);
        return path;
    }

    private static async Task<string> ReadAsync(string path, long after = 0)
    {
        await using var source = new JsonlFileSource(path, speed: 0, Shop.Compile().Events, TimeProvider.System);
        await source.StartAsync(new Dictionary<string, long> { [SourcePosition.File] = after }, CancellationToken.None);
        var records = new List<string>();
        var batch = new RecordBatch();
        while (await source.ReadAsync(batch, CancellationToken.None))
        {
            for (int i = 0; i < batch.Count; i++)
                records.Add($"{batch[i].Offset}:{Encoding.UTF8.GetString(batch[i].Bytes.Span)}");
            batch.Clear();
        }
        Assert.False(await source.ReadAsync(batch, CancellationToken.None));
        return string.Join(' ', records);
    }
}
