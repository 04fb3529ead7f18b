using System.Buffers;
using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Oracle.Generation;
using StreamInsight.Pipeline;

namespace StreamInsight.Oracle.Comparison;

/// <summary>
/// The live host, one partition: customers are stored and let go all the time, the process starts anew now and then, and timers fire by a wall clock
/// that stands at the last record.
/// </summary>
public static class HostUnderTest
{
    /// <summary>The fact lines in a replay's order, and of each refused message its position and reason.</summary>
    public static (List<string> Facts, List<string> Dead) Run(string yaml, IReadOnlyList<byte[]> lines, ulong seed)
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
        if (times.Count > 0) host.FireTimers(times.Max(), int.MaxValue, facts);
        return (facts.OrderBy(f => f.AtMs).ThenBy(f => f.Customer, Comparer<string>.Create(Language.Utf8.Compare)).ThenBy(f => f.Seq).Select(Line).ToList(), dead);
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
