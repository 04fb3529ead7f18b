using StreamInsight.Definitions;
using StreamInsight.Expressions;
using StreamInsight.Features.Aggregates;
using Xunit;

namespace StreamInsight.Features;

/// <summary>The laws every aggregate obeys, over random entries from a seed.</summary>
public sealed class AggregateLawTests
{
    private const long WindowMs = 60_000;

    /// <summary>Name, aggregate, whether its entries have numbers or texts.</summary>
    private static readonly (string Name, WindowAggregate Aggregate, bool HasBits, bool HasTexts)[] Aggregates =
    [
        ("count", new CountAggregate(), false, false),
        ("sum of ints", new IntSumAggregate(), true, false),
        ("avg of ints", new AvgAggregate(PropertyType.Int), true, false),
        ("min", new ExtremeAggregate(PropertyType.Int, greatest: false), true, false),
        ("max of texts", new ExtremeAggregate(PropertyType.String, greatest: true), false, true),
        ("first", new EdgeAggregate(PropertyType.Int, last: false), true, false),
        ("last", new EdgeAggregate(PropertyType.String, last: true), false, true),
        ("distinct", new DistinctAggregate(PropertyType.String), false, true),
        ("mode", new ModeAggregate(PropertyType.String), false, true),
        ("last_k", new LastKAggregate(PropertyType.Int, 3), true, false),
        ("sequence", new SequenceAggregate(2, 5_000), true, false),
        ("sessions", new SessionsAggregate(2_000), false, false),
    ];

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach ((string name, _, _, _) in Aggregates)
            for (int seed = 0; seed < 20; seed++)
                cases.Add(name, seed);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_order_of_arrival_does_not_matter(string name, int seed)
    {
        var random = new Random(seed);
        Entry[] entries = Entries(name, random, 40);
        Entry[] shuffled = [.. entries];
        random.Shuffle(shuffled);
        Assert.Equal(ReadAt(Fed(name, entries), 100_000), ReadAt(Fed(name, shuffled), 100_000));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_has_expired_might_never_have_been(string name, int seed)
    {
        var random = new Random(seed);
        Entry[] entries = Entries(name, random, 40);
        (Feature Feature, CustomerMemory Memory) fed = Fed(name, entries);
        for (long now = 100_000; now < 170_000; now += 7_777)
            Assert.Equal(
                ReadAt(Fed(name, [.. entries.Where(entry => entry.TimeMs > now - WindowMs)]), now),
                ReadAt(fed, now));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Merging_is_adding_the_others_entries_in_any_grouping(string name, int seed)
    {
        var random = new Random(seed);
        Entry[] entries = Entries(name, random, 45);
        string expected = ReadAt(Fed(name, entries), 100_000);
        Assert.Equal(expected, ReadAt(Merged(Merged(Part(0), Part(1)), Part(2)), 100_000));
        Assert.Equal(expected, ReadAt(Merged(Part(0), Merged(Part(1), Part(2))), 100_000));

        (Feature, CustomerMemory) Part(int third) => Fed(name, [.. entries.Where((_, i) => i % 3 == third)]);
        (Feature, CustomerMemory) Merged((Feature Feature, CustomerMemory Memory) a, (Feature, CustomerMemory Memory) b)
        {
            a.Feature.Merge(ref a.Memory, ref b.Memory, 100_000);
            return a;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Tiles_of_one_entry_each_give_what_entries_give(string name, int seed)
    {
        (_, WindowAggregate aggregate, _, _) = Aggregates.Single(a => a.Name == name);
        if (!aggregate.HasTiles)
            return;   // keeps entries instead
        Entry[] entries = Entries(name, new Random(seed), 40, apartMs: 1_000);
        Assert.Equal(ReadAt(Fed(name, entries), 100_000), ReadAt(Fed(name, entries, exactMax: 1), 100_000));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_stored_state_reads_the_same(string name, int seed)
    {
        foreach (int exactMax in new[] { 1, 8, 64 })
        {
            (Feature Feature, CustomerMemory Memory) fed = Fed(name, Entries(name, new Random(seed), 40), exactMax);
            var writer = new State.StateWriter();
            fed.Feature.Encode(ref fed.Memory, writer);
            var reader = new State.StateReader(writer.Written);
            (Feature Feature, CustomerMemory Memory) stored = (fed.Feature, new CustomerMemory(fed.Feature.Region.Layout));
            stored.Feature.Decode(ref stored.Memory, reader.ReadByte(), ref reader);
            Assert.Equal(ReadAt(fed, 120_000), ReadAt(stored, 120_000));
            Assert.True(reader.AtEnd);
        }
    }

    [Fact]
    public void A_sum_of_doubles_is_the_left_to_right_sum_after_every_expiry()
    {
        var random = new Random(7);
        Feature feature = Windowed("sum", new SumAggregate(), true, false, 100_000);
        var memory = new CustomerMemory(feature.Region.Layout);
        var kept = new List<Entry>();
        for (long now = 0; now < 400_000; now += random.Next(1, 400))
        {
            var entry = new Entry(now - (random.Next(10) == 0 ? random.Next(5_000) : 0), BitConverter.DoubleToInt64Bits(Math.Round(random.NextDouble() * 100, 2)), null);
            feature.Observe(ref memory, entry, now);
            kept.Add(entry);
            double expected = 0;
            foreach (Entry live in kept.Where(e => e.TimeMs > now - WindowMs).OrderBy(e => e.TimeMs))
                expected += BitConverter.Int64BitsToDouble(live.Bits);
            Assert.Equal(Value.Double(expected).ToString(), ReadAt((feature, memory), now));
        }
    }

    [Fact]
    public void A_count_compared_with_a_constant_turns_when_the_entry_that_matters_leaves()
    {
        Feature feature = Windowed("count", new CountAggregate(), false, false, 64);
        var memory = new CustomerMemory(feature.Region.Layout);
        for (long timeMs = 1_000; timeMs <= 7_000; timeMs += 1_000)
            feature.Observe(ref memory, new Entry(timeMs, 0, null), timeMs);
        var context = new EvalContext { Now = 7_000 };
        Assert.True(feature.Compare(ref memory, context, new FeatureScratch(), Comparison.GreaterOrEqual, Value.Int(3)).IsTrue);
        Assert.Equal(5_000 + WindowMs, context.ValidUntil);   // 5,000, 6,000 and 7,000 are the last three
    }

    private static Entry[] Entries(string name, Random random, int count, long apartMs = 0)
    {
        (_, _, bool hasBits, bool hasTexts) = Aggregates.Single(a => a.Name == name);
        var times = new HashSet<long>();
        while (times.Count < count)
            times.Add(apartMs > 0 ? 100_000 - (times.Count * apartMs) : random.Next(41_000, 100_001));   // distinct: of equal times the arrival counts
        return [.. times.Order().Select(time => new Entry(time, hasBits ? random.Next(1, 4) : 0, hasTexts ? $"v{random.Next(5)}" : null))];
    }

    private static WindowFeature Windowed(string name, WindowAggregate aggregate, bool hasBits, bool hasTexts, int exactMax) =>
        new(name, aggregate, WindowFeature.RegionIn(new MemoryLayout(), aggregate, hasBits, hasTexts), WindowMs, 0, exactMax);

    private static (Feature Feature, CustomerMemory Memory) Fed(string name, Entry[] entries, int exactMax = 64)
    {
        (_, WindowAggregate aggregate, bool hasBits, bool hasTexts) = Aggregates.Single(a => a.Name == name);
        Feature feature = Windowed(name, aggregate, hasBits, hasTexts, exactMax);
        var memory = new CustomerMemory(feature.Region.Layout);
        foreach (Entry entry in entries)
            feature.Observe(ref memory, entry, 100_000);
        return (feature, memory);
    }

    private static string ReadAt((Feature Feature, CustomerMemory Memory) fed, long nowMs)
    {
        Value value = fed.Feature.Read(ref fed.Memory, new EvalContext { Now = nowMs }, new FeatureScratch());
        return value.Reference is Value[] list ? string.Join(", ", list.Select(item => item.ToString())) : value.ToString();
    }
}
