using System.Buffers;
using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Oracle.Generation;
using StreamInsight.Pipeline;
using Fact = StreamInsight.Facts.Fact;
using ReplayOutput = StreamInsight.Oracle.Customers.ReplayOutput;

namespace StreamInsight.Oracle.Comparison;

/// <summary>
/// The live host, one partition: customers are stored and let go all the time, the process starts anew now and then, and timers fire by a wall clock
/// that stands at the last record.
/// </summary>
public static class HostUnderTest
{
    /// <summary>Facts and profiles as a replay writes them; of each refused message its position and reason.</summary>
    public static ReplayOutput Run(string yaml, IReadOnlyList<byte[]> lines, ulong seed)
    {
        var model = EngineUnderTest.Compile(yaml);
        var random = new Prng(seed);
        var store = new MemoryStore();
        var host = new LocalCustomerHost(model, store) { MaxInMemory = 1 };
        var messages = Decode(model.Events, lines);
        var times = messages.Where(m => m.Message.IsDecoded).Select(m => m.Message.RecordTimeMs).ToList();
        // Live equals replay for logs without records that come behind their customer's clock; in such a log the wall clock fires nothing here.
        var inOrder = times.Zip(times.Skip(1)).All(t => t.First <= t.Second);
        var facts = new List<Fact>();
        var dead = new List<string>();
        foreach (var (position, message) in messages)
        {
            if (inOrder && message.IsDecoded && random.Chance(50)) host.FireTimers(message.RecordTimeMs, int.MaxValue, facts);
            var refusal = host.Process(message, position, facts);
            if (refusal != Refusal.None) dead.Add($"{position} {refusal.Reason()}");
            if (random.Chance(30)) Store(host, store);
            if (!random.Chance(10)) continue;
            Store(host, store);
            host = new LocalCustomerHost(model, store) { MaxInMemory = 1 };
        }
        var profiles = times.Count == 0 ? [] : Finish(host, model, times.Max(), messages, facts);
        return new(facts.OrderBy(f => f.AtMs).ThenBy(f => f.Customer, InBytes).ThenBy(f => f.Seq).Select(Line).ToList(), profiles, dead);
    }

    private static readonly IComparer<string> InBytes = Comparer<string>.Create(Language.Utf8.Compare);

    /// <summary>Fires what is due to the end; then each customer as it stands there.</summary>
    private static List<string> Finish(
        LocalCustomerHost host, CompiledModel model, long untilMs, List<(SourcePosition Position, CustomerEvent Message)> messages, List<Fact> facts)
    {
        host.FireTimers(untilMs, int.MaxValue, facts);
        var engine = new CustomerEngine(model, host.Shared);
        var writer = new ProfileWriter(model, host.Shared);
        var lines = new SortedDictionary<string, string>(InBytes);
        foreach (var id in messages.SelectMany(m => new[] { m.Message.UserId, m.Message.AnonymousId }).Where(id => !id.IsEmpty))
        {
            if (host.Find(Encoding.UTF8.GetString(id.Span)) is not { } customer) continue;
            engine.Advance(customer, untilMs, []);
            var line = new ArrayBufferWriter<byte>();
            writer.Write(customer, line);
            lines[customer.Id] = EngineUnderTest.WithoutTimer(Encoding.UTF8.GetString(line.WrittenSpan));
        }
        return [.. lines.Values];
    }

    private static List<(SourcePosition Position, CustomerEvent Message)> Decode(EventSchema schema, IReadOnlyList<byte[]> lines)
    {
        var messages = new List<(SourcePosition, CustomerEvent)>();
        var reader = new RecordReader(schema);
        for (var number = 1; number <= lines.Count; number++)
        {
            if (RecordReader.IsBlank(lines[number - 1])) continue;
            reader.Begin(lines[number - 1], RecordSource.File);
            for (var message = new CustomerEvent(); reader.Next(message); message = new CustomerEvent())
                messages.Add((new SourcePosition(SourcePosition.File, number, message.BatchIndex), message));
        }
        return messages;
    }

    private static void Store(LocalCustomerHost host, MemoryStore store) => store.Commit(new Checkpoint { Changes = host.TakeChanges() });

    private static string Line(Fact fact)
    {
        var line = new ArrayBufferWriter<byte>();
        FactWriter.Write(fact, line);
        return Encoding.UTF8.GetString(line.WrittenSpan);
    }
}
