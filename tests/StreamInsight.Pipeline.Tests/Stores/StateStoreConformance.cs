using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;
using Xunit;

namespace StreamInsight.Pipeline.Tests.Stores;

/// <summary>What every state store promises. Each test also looks through a store opened anew over the same data.</summary>
public abstract class StateStoreConformance : IDisposable
{
    private IStateStore? _store;

    protected IStateStore Store => _store ??= Open();

    /// <summary>Opens the store over the test's data.</summary>
    protected abstract IStateStore Open();

    /// <summary>Whether customers may live on several partitions: messages between them are kept, and those that wait for a merge.</summary>
    protected virtual bool KeepsHandovers => true;

    /// <summary>Called between a commit and a look: whatever the store does in the background, done now.</summary>
    protected virtual void Settle(IStateStore store)
    {
    }

    public virtual void Dispose()
    {
        _store?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Committed_customer_is_loaded()
    {
        Commit(customers: [Customer("u1", "one")]);
        Everywhere(store => Assert.Equal("one", Text(store.LoadCustomer("u1"))));
        Everywhere(store => Assert.Null(store.LoadCustomer("u2")));
    }

    [Fact]
    public void Newest_state_of_a_customer_wins()
    {
        Commit(customers: [Customer("u1", "one"), Customer("u2", "other")]);
        Commit(customers: [Customer("u1", "two")]);
        Everywhere(store => Assert.Equal("two", Text(store.LoadCustomer("u1"))));
        Commit(customers: [Customer("u1", "three")]);
        Everywhere(store => Assert.Equal("three", Text(store.LoadCustomer("u1"))));
        Everywhere(store => Assert.Equal("other", Text(store.LoadCustomer("u2"))));
    }

    [Fact]
    public void Removed_customer_is_gone_and_may_come_back()
    {
        Commit(customers: [Customer("u1", "one")]);
        Everywhere(store => Assert.Equal(1, store.CountCustomers()));
        Commit(removed: ["u1"]);
        Everywhere(store => Assert.Null(store.LoadCustomer("u1")));
        Everywhere(store => Assert.Equal(0, store.CountCustomers()));
        Commit(customers: [Customer("u1", "again")]);
        Everywhere(store => Assert.Equal("again", Text(store.LoadCustomer("u1"))));
        Everywhere(store => Assert.Equal(1, store.CountCustomers()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("it's \"quoted\"; DROP TABLE customers")]
    [InlineData("Zoë 😀")]
    [InlineData(" u1 ")]
    public void Ids_are_kept_as_they_are(string id)
    {
        string near = id + "\0";
        Commit(customers: [Customer(id, "this"), Customer(near, "near")], ids: [new IdRow(id, near, true, 3)]);
        Everywhere(store =>
        {
            Assert.Equal("this", Text(store.LoadCustomer(id)));
            Assert.Equal("near", Text(store.LoadCustomer(near)));
            Assert.Equal(new IdRow(id, near, true, 3), store.LoadId(id));
            Assert.Equal([id], store.LoadAliases(near));
        });
    }

    [Fact]
    public void Ids_are_loaded_as_committed()
    {
        Commit(ids: [new IdRow("a", null, false, 2), new IdRow("b", "a", true, 0), new IdRow("c", "a", false, 0)]);
        Commit(ids: [new IdRow("a", null, true, 2)], removedIds: ["c"]);
        Everywhere(store =>
        {
            Assert.Equal(new IdRow("a", null, true, 2), store.LoadId("a"));
            Assert.Equal(new IdRow("b", "a", true, 0), store.LoadId("b"));
            Assert.Null(store.LoadId("c"));
            Assert.Equal(["b"], store.LoadAliases("a"));
        });
    }

    [Fact]
    public void Timers_come_by_due_then_id_page_by_page()
    {
        Commit(customers: [Customer("c", "", 10), Customer("a", "", 20), Customer("b", "", 10), Customer("never", "", long.MaxValue), Customer("late", "", 99)]);
        Commit(customers: [Customer("d", "", 5), Customer("e", "", 10)]);
        Everywhere(store =>
        {
            Assert.Equal([new(5, "d"), new(10, "b"), new(10, "c"), new(10, "e"), new(20, "a")], store.LoadTimers(null, 20, 100));
            Assert.Equal([new(5, "d"), new(10, "b")], store.LoadTimers(null, 20, 2));
            Assert.Equal([new(10, "c"), new(10, "e")], store.LoadTimers(new StoredTimer(10, "b"), 20, 2));
            Assert.Equal([new(20, "a")], store.LoadTimers(new StoredTimer(10, "e"), 20, 2));
            Assert.Empty(store.LoadTimers(new StoredTimer(20, "a"), 20, 2));
            Assert.Empty(store.LoadTimers(null, 4, 2));
        });
    }

    [Fact]
    public void A_moved_or_ended_timer_is_not_seen_at_its_old_place()
    {
        Commit(customers: [Customer("a", "", 10), Customer("b", "", 11), Customer("c", "", 12)]);
        Settle(Store);
        Commit(customers: [Customer("a", "", 30), Customer("b", "", long.MaxValue)], removed: ["c"]);
        Everywhere(store => Assert.Equal([new(30, "a")], store.LoadTimers(null, 100, 10)));
    }

    [Fact]
    public void Positions_cursors_and_counters_are_kept()
    {
        Commit(fill: c =>
        {
            c.Positions["log"] = 5;
            c.Positions["topic/0"] = 7;
            c.Cursors["redis"] = 3;
            c.Changes.Counters["merge_refused"] = 2;
            c.Changes.Shared = [1, 2];
        });
        Commit(fill: c =>
        {
            c.Positions["log"] = 9;
            c.Cursors["redis"] = 4;
        });
        Everywhere(store =>
        {
            Assert.Equal(new Dictionary<string, long> { ["log"] = 9, ["topic/0"] = 7 }, store.LoadPositions());
            Assert.Equal(new Dictionary<string, long> { ["redis"] = 4 }, store.LoadCursors());
            Assert.Equal(new Dictionary<string, long> { ["merge_refused"] = 2 }, store.LoadCounters());
            Assert.Equal([1, 2], store.LoadShared());
        });
    }

    [Fact]
    public void Facts_are_read_in_order_with_everything_they_carry()
    {
        OutboxFact entered = Fact(1, FactKind.SegmentEntered, "big") with
        {
            After = new CustomerView { Customer = "u1", Seq = 1, ClockMs = 5, Stage = "buyer", Segments = ["big", "x"], Model = "shop@1" },
        };
        OutboxFact trigger = Fact(2, FactKind.Trigger, "big_in") with { To = ["redis", "hook"], ExpiresAtMs = 99 };
        Commit(fill: c => c.Facts.AddRange([entered, trigger]));
        Commit(fill: c => c.Facts.Add(Fact(3, FactKind.SegmentLeft, "big")));
        Everywhere(store =>
        {
            IReadOnlyList<OutboxFact> facts = store.ReadFacts(0, 10);
            Assert.Equal([1, 2, 3], facts.Select(f => f.Position));
            Assert.Equal(Describe(entered), Describe(facts[0]));
            Assert.Equal(Describe(trigger), Describe(facts[1]));
            Assert.Equal([2, 3], store.ReadFacts(1, 10).Select(f => f.Position));
            Assert.Equal([2], store.ReadFacts(1, 1).Select(f => f.Position));
            Assert.Equal(3, store.LastFactPosition);
        });
    }

    [Fact]
    public void Trimmed_facts_are_gone_and_their_positions_are_not_used_again()
    {
        Commit(fill: c => c.Facts.AddRange([Fact(1, FactKind.StageChanged), Fact(2, FactKind.StageChanged)]));
        Commit(fill: c => c.TrimFactsTo = 2);
        Everywhere(store =>
        {
            Assert.Empty(store.ReadFacts(0, 10));
            Assert.Equal(2, store.LastFactPosition);
        });
    }

    [Fact]
    public void Dead_letters_are_kept_with_their_bytes()
    {
        var letter = new DeadLetter(1, new SourcePosition("log", 17, 2), Refusal.TooDeep, 1234, new byte[] { 0xff, 0, (byte)'{' });
        Commit(fill: c => c.DeadLetters.Add(letter));
        Everywhere(store =>
        {
            DeadLetter read = Assert.Single(store.ReadDeadLetters(0, 10));
            Assert.Equal(letter with { Record = default }, read with { Record = default });
            Assert.Equal(letter.Record.ToArray(), read.Record.ToArray());
            Assert.Empty(store.ReadDeadLetters(1, 10));
            Assert.Equal(1, store.LastDeadLetterNumber);
        });
    }

    [Fact]
    public void Trimmed_dead_letters_are_gone_and_their_numbers_are_not_used_again()
    {
        DeadLetter Letter(long number) => new(number, new SourcePosition("log", number, -1), Refusal.Late, 0, default);
        Commit(fill: c => c.DeadLetters.AddRange([Letter(1), Letter(2)]));
        Commit(fill: c => c.TrimDeadLettersTo = 2);
        Everywhere(store =>
        {
            Assert.Empty(store.ReadDeadLetters(0, 10));
            Assert.Equal(2, store.LastDeadLetterNumber);
        });
    }

    [Fact]
    public void Removed_dead_letters_are_gone_and_their_numbers_are_not_used_again()
    {
        DeadLetter Letter(long number) => new(number, new SourcePosition("log", number, -1), Refusal.Late, 0, default);
        Commit(fill: c => c.DeadLetters.AddRange([Letter(1), Letter(2), Letter(3)]));
        Commit(fill: c => c.RemovedDeadLetters.AddRange([1, 3, 7]));
        Everywhere(store =>
        {
            Assert.Equal([2], store.ReadDeadLetters(0, 10).Select(letter => letter.Number));
            Assert.Equal(3, store.LastDeadLetterNumber);
        });
    }

    [Fact]
    public void The_secret_stays_for_the_stores_life()
    {
        byte[] secret = Store.Secret.ToArray();
        Assert.NotEmpty(secret);
        Everywhere(store => Assert.Equal(secret, store.Secret.ToArray()));
    }

    [Fact]
    public void An_erasure_takes_earlier_facts_of_its_ids_and_is_kept_with_their_count()
    {
        Commit(fill: c => c.Facts.AddRange([Fact(1, FactKind.StageChanged), Fact(2, FactKind.StageChanged) with { Customer = "a1" }, Fact(3, FactKind.StageChanged) with { Customer = "other" }]));
        var erasure = new Erasure
        {
            Digest = UInt128.MaxValue - 5, AtMs = 1000, UntilMs = 2000, Ids = ["u1", "a1", "Zoë 😀"], FactPosition = 5, Pending = ["redis", "log"],
            Positions = new Dictionary<string, long> { ["log"] = 7 }, Removed = new Dictionary<string, long> { ["state"] = 1 },
        };
        Commit(fill: c =>
        {
            c.Facts.AddRange([Fact(4, FactKind.SegmentLeft, "big") with { Cause = "erase" }, Fact(5, FactKind.Erased) with { Cause = "erase" }]);
            c.Erasures.Add(erasure);
        });
        Everywhere(store =>
        {
            Assert.Equal([3, 4, 5], store.ReadFacts(0, 10).Select(fact => fact.Position));
            Assert.Equal(Describe(erasure.With("facts", 2)), Describe(store.LoadErasure(erasure.Digest)!));
            Assert.Equal(Describe(erasure.With("facts", 2)), Describe(Assert.Single(store.LoadPendingErasures())));
            Assert.Null(store.LoadErasure(5));
        });

        // Again, before a sink has taken the last ones: they stay.
        Commit(fill: c => c.Erasures.Add(erasure.With("facts", 2)));
        Commit(fill: c => c.ErasureProgress.Add(erasure.With("redis", 9).Without("redis").Without("log")));
        Everywhere(store =>
        {
            Assert.Equal([3, 4, 5], store.ReadFacts(0, 10).Select(fact => fact.Position));
            Assert.Empty(store.LoadPendingErasures());
            Erasure done = store.LoadErasure(erasure.Digest)!;
            Assert.Empty(done.Ids);
            Assert.Equal(9, done.Removed["redis"]);
        });
    }

    [Fact]
    public void A_position_is_not_used_again_when_an_erasure_took_the_last_fact()
    {
        Commit(fill: c => c.Facts.AddRange([Fact(1, FactKind.StageChanged), Fact(2, FactKind.StageChanged)]));
        Commit(fill: c => c.Erasures.Add(new Erasure { Digest = 1, AtMs = 0, UntilMs = 1, Ids = ["u1"] }));
        Everywhere(store =>
        {
            Assert.Empty(store.ReadFacts(0, 10));
            Assert.Equal(2, store.LastFactPosition);
        });
    }

    [Fact]
    public void Tombstones_stay_until_their_time_is_over_and_so_do_erasures_that_are_done()
    {
        Commit(fill: c =>
        {
            c.Changes.Tombstones.AddRange([new(UInt128.MaxValue, 100), new(2, 200), new(3, 300)]);
            c.Erasures.AddRange([Erasure(1, 100), Erasure(2, 200), Erasure(3, 100) with { Pending = ["redis"] }]);
        });
        Commit(fill: c => c.Changes.Tombstones.Add(new(2, 250)));
        Everywhere(store => Assert.Equal([new Tombstone(UInt128.MaxValue, 100), new(2, 250), new(3, 300)], store.LoadTombstones().OrderBy(t => t.UntilMs)));
        Commit(fill: c => c.TombstonesOverMs = 200);
        Everywhere(store =>
        {
            Assert.Equal([new Tombstone(2, 250), new(3, 300)], store.LoadTombstones().OrderBy(t => t.UntilMs));
            Assert.Equal([false, false, true], new UInt128[] { 1, 2, 3 }.Select(digest => store.LoadErasure(digest) is not null));
        });

        static Erasure Erasure(UInt128 digest, long untilMs) => new() { Digest = digest, AtMs = 0, UntilMs = untilMs };
    }

    [Fact]
    public void A_customer_set_aside_is_kept_until_it_is_released_or_erased()
    {
        Commit(customers: [Customer("u1", "broken"), Customer("u2", "too")]);
        Commit(removed: ["u1", "u2"], fill: c => c.Changes.Quarantined.AddRange([new("u1", "why", new byte[] { 1, 2 }), new("u2", "why not", new byte[] { 3 })]));
        Everywhere(store =>
        {
            Assert.Null(store.LoadCustomer("u1"));
            Assert.Equal([("u1", "why", "1,2"), ("u2", "why not", "3")], store.LoadQuarantine().OrderBy(q => q.Id).Select(q => (q.Id, q.Reason, string.Join(',', q.State.ToArray()))));
        });
        Commit(customers: [Customer("u1", "mended")], fill: c => c.Changes.Released.Add("u1"));
        Everywhere(store => Assert.Equal(["u2"], store.LoadQuarantine().Select(q => q.Id)));
        Commit(fill: c => c.Erasures.Add(new Erasure { Digest = 1, AtMs = 0, UntilMs = 1, Ids = ["u2"] }));
        Everywhere(store => Assert.Empty(store.LoadQuarantine()));
    }

    [Fact]
    public void Handovers_are_read_in_order_until_they_are_trimmed_and_their_numbers_are_not_used_again()
    {
        if (!KeepsHandovers)
            return;
        Commit(fill: c => c.Handovers.AddRange([Handover(1, 7), Handover(2, 0), Handover(3, 7)]));
        Everywhere(store =>
        {
            Assert.Equal([Describe(Handover(1, 7)), Describe(Handover(2, 0)), Describe(Handover(3, 7))], store.ReadHandovers(0, 10).Select(Describe));
            Assert.Equal([2L], store.ReadHandovers(1, 1).Select(message => message.Number));
            Assert.Empty(store.ReadHandovers(3, 10));
            Assert.Equal(3, store.LastHandoverNumber);
        });
        Commit(fill: c => c.TrimHandoversTo = 2);
        Everywhere(store => Assert.Equal([3L], store.ReadHandovers(0, 10).Select(message => message.Number)));
        Commit(fill: c =>
        {
            c.Handovers.Add(Handover(4, 1));
            c.TrimHandoversTo = 4;
        });
        Everywhere(store =>
        {
            Assert.Empty(store.ReadHandovers(0, 10));
            Assert.Equal(4, store.LastHandoverNumber);
        });
        Commit(fill: c => c.Handovers.Add(Handover(5, 1)));
        Commit(fill: c => c.TrimHandoversTo = 3);
        Everywhere(store => Assert.Equal([5L], store.ReadHandovers(0, 10).Select(message => message.Number)));

        static string Describe(Handover message) => $"{message.Number} to {message.To}: {Convert.ToHexString(message.Body.Span)}";
        static Handover Handover(long number, int to) => new(number, to, new byte[] { 0xff, 0, (byte)number });
    }

    [Fact]
    public void Held_messages_are_kept_in_order_until_they_are_let_go()
    {
        if (!KeepsHandovers)
            return;
        Commit(fill: c => c.Changes.Held.AddRange([Held(9), Held(10), Held(2)]));
        Commit(fill: c => c.Changes.Held.Add(Held(100)));
        Everywhere(store => Assert.Equal(["2: 00-02", "9: 00-09", "10: 00-0A", "100: 00-64"], store.LoadHeld().Select(Describe)));
        Commit(fill: c =>
        {
            c.Changes.Held.Add(Held(101));
            c.Changes.Unheld.AddRange([2, 10, 55]);
        });
        Everywhere(store => Assert.Equal([9L, 100, 101], store.LoadHeld().Select(message => message.Number)));
        Commit(fill: c => c.Changes.Unheld.AddRange([9, 100, 101]));
        Everywhere(store => Assert.Empty(store.LoadHeld()));

        static string Describe(HeldMessage message) => $"{message.Number}: {BitConverter.ToString(message.Body.ToArray())}";
        static HeldMessage Held(long number) => new(number, new byte[] { 0, (byte)number });
    }

    [Fact]
    public void What_was_prefetched_is_what_was_committed_last()
    {
        Commit(customers: [Customer("root", "one"), Customer("anon", "guest")], ids: [new IdRow("alias", "root", true, 0), new IdRow("root", null, false, 1)]);
        Everywhere(store =>
        {
            store.Prefetch(["alias", "anon", "nobody"]);
            Look(store, "one");
            Look(store, "one");
        });
        Store.Prefetch(["alias", "anon", "nobody"]);
        Commit(customers: [Customer("root", "two"), Customer("nobody", "new")], removed: ["anon"], ids: [new IdRow("nobody", "root", true, 0)], removedIds: ["alias"]);
        Assert.Equal("two", Text(Store.LoadCustomer("root")));
        Assert.Equal("new", Text(Store.LoadCustomer("nobody")));
        Assert.Null(Store.LoadCustomer("anon"));
        Assert.Null(Store.LoadId("alias"));
        Assert.Equal(new IdRow("nobody", "root", true, 0), Store.LoadId("nobody"));
        Store.Prefetch(["root", "nobody"]);
        Store.Prefetch([]);
        Assert.Equal("two", Text(Store.LoadCustomer("root")));

        static void Look(IStateStore store, string state)
        {
            Assert.Equal(new IdRow("alias", "root", true, 0), store.LoadId("alias"));
            Assert.Equal(new IdRow("root", null, false, 1), store.LoadId("root"));
            Assert.Equal(state, Text(store.LoadCustomer("root")));
            Assert.Equal("guest", Text(store.LoadCustomer("anon")));
            Assert.Null(store.LoadId("anon"));
            Assert.Null(store.LoadId("nobody"));
            Assert.Null(store.LoadCustomer("nobody"));
        }
    }

    [Fact]
    public void An_id_that_is_linked_anew_or_forgotten_is_no_alias_any_more()
    {
        Commit(ids: [new IdRow("a", "x", true, 0), new IdRow("b", "x", true, 0), new IdRow("c", "x", true, 0)]);
        Commit(ids: [new IdRow("a", "y", true, 0), new IdRow("b", "x", false, 1)], removedIds: ["c"]);
        Everywhere(store =>
        {
            Assert.Equal(["b"], store.LoadAliases("x"));
            Assert.Equal(["a"], store.LoadAliases("y"));
        });
        Commit(ids: [new IdRow("b", null, true, 0), new IdRow("c", "y", true, 0)]);
        Everywhere(store =>
        {
            Assert.Empty(store.LoadAliases("x"));
            Assert.Equal(["a", "c"], store.LoadAliases("y").Order(StringComparer.Ordinal));
        });
    }

    [Fact]
    public void A_commit_of_many_thousands_is_all_there()
    {
        const int Count = 32_768;
        Commit(
            customers: [.. Enumerable.Range(0, Count).Select(i => Customer($"u{i}", $"state {i}", i))],
            ids: [.. Enumerable.Range(0, Count).Select(i => new IdRow($"a{i}", $"u{i % 2}", true, 0))],
            fill: c => c.Facts.AddRange(Enumerable.Range(1, Count).Select(i => Fact(i, FactKind.StageChanged))));
        Commit(removed: [.. Enumerable.Range(0, 6_000).Select(i => $"u{i}")], removedIds: [.. Enumerable.Range(0, 6_000).Select(i => $"a{i}")], fill: c => c.TrimFactsTo = 6_000);
        Everywhere(store =>
        {
            Assert.Equal(Count - 6_000, store.CountCustomers());
            Assert.Equal("state 32000", Text(store.LoadCustomer("u32000")));
            Assert.Equal(Enumerable.Range(6_000, Count - 6_000).Select(i => new StoredTimer(i, $"u{i}")), store.LoadTimers(null, long.MaxValue - 1, Count));
            Assert.Equal(Count - 6_000, store.LoadAliases("u0").Count + store.LoadAliases("u1").Count);
            Assert.Equal(Enumerable.Range(6_001, Count - 6_000).Select(i => (long)i), store.ReadFacts(0, Count).Select(fact => fact.Position));
        });
    }

    [Fact]
    public void A_commit_that_fails_leaves_nothing()
    {
        Commit(customers: [Customer("u1", "one")], fill: c => c.Facts.Add(Fact(1, FactKind.StageChanged)));
        Assert.ThrowsAny<Exception>(() => Commit(
            customers: [Customer("u1", "two"), Customer("u2", "new")],
            ids: [new IdRow("u2", null, true, 0)],
            fill: c =>
            {
                c.Positions["log"] = 5;
                c.Changes.Counters["n"] = 1;
                c.Changes.Shared = [3];
                c.Cursors["redis"] = 1;
                c.Changes.Tombstones.Add(new Tombstone(1, 9));
                c.Changes.Quarantined.Add(new QuarantinedCustomer("u9", "why", new byte[] { 1 }));
                c.Erasures.Add(new Erasure { Digest = 1, AtMs = 0, UntilMs = 1, Ids = ["u7"], Pending = ["x"] });
                c.DeadLetters.Add(new DeadLetter(1, new SourcePosition("log", 1, -1), Refusal.Late, 0, default));
                c.Facts.Add(Fact(2, FactKind.StageChanged));
                c.Facts.Add(Fact(1, FactKind.StageChanged));
            }));
        Everywhere(store =>
        {
            Assert.Equal("one", Text(store.LoadCustomer("u1")));
            Assert.Null(store.LoadCustomer("u2"));
            Assert.Null(store.LoadId("u2"));
            Assert.Empty(store.LoadPositions());
            Assert.Empty(store.LoadCounters());
            Assert.Null(store.LoadShared());
            Assert.Empty(store.LoadCursors());
            Assert.Empty(store.LoadTombstones());
            Assert.Empty(store.LoadQuarantine());
            Assert.Empty(store.LoadPendingErasures());
            Assert.Empty(store.ReadDeadLetters(0, 10));
            Assert.Equal([1], store.ReadFacts(0, 10).Select(f => f.Position));
            Assert.Equal(1, store.LastFactPosition);
        });
        Commit(customers: [Customer("u2", "later")], fill: c => c.Facts.Add(Fact(2, FactKind.StageChanged)));
        Everywhere(store => Assert.Equal("later", Text(store.LoadCustomer("u2"))));
    }

    [Fact]
    public async Task Reading_goes_on_while_a_thousand_commits_run()
    {
        using var stop = new CancellationTokenSource();
        IStateStore store = Store;
        Task reading = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                string? text = Text(store.LoadCustomer("u7"));
                Assert.True(text is null || text.StartsWith("state", StringComparison.Ordinal));
                store.LoadTimers(null, 1000, 50);
            }
        });
        for (int i = 1; i <= 1000; i++)
            Commit(customers: [.. Enumerable.Range(0, 10).Select(n => Customer($"u{(i + n) % 40}", $"state {i}", i))]);
        await stop.CancelAsync();
        await reading;
        Everywhere(s => Assert.Equal(40, s.CountCustomers()));
        Everywhere(s => Assert.Equal("state 1000", Text(s.LoadCustomer("u0"))));
    }

