using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StreamInsight.Facts;
using StreamInsight.Oracle.Comparison;
using StreamInsight.Oracle.Customers;
using StreamInsight.Pipeline;
using StreamInsight.Simulation.Twins;
using StreamInsight.Simulation.World;
using Fact = StreamInsight.Facts.Fact;

namespace StreamInsight.Simulation;

/// <summary>One seed, lived through and compared with the replay of the same log.</summary>
public sealed partial class SimulatedRun
{
    private readonly SimulatedWorld _world;

    private SimulatedRun(ulong seed, Flaw flaw)
    {
        Seed = seed;
        _world = new SimulatedWorld(seed, flaw);
    }

    public ulong Seed { get; }

    public SimulatedWorld World => _world;

    public IReadOnlyList<string> Wrong => _world.Findings.Wrong;

    public static SimulatedRun Of(ulong seed, Flaw flaw = Flaw.None)
    {
        SynchronizationContext? outer = SynchronizationContext.Current;
        // What a test runner puts there would take the simulation's tasks away from it.
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var run = new SimulatedRun(seed, flaw);
            run._world.Run();
            if (run.Wrong.Count == 0)
                run.Compare();
            return run;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>What was wrong, what happened before, and how to see it again.</summary>
    public string Report() => $"""
        Seed {Seed}: {string.Join("\n  ", Wrong)}
        again: ./insight simulate --seed {Seed}

        last of it:
          {string.Join("\n  ", _world.Findings.Events)}
        {_world.Habits}
        model:
        {_world.Work.Yaml}
        """;

    private void Compare()
    {
        long untilMs = _world.Clock.NowMs;
        var expectedFacts = new Dictionary<string, List<string>>();
        var expectedProfiles = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var expectedDead = new Dictionary<string, List<string>>();
        foreach (SimulatedPartition partition in _world.Work.Partitions)
        {
            ReplayOutput replayed = EngineUnderTest.Run(_world.Work.Yaml, [.. partition.Records.Select(r => r.Line)], untilMs: untilMs);
            foreach (string line in replayed.Facts)
                AddTo(expectedFacts, CustomerOf(line), InPartition().Replace(line, $"\"cause\":\"event:{partition.Name}/$1\""));
            foreach (string line in replayed.Profiles)
                expectedProfiles[CustomerOf(line)] = line;
            expectedDead[partition.Name] = replayed.Dead.ConvertAll(line => DeadOf(partition.Name, line));
        }
        (Dictionary<string, List<string>> rest, SortedDictionary<string, string> profiles) = Finish(untilMs);
        foreach (Receiver receiver in _world.Receivers)
        {
            var accepted = receiver.Accepted.ToDictionary(f => f.Key, f => new List<string>(f.Value));
            foreach ((string customer, List<string> lines) in rest)
                foreach (string line in lines)
                    AddTo(accepted, customer, line);
            CompareFacts(receiver.Name, expectedFacts, accepted);
        }
        CompareProfiles(expectedProfiles, profiles);
        foreach ((string partition, List<string> letters) in expectedDead)
        {
            List<string> told = [.. _world.DeadTaken.Where(d => d.StartsWith(partition + "/", StringComparison.Ordinal))];
            _world.Findings.Demand(letters.SequenceEqual(told), $"dead letters of {partition}: [{string.Join(", ", letters)}] replayed, [{string.Join(", ", told)}] live");
        }
    }

    /// <summary>A last process over the disk as it is: what its timers still tell up to the end, and how each customer stands there.</summary>
    private (Dictionary<string, List<string>> Facts, SortedDictionary<string, string> Profiles) Finish(long untilMs)
    {
        CompiledModel model = _world.Work.Model;
        var host = new LocalCustomerHost(model, new SimulatedStore(_world));
        var facts = new List<Fact>();
        host.FireTimers(untilMs, int.MaxValue, facts);
        var rest = new Dictionary<string, List<string>>();
        foreach (Fact fact in facts)
        {
            var line = new ArrayBufferWriter<byte>();
            FactWriter.Write(fact, line);
            AddTo(rest, fact.Customer, Encoding.UTF8.GetString(line.WrittenSpan));
        }
        var engine = new CustomerEngine(model);
        var writer = new ProfileWriter(model);
        var profiles = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string id in _world.Disk.Customers.Keys)
        {
            var line = new ArrayBufferWriter<byte>();
            CustomerState customer = host.Find(id)!;
            engine.Advance(customer, untilMs, []);
            writer.Write(customer, line);
            profiles[id] = EngineUnderTest.WithoutTimer(Encoding.UTF8.GetString(line.WrittenSpan));
        }
        return (rest, profiles);
    }

    private void CompareFacts(string sink, Dictionary<string, List<string>> expected, Dictionary<string, List<string>> actual)
    {
        foreach (string customer in expected.Keys.Union(actual.Keys))
        {
            List<string> a = expected.GetValueOrDefault(customer) ?? [], b = actual.GetValueOrDefault(customer) ?? [];
            int same = a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Count();
            _world.Findings.Demand(same == a.Count && same == b.Count,
                $"{sink}, {customer}, fact {same + 1}: replayed {a.ElementAtOrDefault(same) ?? "none"}\n    live {b.ElementAtOrDefault(same) ?? "none"}");
        }
    }

    private void CompareProfiles(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual)
    {
        foreach (string customer in expected.Keys.Union(actual.Keys))
        {
            string a = expected.GetValueOrDefault(customer, "none"), b = actual.GetValueOrDefault(customer, "none");
            _world.Findings.Demand(a == b, $"profile of {customer}: replayed {a}\n    live {b}");
        }
    }

    private static void AddTo(Dictionary<string, List<string>> all, string customer, string line)
    {
        if (!all.TryGetValue(customer, out List<string>? lines))
            all[customer] = lines = [];
        lines.Add(line);
    }

    private static string CustomerOf(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("customer").GetString()!;
    }

    private static string DeadOf(string partition, string line)
    {
        using JsonDocument json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 1000 });
        return $"{partition}/{json.RootElement.GetProperty("position").GetString()} {json.RootElement.GetProperty("reason").GetString()}";
    }

    /// <summary>An event without a messageId is named by its position: in the file its line, in the broker its partition and offset.</summary>
    [GeneratedRegex("\"cause\":\"event:([0-9]+(?:\\.[0-9]+)?)\"")]
    private static partial Regex InPartition();
}
