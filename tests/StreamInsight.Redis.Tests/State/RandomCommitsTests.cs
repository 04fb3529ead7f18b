using System.Text;
using System.Text.Json;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Pipeline.Tests.Stores;
using Xunit;

namespace StreamInsight.Redis.State;

/// <summary>Random checkpoints to Redis and to the fake: both always tell the same, also where answers are lost and the partition is claimed anew.</summary>
public sealed class RandomCommitsTests(RedisOfTheClass redis) : IClassFixture<RedisOfTheClass>
{
    private const int Commits = 60, Names = 12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Redis_and_the_fake_tell_the_same(int seed)
    {
        var random = new Random(seed);
        using var proxy = new SwallowingProxy(redis.Server.Port);
        using var setting = new StateSetting(redis.Server, proxy.Address);
        using var fake = new MemoryStateStore(new MemoryStateStore.Disk());
        RedisStateStore store = setting.Claim(patience: TimeSpan.FromMinutes(5));
        for (int n = 0; n < Commits; n++)
        {
            Checkpoint checkpoint = Random(random, fake);
            if (random.Next(2) == 0)
                store.Prefetch([.. Enumerable.Range(0, random.Next(Names)).Select(_ => Name(random))]);
            fake.Commit(checkpoint);
            if (random.Next(10) == 0)
                proxy.Cut();
            CommitUntilTaken(store, checkpoint);
            if (random.Next(20) == 0)
                store = setting.Claim(patience: TimeSpan.FromMinutes(5));
            string what = $"seed {seed}, commit {n}";
            int where = random.Next();
            Assert.Equal($"{what}: {Describe(fake, new Random(where))}", $"{what}: {Describe(store, new Random(where))}");
        }
    }

    private static void CommitUntilTaken(RedisStateStore store, Checkpoint checkpoint)
    {
        while (true)
        {
            try
            {
                store.Commit(checkpoint);
                return;
            }
            catch (DependencyUnavailableException error) when (error.MayPass)
            {
                // As the worker does.
            }
        }
    }

    private static Checkpoint Random(Random random, IStateStore now)
    {
        var checkpoint = new Checkpoint { Changes = new HostChanges() };
        HostChanges changes = checkpoint.Changes;
        string[] names = [.. Enumerable.Range(0, Names).Select(i => Name(i)).OrderBy(_ => random.Next())];
        int at = 0;
        string[] Some(int max) => names[at..(at = Math.Min(names.Length, at + random.Next(max)))];
        changes.Customers.AddRange(Some(5).Select(name => new CustomerRow(name, random.Next(3) == 0 ? long.MaxValue : random.Next(4) - 1, random.Next(2) == 0 ? null : "stage", Bytes(random))));
        changes.RemovedCustomers.AddRange(Some(3));
        at = 0;
        changes.Ids.AddRange(Some(4).Select(name => new IdRow(name, random.Next(2) == 0 ? null : Name(random), random.Next(2) == 0, random.Next(300))));
        changes.RemovedIds.AddRange(Some(3));
        at = 0;
        changes.Quarantined.AddRange(Some(2).Select(name => new QuarantinedCustomer(name, "why", Bytes(random))));
        changes.Released.AddRange(Some(2));
        at = 0;
        string[] erased = random.Next(6) == 0 ? Some(4) : [];
        changes.Tombstones.AddRange(erased.Select(_ => new Tombstone((UInt128)random.Next(20), random.Next(1, 10))));
        if (erased.Length > 0)
            checkpoint.Erasures.Add(new Erasure { Digest = (UInt128)random.Next(8), AtMs = 1, UntilMs = random.Next(1, 10), Ids = erased, Pending = random.Next(2) == 0 ? [] : ["redis"] });
        if (random.Next(6) == 0 && now.LoadPendingErasures() is [var pending, ..] && !checkpoint.Erasures.Exists(e => e.Digest == pending.Digest))
            checkpoint.ErasureProgress.Add(pending.With("redis", 2).Without("redis"));
        checkpoint.TombstonesOverMs = random.Next(6) == 0 ? random.Next(10) : 0;
        for (int i = 0, count = random.Next(6); i < count; i++)
            checkpoint.Facts.Add(Fact(now.LastFactPosition + 1 + i, random));
        for (int i = 0, count = random.Next(3); i < count; i++)
            checkpoint.DeadLetters.Add(new DeadLetter(now.LastDeadLetterNumber + 1 + i, new SourcePosition("log", random.Next(), -1), Refusal.Late, random.Next(), Bytes(random)));
        for (int i = 0, count = random.Next(3); i < count; i++)
            checkpoint.Handovers.Add(new Handover(now.LastHandoverNumber + 1 + i, random.Next(16), Bytes(random)));
        if (random.Next(4) == 0)
            checkpoint.RemovedDeadLetters.AddRange(Enumerable.Range(0, 3).Select(_ => random.NextInt64(1, now.LastDeadLetterNumber + 4)).Distinct());
        checkpoint.TrimFactsTo = random.Next(3) == 0 ? random.NextInt64(0, now.LastFactPosition + 2) : 0;
        checkpoint.TrimDeadLettersTo = random.Next(5) == 0 ? random.NextInt64(0, now.LastDeadLetterNumber + 2) : 0;
        checkpoint.TrimHandoversTo = random.Next(3) == 0 ? random.NextInt64(0, now.LastHandoverNumber + 2) : 0;
        changes.Held.AddRange(Enumerable.Range(0, random.Next(3)).Select(_ => new HeldMessage(random.Next(1, 30), Bytes(random))).DistinctBy(held => held.Number));
        changes.Unheld.AddRange(Enumerable.Range(0, random.Next(3)).Select(_ => (long)random.Next(1, 30)));
        checkpoint.Positions[Name(random)] = random.NextInt64(1L << 50);
        checkpoint.Cursors[Name(random)] = random.Next();
        changes.Counters[Name(random)] = random.Next();
        changes.Shared = random.Next(3) == 0 ? Bytes(random) : null;
        return checkpoint;
    }