    /// <summary>Through the store as it is, after its background work, and opened anew.</summary>
    private void Everywhere(Action<IStateStore> look)
    {
        look(Store);
        Settle(Store);
        look(Store);
        _store!.Dispose();
        _store = null;
        look(Store);
    }

    private void Commit(
        IReadOnlyList<CustomerRow>? customers = null, IReadOnlyList<string>? removed = null, IReadOnlyList<IdRow>? ids = null,
        IReadOnlyList<string>? removedIds = null, Action<Checkpoint>? fill = null)
    {
        var checkpoint = new Checkpoint { Changes = new HostChanges() };
        checkpoint.Changes.Customers.AddRange(customers ?? []);
        checkpoint.Changes.RemovedCustomers.AddRange(removed ?? []);
        checkpoint.Changes.Ids.AddRange(ids ?? []);
        checkpoint.Changes.RemovedIds.AddRange(removedIds ?? []);
        fill?.Invoke(checkpoint);
        Store.Commit(checkpoint);
    }

    private static CustomerRow Customer(string id, string state, long dueMs = 50) => new(id, dueMs, "new", Encoding.UTF8.GetBytes("=" + state));

    private static string? Text(byte[]? state) => state is null ? null : Encoding.UTF8.GetString(state)[1..];

    private static OutboxFact Fact(long position, FactKind kind, string? subject = null) => new()
    {
        Position = position,
        Id = $"id{position}",
        Customer = "u1",
        Seq = position,
        AtMs = 1000 + position,
        Kind = kind,
        Cause = "event:m1",
        Subject = subject,
        Line = Encoding.UTF8.GetBytes($"{{\"seq\":{position}}}"),
    };

    private static string Describe(Erasure e) =>
        $"{e.Digest} {e.AtMs} {e.UntilMs} [{string.Join('|', e.Ids)}] [{string.Join('|', e.Pending)}] {e.FactPosition} {string.Join(' ', e.Positions)} {string.Join(" ", e.Removed.Where(r => r.Value != 0).OrderBy(r => r.Key).Select(r => r.ToString()))}";

    private static string Describe(OutboxFact f) =>
        $"{f.Position} {f.Id} {f.Customer} {f.Seq} {f.AtMs} {f.Kind} {f.Cause} {f.Subject} [{(f.To is null ? "-" : string.Join(' ', f.To))}] {f.ExpiresAtMs} {Encoding.UTF8.GetString(f.Line.Span)} "
        + (f.After is { } v ? $"{v.Customer} {v.Seq} {v.ClockMs} {v.HasEnded} {v.Stage} {string.Join(' ', v.Segments)} {v.Model}" : "no view");
}
