using System.Text;
using StreamInsight.Definitions;
using StreamInsight.Events;
using StreamInsight.Expressions;
using Xunit;

namespace StreamInsight.Tests.Events;

/// <summary>
/// Mutated messages, seeded: the decoder must agree with <see cref="ReferenceDecoder"/> on every one.
/// <c>STREAMINSIGHT_FUZZ</c> = how many, <c>STREAMINSIGHT_FUZZ_SEED</c> = from which seed.
/// </summary>
public sealed class DecoderFuzzTests
{
    private static readonly byte[][] Corpus = [.. new[]
    {
        """{"type":"track","event":"Order Completed","userId":"u1","anonymousId":"a1","messageId":"m-1","timestamp":"2026-03-01T12:00:00.000Z","properties":{"total":49.9,"items":3,"category":"shoes","gift":true,"due":"2026-03-01T12:00:00Z","extra":[1,{"x":null}]},"context":{"channel":"web","ip":"10.0.0.1","page":{"url":"https://x"}}}""",
        """ { "type" : "page" , "userId" : 42 , "sentAt" : "2026-02-28T23:59:59+01:00" , "receivedAt":"2026-03-01T12:00:00.5Z", "channel" : "app" , "properties" : { "path" : "/\u0061\"\\\/\b\f\n\r\t" } } """,
        """{"type":"identify","userId":"ü😀","anonymousId":"\ud83d\ude00","originalTimestamp":"2024-02-29T12:00:00.123456Z","traits":{"tier":"gold","nps":9.0,"seats":1}}""",
        """{"type":"group","anonymousId":-0,"timestamp":"2026-03-01T12:00:00Z","traits":{"seats":1e3,"tier":null}}""",
        """{"type":"alias","previousId":"p","userId":"u","timestamp":"1969-12-31T23:59:59.9999-23:59"}""",
        """{"specversion":"1.0","type":"Order Completed","source":"/s","subject":"u1","id":"1","time":"2026-03-01T12:00:00Z","data":{"total":1e-7,"items":9007199254740993},"context":{"channel":"store"}}""",
        """{"type":"screen","type":"track","event":"Call Started","event":"Order Completed","userId":null,"userId":"u","timestamp":null,"timestamp":"2026-03-01T12:00:00Z","properties":{"total":"x","total":12345678901234567890.5},"context":[],"context":{"channel":"a","channel":""},"channel":"b"}""",
        """{"\u0074ype":"tr\u0061ck","event":"a \"quoted\" n\u00e4me","us\u0065rId":"\u0000","timestamp":"2026-03-01T12:00:00Z","x":[[[[[[{"y":[true,false,null,-1.5E+10]}]]]]]]}""",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Pieces = [.. new[]
    {
        "null", "true", "false", "0", "-0", "1.0", "1e400", "-1E-2", "01", "9223372036854775808", "9223372036854775807", "-9223372036854775808", "922337203685477580700e-2", "NaN", "\"\"", "{}", "[]", "[", "]", "{", "}", ",", ":", "\"", "\\", "\\u0041", "\\ud800", "\\udc00", "\\udc00\\udc00", "\\ud800\\ud800", "\\ud83d\\ude00",
        " ", "\t", "\n", "\r", "\u0001", "é", "😀", "\ufeff", "\"type\":\"track\",", "\"event\":\"Call Started\",", "\"userId\":7,", "\"userId\":null,", "\"type\":null,", "\"event\":null,", "\"context\":null,", "\"properties\":null,", "\"timestamp\":null,", "\"total\":null,", "\"channel\":null,", "\"items\":9223372036854775807,", "\"properties\":{},", "\"properties\":5,", "\"timestamp\":\"2026-13-01T00:00:00Z\",",
        "\"sentAt\":\"2020-01-01T00:00:00Z\",", "\"specversion\":1,", "\"context\":{},", "\"traits\":{\"nps\":7.5},", "\"total\":\"x\",", "[[[[[[[[[[[[[[[[[[[[", "]]]]]]]]]]]]]]]]]]]]", "{\"a\":{\"a\":{\"a\":", "}}}",
        "2026-02-29T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999Z", "batch", "page", "identify", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    }.Select(Encoding.UTF8.GetBytes), [0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x00], [0x80]];

    [Fact]
    public void Agrees_with_the_reference_on_mutated_messages()
    {
        int count = Setting("STREAMINSIGHT_FUZZ", 30_000), first = Setting("STREAMINSIGHT_FUZZ_SEED", 1);
        var schema = new EventSchema(Decoding.Model);
        var decoder = new MessageDecoder(schema);
        var reference = new ReferenceDecoder(Decoding.Model);
        var target = new CustomerEvent();
        for (int i = 0; i < count; i++)
        {
            byte[] message = Mutated(new Random(unchecked(first + i)));
            try
            {
                reference.Decode(message);
                decoder.Decode(message, default, RecordSource.File, target);
                string found = target.Refusal is Refusal.None or Refusal.Future ? Describe(target) : "";
                Assert.True(
                    reference.Refusal == target.Refusal && reference.Found == found,
                    $"expected {reference.Refusal} {reference.Found}\nfound    {target.Refusal} {found}");
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {first + i}: {Convert.ToHexString(message)}\n{Encoding.UTF8.GetString(message)}", e);
            }
        }
    }

    [Fact]
    public void Agrees_with_the_reference_on_mutated_batches()
    {
        int count = Setting("STREAMINSIGHT_FUZZ", 30_000) / 4, first = Setting("STREAMINSIGHT_FUZZ_SEED", 1);
        var reader = new RecordReader(new EventSchema(Decoding.Model));
        var reference = new ReferenceDecoder(Decoding.Model);
        var target = new CustomerEvent();
        for (int i = 0; i < count; i++)
        {
            byte[] record = MutatedBatch(new Random(unchecked(first + i)));
            try
            {
                var (messages, batch) = ReferenceDecoder.Split(record);
                reader.Begin(record, RecordSource.File);
                for (int at = 0; at < messages.Count; at++)
                {
                    Assert.True(reader.Next(target));
                    Assert.Equal(messages[at], target.Message.ToArray());
                    Assert.Equal(batch is null ? -1 : at, target.BatchIndex);
                    reference.Decode(messages[at], batch);
                    string found = target.Refusal is Refusal.None or Refusal.Future ? Describe(target) : "";
                    Assert.Equal((reference.Refusal, reference.Found), (target.Refusal, found));
                }

                Assert.False(reader.Next(target));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {first + i}: {Convert.ToHexString(record)}\n{Encoding.UTF8.GetString(record)}", e);
            }
        }
    }

    [Fact]
    public void Every_beginning_of_a_message_is_refused_without_harm()
    {
        var decoder = new MessageDecoder(new EventSchema(Decoding.Model));
        var target = new CustomerEvent();
        foreach (byte[] message in Corpus)
        {
            for (int length = 0; length < message.AsSpan().TrimEnd((byte)' ').Length; length++)
            {
                // An array of its own, so that reading on would leave it.
                decoder.Decode(message[..length], default, RecordSource.File, target);
                Assert.Equal(Refusal.NotJson, target.Refusal);
            }
        }
    }

    private static string Describe(CustomerEvent e)
    {
        string slots = "";
        IReadOnlyList<PropertyDefinition> declared = e.IsInteraction ? e.EventIndex < 0 ? [] : Decoding.Model.Events[e.EventIndex].Properties : e.Type == MessageType.Alias ? [] : Decoding.Model.Traits;
        var values = e.IsInteraction ? e.Properties : e.Traits;
        using var document = System.Text.Json.JsonDocument.Parse(e.Message);
        string container = e.IsInteraction ? "properties" : "traits";
        var members = document.RootElement.EnumerateObject().GroupBy(m => m.Name).ToDictionary(g => g.Key, g => g.Last().Value);
        if (e.IsInteraction && members.TryGetValue("specversion", out var version) && version.ValueKind != System.Text.Json.JsonValueKind.Null)
            container = "data";
        bool isThere = members.TryGetValue(container, out var content) && content.ValueKind == System.Text.Json.JsonValueKind.Object;
        for (int slot = 0; slot < declared.Count; slot++)
        {
            bool isGroups = declared[slot].Name.StartsWith("group.", StringComparison.Ordinal);
            if (!e.IsInteraction && isGroups != (e.Type == MessageType.Group))
                Assert.True(values[slot].IsNull);
            else if (isThere)
                slots += Describe(values[slot]) + ";";
            else
                Assert.True(values[slot].IsNull);
        }

        return $"{e.Type.ToString().ToLowerInvariant()}|{e.EventIndex}|{Decoding.Text(e.UserId)}|{Decoding.Text(e.AnonymousId)}|{Decoding.Text(e.PreviousId)}|{Decoding.Text(e.MessageId)}|{e.RecordTimeMs}|{e.TimestampMs}|{e.Channel}|{slots}";
    }

    private static string Describe(Value value) => value.Kind switch
    {
        ValueKind.Null => "null",
        ValueKind.String => "s" + value.AsString,
        ValueKind.Bool => value.IsTrue ? "true" : "false",
        ValueKind.Double => "d" + value.Bits,
        ValueKind.Int => "i" + value.AsInt,
        _ => "t" + value.Bits,
    };

    private static byte[] Mutated(Random random) => Mutated(Corpus[random.Next(Corpus.Length)], random);

    private static byte[] MutatedBatch(Random random)
    {
        var members = new List<string>
        {
            "\"batch\":[" + string.Join(",", Enumerable.Range(0, random.Next(4)).Select(_ => Encoding.UTF8.GetString(Corpus[random.Next(Corpus.Length)]))) + "]",
            "\"sentAt\":\"2026-03-01T13:00:00Z\"",
            "\"receivedAt\":\"2026-03-01T14:00:00Z\"",
            "\"context\":{\"channel\":\"inherited\",\"x\":[{}]}",
            "\"type\":\"page\"",
        };
        members.RemoveAll(_ => random.Next(5) == 0);
        var shuffled = members.ToArray();
        random.Shuffle(shuffled);
        return Mutated(Encoding.UTF8.GetBytes("{" + string.Join(" , ", shuffled) + "}"), random);
    }

    private static byte[] Mutated(byte[] original, Random random)
    {
        var message = new List<byte>(original);
        for (int edits = random.Next(4); edits > 0 && message.Count > 0; edits--)
        {
            int at = random.Next(message.Count);
            switch (random.Next(7))
            {
                case 0:
                    message[at] = (byte)random.Next(256);
                    break;
                case 1:
                    message.RemoveRange(at, Math.Min(random.Next(1, 12), message.Count - at));
                    break;
                case 2:
                    message.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 3:
                    // At a place where a member or value may stand.
                    int comma = message.FindIndex(at, b => b is (byte)',' or (byte)'{' or (byte)':' or (byte)'[');
                    message.InsertRange(comma + 1, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 4:
                    message.InsertRange(at, message.GetRange(at, Math.Min(random.Next(1, 40), message.Count - at)));
                    break;
                case 5:
                    ReplaceValue(message, at, Pieces[random.Next(Pieces.Length)]);
                    break;
                default:
                    var other = Corpus[random.Next(Corpus.Length)];
                    int from = random.Next(other.Length);
                    message.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(1, 60), other.Length - from)).ToArray());
                    break;
            }
        }

        return [.. message];
    }

    private static void ReplaceValue(List<byte> message, int at, byte[] piece)
    {
        int colon = message.IndexOf((byte)':', at);
        int end = colon < 0 ? -1 : message.FindIndex(colon, b => b is (byte)',' or (byte)'}');
        if (end < 0)
            return;
        message.RemoveRange(colon + 1, end - colon - 1);
        message.InsertRange(colon + 1, piece);
    }

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : otherwise;
}