    private static string Describe(IStateStore store, Random random)
    {
        var text = new StringBuilder();
        string[] names = [.. Enumerable.Range(0, Names).Select(Name)];
        foreach (string name in names)
        {
            byte[]? state = store.LoadCustomer(name);
            text.AppendLine($"{name}: {(state is null ? "none" : Convert.ToHexString(state))}, {store.LoadId(name)}, aliases {string.Join(' ', store.LoadAliases(name).Order(StringComparer.Ordinal))}");
        }
        StoredTimer? after = random.Next(2) == 0 ? null : new StoredTimer(random.Next(4) - 1, Name(random));
        text.AppendLine($"timers {string.Join(' ', store.LoadTimers(after, random.Next(4), random.Next(1, 12)))} of {store.CountCustomers()}");
        text.AppendLine($"{Numbers(store.LoadPositions())} {Numbers(store.LoadCursors())} {Numbers(store.LoadCounters())} {Convert.ToHexString(store.LoadShared() ?? [])}");
        text.AppendLine($"last {store.LastFactPosition} {store.LastDeadLetterNumber} {store.LastHandoverNumber}");
        text.AppendLine($"facts {string.Join(' ', store.ReadFacts(random.NextInt64(store.LastFactPosition + 1), 7).Select(fact => $"{fact.Position}:{fact.Customer}:{fact.Cause}"))}");
        text.AppendLine($"dead {string.Join(' ', store.ReadDeadLetters(random.NextInt64(store.LastDeadLetterNumber + 1), 3).Select(letter => $"{letter.Number}:{letter.Position}:{Convert.ToHexString(letter.Record.Span)}"))}");
        text.AppendLine($"handovers {string.Join(' ', store.ReadHandovers(random.NextInt64(store.LastHandoverNumber + 1), 3).Select(message => $"{message.Number}:{message.To}:{Convert.ToHexString(message.Body.Span)}"))}");
        text.AppendLine($"held {string.Join(' ', store.LoadHeld().Select(message => $"{message.Number}:{Convert.ToHexString(message.Body.Span)}"))}");
        text.AppendLine($"tombstones {string.Join(' ', store.LoadTombstones().OrderBy(tombstone => tombstone.Digest))}");
        text.AppendLine($"quarantine {string.Join(' ', store.LoadQuarantine().Select(q => $"{q.Id}:{Convert.ToHexString(q.State.Span)}").Order(StringComparer.Ordinal))}");
        text.AppendLine($"erasures {string.Join(' ', Enumerable.Range(0, 8).Select(digest => Erasure(store.LoadErasure((UInt128)digest))))}");
        text.AppendLine($"pending {string.Join(' ', store.LoadPendingErasures().OrderBy(erasure => erasure.Digest).Select(Erasure))}");
        return text.ToString();
    }

    /// <summary>The fake does not keep decisions, and so counts none.</summary>
    private static string Erasure(Erasure? erasure) =>
        erasure is null ? "-" : JsonSerializer.Serialize(erasure with { Removed = erasure.Removed.Where(pair => pair.Value != 0).OrderBy(pair => pair.Key).ToDictionary() });

    private static string Numbers(IReadOnlyDictionary<string, long> numbers) => string.Join(' ', numbers.OrderBy(pair => pair.Key, StringComparer.Ordinal));

    private static OutboxFact Fact(long position, Random random) => new()
    {
        Position = position, Id = $"f{position}", Customer = Name(random), Seq = 1, AtMs = 1, Kind = FactKind.StageChanged, Cause = random.Next(4) == 0 ? "erase" : "timer", Line = "{}"u8.ToArray(),
    };

    private static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(1, 9)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Name(Random random) => Name(random.Next(Names));

    /// <summary>Some are beginnings of others, one is empty, some are no ASCII.</summary>
    private static string Name(int i) => i == 0 ? "" : new string((char)("aé中".AsSpan()[i % 3]), i / 3 + 1);
}
