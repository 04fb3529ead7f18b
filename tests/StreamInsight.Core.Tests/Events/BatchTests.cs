using System.Text;
using StreamInsight.Events;
using Xunit;

namespace StreamInsight.Tests.Events;

public sealed class BatchTests
{
    private const string Message = """{"type":"track","event":"x","userId":"u"}""";

    [Fact]
    public void Messages_come_with_their_index_and_bytes()
    {
        var events = Decoding.All("""{"sentAt":"2026-03-01T12:00:00Z","batch":[ {"type":"alias","userId":"a"} ,7,{"type":"alias","userId":"b"}]}""");
        Assert.Equal([0, 1, 2], events.Select(e => e.BatchIndex));
        Assert.Equal([Refusal.None, Refusal.NotJson, Refusal.None], events.Select(e => e.Refusal));
        Assert.Equal(["""{"type":"alias","userId":"a"}""", "7", """{"type":"alias","userId":"b"}"""], events.Select(e => Decoding.Text(e.Message)));
    }

    [Theory]
    [InlineData("""{"batch":5}""")]
    [InlineData("""{"batch":null}""")]
    [InlineData("""{"batch":{}}""")]
    [InlineData("""{"batch":[],"batch":null}""")]
    [InlineData("""{"batch":[],"b\u0061tch":7}""")]
    [InlineData("""{"Batch":[]}""")]
    public void What_has_no_array_batch_is_one_message(string record)
    {
        var e = Assert.Single(Decoding.All(record));
        Assert.Equal((Refusal.NoType, -1), (e.Refusal, e.BatchIndex));
    }

    [Theory]
    [InlineData("""{"batch":[{}]""")]
    [InlineData("""{"batch":[{}]} x""")]
    [InlineData("""{"batch":[{"a":"\ud800"}]}""")]
    [InlineData("""[{"type":"alias"}]""")]
    public void What_is_no_json_object_is_one_message(string record) => Assert.Equal(Refusal.NotJson, Assert.Single(Decoding.All(record)).Refusal);

    [Fact]
    public void The_last_batch_counts_and_may_be_empty()
    {
        Assert.Empty(Decoding.All("""{"batch":[{},{}],"batch":[]}"""));
        Assert.Single(Decoding.All("""{"batch":7,"type":"track","bat\u0063h":[{}]}"""));
    }

    [Fact]
    public void Times_and_context_are_inherited_where_a_message_has_none()
    {
        var events = Decoding.All("""
            {"sentAt":"2026-03-01T01:00:00Z","receivedAt":"2026-03-01T02:00:00Z","context":{"channel":"web"},"timestamp":"2026-03-01T05:00:00Z","channel":"no","batch":[
              MESSAGE,
              {"type":"track","event":"x","userId":"u","sentAt":null,"receivedAt":"2026-03-01T03:00:00Z","context":null},
              {"type":"track","event":"x","userId":"u","sentAt":"2026-03-01T04:00:00Z","context":{"channel":"app"}},
              {"type":"track","event":"x","userId":"u","context":{"other":1},"channel":"own"},
              {"type":"track","event":"x","userId":"u","context":"text"},
              {"type":"track","event":"x","userId":"u","context":{},"channel":"own"}]}
            """.Replace("MESSAGE", Message));
        Assert.All(events, e => Assert.Equal(Refusal.None, e.Refusal));
        Assert.Equal([1, 1, 4, 1, 1, 1], events.Select(e => DateTimeOffset.FromUnixTimeMilliseconds(e.TimestampMs).Hour));
        Assert.Equal([2, 3, 2, 2, 2, 2], events.Select(e => DateTimeOffset.FromUnixTimeMilliseconds(e.RecordTimeMs).Hour));
        Assert.Equal(["web", "web", "app", "own", "web", "web"], events.Select(e => e.Channel));
    }

    [Theory]
    [InlineData("\"sentAt\":\"now\"")]
    [InlineData("\"sentAt\":5")]
    [InlineData("\"receivedAt\":{}")]
    public void A_bad_time_of_the_batch_is_each_heirs_own(string member)
    {
        var events = Decoding.All("{" + member + ""","batch":[{"type":"alias","userId":"u","timestamp":"2026-03-01T01:00:00Z"},{"type":"alias","userId":"u","sentAt":"2026-03-01T01:00:00Z","receivedAt":"2026-03-01T01:00:00Z"}]}""");
        Assert.Equal([Refusal.BadTimestamp, Refusal.None], events.Select(e => e.Refusal));
    }

