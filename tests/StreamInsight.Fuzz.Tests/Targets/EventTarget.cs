using System.Buffers;
using System.Text;
using System.Text.Json;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Oracle.Comparison;
using StreamInsight.Oracle.Generation;

namespace StreamInsight.Fuzz.Targets;

/// <summary>A record as a file, HTTP or Kafka brings it: decoded or refused; a refused one must make a dead letter that is one line of JSON.</summary>
public sealed class EventTarget : IFuzzTarget
{
    private readonly CompiledModel _model = EngineUnderTest.Compile(Fuzz.Corpus.Model);
    private readonly RecordReader _reader;
    private readonly CustomerEvent _message = new();
    private readonly CustomerEngine _engine;

    public EventTarget()
    {
        _reader = new RecordReader(_model.Events);
        _engine = new CustomerEngine(_model);
        var random = new Prng(1);
        Corpus = [.. Fuzz.Corpus.Events, .. Enumerable.Range(0, 20).SelectMany(_ => LogGenerator.Log(random, TimeScale.Random(random)).Take(10))];
    }

    public string Name => "events";

    public IReadOnlyList<byte[]> Corpus { get; }

    public IReadOnlyList<byte[]> Words { get; } = Fuzz.Corpus.Words(
        "{ } [ ] , : \" \"type\":\"track\", \"event\":\"x\", \"userId\":\"u\", \"userId\":12345678901234567890, \"anonymousId\":\"\", \"messageId\":\"m\", \"timestamp\":\"2026-03-01T12:00:00Z\", " +
        "\"receivedAt\": \"sentAt\": \"properties\":{ \"traits\":{ \"context\":{ \"channel\": \"total\": \"items\": \"batch\":[ \"specversion\": \"data\": \"subject\": \\u0075 null true 1 -1.5e3");

    public int MaxBytes => 70_000;

    public string Read(byte[] input)
    {
        var said = new StringBuilder();
        Read(input, RecordSource.File, said);
        Read(input, RecordSource.At(1_772_366_400_000), said);
        return said.ToString();
    }

    private void Read(byte[] input, RecordSource source, StringBuilder said)
    {
        if (RecordReader.IsBlank(input))
            return;
        _reader.Begin(input, source);
        while (_reader.Next(_message))
        {
            said.Append(_message.Refusal.ToString()).Append(' ');
            if (_message.Refusal != Refusal.None)
                CheckDeadLetter(_message.Refusal, _message.Message.Span);
            else
                Apply(said);
        }
    }

    private void Apply(StringBuilder said)
    {
        string id = Encoding.UTF8.GetString((_message.UserId.IsEmpty ? _message.AnonymousId : _message.UserId).Span);
        var facts = new List<Fact>();
        CustomerState customer = _engine.Create(id, _message.RecordTimeMs);
        said.Append(_engine.Apply(customer, _message, new SourcePosition("fuzz", 1, -1), facts)).Append(facts.Count).Append(' ');
        foreach (Fact fact in facts)
        {
            var line = new ArrayBufferWriter<byte>();
            FactWriter.Write(fact, line);
            CheckLine(line.WrittenSpan);
        }
    }

    private static void CheckDeadLetter(Refusal reason, ReadOnlySpan<byte> record)
    {
        var line = new ArrayBufferWriter<byte>();
        DeadLetterWriter.Write("17", reason, record, line);
        CheckLine(line.WrittenSpan);
    }

    private static void CheckLine(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 100_000 });
        while (json.Read())
        {
        }
        if (line.Contains((byte)'\n') || line.Contains((byte)'\r'))
            throw new InvalidOperationException("a line has a line end in it");
    }
}