    [Fact]
    public void Last_members_of_a_batch_count_and_null_is_absent()
    {
        var events = Decoding.All("""{"sentAt":5,"context":{"channel":"a"},"batch":[{"type":"alias","userId":"u"}],"sentAt":"2026-03-01T01:00:00Z","context":null}""");
        Assert.Equal((Refusal.None, null), (events[0].Refusal, events[0].Channel));
    }

    [Fact]
    public void Size_and_depth_are_each_messages_own()
    {
        string large = "{\"a\":\"" + new string('x', 40_000) + "\"}";
        string deep = "{\"a\":" + new string('[', 5000) + new string(']', 5000) + "}";
        string good = """{"type":"alias","userId":"u","sentAt":"2026-03-01T01:00:00Z"}""";
        var events = Decoding.All($$"""{"x":{{deep}},"batch":[{{large}},{{good}},{{deep}},{{good}}]}""");
        Assert.Equal([Refusal.TooLarge, Refusal.None, Refusal.TooDeep, Refusal.None], events.Select(e => e.Refusal));
    }

    [Fact]
    public void Many_thousand_brackets_are_no_danger()
    {
        Assert.Equal(Refusal.TooLarge, Assert.Single(Decoding.All(new string('[', 2_000_000))).Refusal);
        Assert.Equal(Refusal.TooLarge, Assert.Single(Decoding.All("{\"batch\":[" + new string('[', 1_000_000))).Refusal);
        string alternating = string.Concat(Enumerable.Repeat("[{\"a\":", 300)) + "1" + string.Concat(Enumerable.Repeat("}]", 300));
        Assert.Equal(Refusal.TooDeep, Assert.Single(Decoding.All("{\"batch\":[" + alternating + "]}")).Refusal);
        Assert.Equal(Refusal.TooDeep, Assert.Single(Decoding.All("{\"batch\":[1]," + "\"a\":" + alternating[..^1] + "}")).Refusal);
    }

    [Fact]
    public void A_batch_inside_a_batch_is_a_message_without_type() =>
        Assert.Equal(Refusal.NoType, Assert.Single(Decoding.All("""{"batch":[{"batch":[{"type":"alias"}]}]}""")).Refusal);

    [Fact]
    public void A_reader_goes_from_record_to_record()
    {
        var reader = new RecordReader(new EventSchema(Decoding.Model));
        var e = new CustomerEvent();
        foreach (string record in new[] { "{\"batch\":[" + Message + "]}", Message, new string('x', 40_000), "{\"batch\":[]}", "x" })
        {
            reader.Begin(Encoding.UTF8.GetBytes(record), RecordSource.At(0));
            int count = 0;
            while (reader.Next(e))
                count++;
            Assert.Equal(record.EndsWith("[]}") ? 0 : 1, count);
            Assert.False(reader.Next(e));
        }
    }

    [Fact]
    public void An_array_of_cloud_events_is_split()
    {
        var batch = new MessageBatch();
        Assert.Equal(BatchKind.Batch, batch.ReadArray(Encoding.UTF8.GetBytes(" [ {\"a\":1} , [] ,{\"b\":[1,2]}] ")));
        Assert.Equal(["{\"a\":1}", "[]", "{\"b\":[1,2]}"], batch.Messages.Select(Decoding.Text));
        Assert.Equal(BatchKind.One, batch.ReadArray("{}"u8.ToArray()));
        Assert.Equal(BatchKind.NotJson, batch.ReadArray("[1,2"u8.ToArray()));
        Assert.Empty(batch.Messages);
    }

    [Fact]
    public void Lines_of_space_are_blank()
    {
        Assert.True(RecordReader.IsBlank(""u8));
        Assert.True(RecordReader.IsBlank(" \t\r\n"u8));
        Assert.False(RecordReader.IsBlank(" {"u8));
    }
}
