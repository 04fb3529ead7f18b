using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using StreamInsight.Decisions;
using StreamInsight.Events;
using StreamInsight.Explain;
using StreamInsight.Facts;
using StreamInsight.Identity;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Routing;
using StreamInsight.Segments;
using StreamInsight.State;

namespace StreamInsight.Pipeline;

/// <summary>
/// One partition's customers and ids in this process. Loads them from the store when they are first touched, remembers what changed, and lets customers go again
/// that were not touched for a while once there are more than <see cref="MaxInMemory"/>. One owner; nothing here blocks but a load.
/// </summary>
public sealed partial class LocalCustomerHost : ICustomerHost
{
    internal const string MergeRefused = "merge_refused", LimitRefused = "identity_limit";

    private readonly CustomerEngine _engine;
    private readonly IStateStore _store;
    private readonly IdentityMap _ids = new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
    private readonly List<Seat> _seats = [];          // by slot
    private readonly List<int> _dirtyCustomers = [];
    private readonly List<int> _dirtyIds = [];
    private readonly List<string> _removedCustomers = [];
    private readonly List<string> _newLookups = [];
    private readonly Dictionary<int, List<int>> _newLinks = [];   // since the process began; the store has the others
    private readonly Dictionary<string, SourcePosition> _applied = [];
    private readonly Dictionary<string, long> _counters;
    private readonly Dictionary<UInt128, long> _tombstones;
    private readonly List<Tombstone> _newTombstones = [];
    private readonly List<string> _removedIds = [];
    private readonly List<Erasure> _erased = [];   // told by other partitions
    private readonly List<DecisionRecord> _decided = [];
    private readonly HashSet<string> _stopped = new(StringComparer.Ordinal);
    private readonly List<QuarantinedCustomer> _quarantined = [];
    private readonly List<string> _released = [];
    private readonly TimerQueue _timers;
    private readonly Crossings? _crossings;
    private readonly ProfileWriter _profiles;
    private readonly CustomerLookups _lookups;
    private readonly CustomerViews _views;
    private readonly StateWriter _writer = new();
    private readonly List<int> _ends = [];
    private readonly HostChanges _changes = new();
    private volatile DecisionFigures _figures;
    private int _inMemory;
    private int _checkpoints;

    /// <param name="place">Which of several partitions it is; null = there is one, everybody's home.</param>
    public LocalCustomerHost(CompiledModel model, IStateStore store, PartitionPlace? place = null)
    {
        _engine = new CustomerEngine(model);
        _store = store;
        if (store.LoadShared() is { } shared)
            _engine.Shared.Decode(shared);
        _figures = DecisionFigures.Of(model, _engine.Shared);
        _profiles = new ProfileWriter(model, _engine.Shared);
        _lookups = new CustomerLookups(model);
        _views = new CustomerViews(_engine);
        _timers = new TimerQueue(store);
        _counters = store.LoadCounters().Where(counter => !SegmentCounts.IsFlow(counter.Key)).ToDictionary();
        foreach ((string source, long offset) in store.LoadPositions())
            _applied[source] = new SourcePosition(source, offset, int.MaxValue);
        _tombstones = store.LoadTombstones().ToDictionary(tombstone => tombstone.Digest, tombstone => tombstone.UntilMs);
        CustomerCount = _counters.GetValueOrDefault("customers");
        _crossings = place is null ? null : new Crossings(this, place, store.LastHandoverNumber);
        foreach (QuarantinedCustomer customer in store.LoadQuarantine())
            TryRelease(customer);
        _crossings?.Restore(store.LoadHeld());
    }

    /// <summary>Customers kept in memory; the least lately touched go first.</summary>
    public int MaxInMemory { get; init; } = 1_000_000;

    public long CustomerCount { get; private set; }

    public int StoppedCustomers => _stopped.Count;

    public CompiledModel Model => _engine.Model;

    /// <summary>What all customers share. Read between two batches.</summary>
    public SharedState Shared => _engine.Shared;

    public DecisionFigures Decisions => _figures;

    public long NextTimerMs => _timers.NextMs;

    public bool IsAwaited => _decided.Count > 0 || _crossings is { HasOutgoing: true };

    /// <summary>Messages that wait for a merge with a customer of another partition.</summary>
    public int HeldMessages => _crossings?.HeldCount ?? 0;

    /// <summary>How the model's queues stand; to be read on the worker's turn.</summary>
    public QueueBoard Queues => _engine.Shared.Queues;

    ValueTask ICustomerHost.ProcessAsync(MessageRun run, List<Fact> facts)
    {
        Prefetch(run);
        for (int i = 0; i < run.Count; i++)
        {
            if (run.Message(i) is not { } message)
                _crossings!.Receive(HandoverCodec.Decode(run.Handover(i)), run, facts);
            else if (Process(message, run.Position(i), facts) is var refusal and not Refusal.None)
                run.Refuse(new RefusedMessage(run.Position(i), refusal, run.RecordTimeMs(i), message.Message));
        }
        return ValueTask.CompletedTask;
    }

    ValueTask<int> ICustomerHost.FireTimersAsync(long untilMs, int max, List<Fact> facts) => new(FireTimers(untilMs, max, facts));

    ValueTask<HostChanges> ICustomerHost.TakeChangesAsync() => new(TakeChanges());

    ValueTask<CustomerView?[]> ICustomerHost.ViewAsync(IReadOnlyList<string> customers) => new([.. customers.Select(View)]);

    ValueTask<byte[]?> ICustomerHost.ProfileAsync(string id) => new(Find(id) is { } customer ? Json(output => _profiles.Write(customer, output)) : null);

    ValueTask<byte[]?> ICustomerHost.ExplainAsync(string id, long nowMs) =>
        new(Find(id) is { } customer ? Json(output => ExplanationWriter.Write(new Explainer(Model, Shared).Explain(customer, nowMs), output)) : null);

    ValueTask<byte[]> ICustomerHost.ReportAsync() => new(Json(output => ReportWriter.Write(Model, Shared, output)));

    ValueTask<QueueState?> ICustomerHost.QueueAsync(string name, long nowMs) => new(Queues.IndexOf(name) is >= 0 and var queue ? Queues.At(queue, nowMs) : null);

    ValueTask<Erasure?> ICustomerHost.EraseAsync(string id, long nowMs, long forgetAfterMs, List<Fact> facts) => new(Erase(id, nowMs, forgetAfterMs, facts));

    /// <summary>Applies one decoded message: identity, then the customer's engine. Gives why it is refused; <see cref="Refusal.None"/> = accepted, or seen before.</summary>
    public Refusal Process(CustomerEvent message, SourcePosition position, List<Fact> facts)
    {
        if (!message.IsDecoded)
            return message.Refusal;
        if (_applied.TryGetValue(position.Source, out SourcePosition applied) && !position.IsAfter(applied))
            return Refusal.None;
        _applied[position.Source] = position;

        if (Model.Events.IsOfQueue(message))
        {
            _crossings?.Broadcast(message, position);
            return ApplyQueue(message);
        }
        return Process(SlotOf(message.UserId.IsEmpty ? message.AnonymousId.Span : message.UserId.Span), message, position, facts);
    }

    /// <summary>The message of one id.</summary>
    /// <param name="isLinked">What it links is done.</param>
    /// <param name="heldNumber">It is held under this number; 0 = it is not.</param>
    internal Refusal Process(int slot, CustomerEvent message, SourcePosition position, List<Fact> facts, bool isLinked = false, long heldNumber = 0)
    {
        if (message.Refusal == Refusal.None && message.RecordTimeMs < _seats[slot].ErasedUntilMs)
            return Refusal.Erased;
        if (_crossings is { } crossings && crossings.TakesOver(_ids.Root(slot), message, position))
            return Refusal.None;
        if (message.Refusal == Refusal.None)
        {
            int other = isLinked || message.LinkedId is not { IsEmpty: false } linked ? -1 : SlotOf(linked.Span);
            if (IsStopped(slot) || (other >= 0 && IsStopped(other)))
                return Refusal.Stopped;
            if (other >= 0 && _crossings is { } asked && !asked.IsFree(_ids.Root(other)) && message.RecordTimeMs >= _seats[other].ErasedUntilMs)
            {
                asked.Claim(_ids.Root(slot), _ids.Root(other), message, position, heldNumber);
                return Refusal.None;
            }
            if (other >= 0)
                Link(message, slot, other, facts);
        }

        int root = _ids.Root(slot);
        CustomerState? customer = Load(root);
        bool isNew = customer is null;
        if (isNew && message.Refusal != Refusal.None)
            return message.Refusal;

        customer ??= _engine.Create(_ids.Name(root), message.RecordTimeMs);
        Refusal refusal = _engine.Apply(customer, message, position, facts);
        if (_engine.Decided is { } decided)
            _decided.Add(decided);
        if (isNew && refusal != Refusal.None)
            return refusal;
        if (isNew)
            Admit(root, customer);
        Touched(root);
        if (refusal == Refusal.None && message.Type is MessageType.Identify or MessageType.Group && _lookups.AreSetBy(message.Traits))
            _newLookups.Add(customer.Id);
        if (refusal == Refusal.None && message.UserId.Span.SequenceEqual(_ids.Utf8(slot)) && _ids.MarkKnown(slot))
            _dirtyIds.Add(slot);
        return refusal;
    }

    internal Refusal ApplyQueue(CustomerEvent message)
    {
        if (message.Refusal == Refusal.None)
            _engine.ApplyQueue(message);
        return message.Refusal;
    }

    public int FireTimers(long untilMs, int max, List<Fact> facts)
    {
        int fired = 0;
        while (fired < max && _timers.TryTake(untilMs, SlotOf, out int slot))
        {
            // The queue may hold an instant the customer has moved past, or a customer that ended.
            if (Load(slot) is not { } customer || customer.NextTimerMs == long.MaxValue || _crossings?.IsHeld(slot) == true)
                continue;
            if (customer.NextTimerMs <= untilMs)
            {
                _engine.Advance(customer, customer.NextTimerMs, facts);
                fired++;
            }

            Touched(slot);
        }

        return fired;
    }

    public HostChanges TakeChanges()
    {
        _changes.Clear();
        EncodeDirty();
        _dirtyIds.Sort();
        for (int i = 0; i < _dirtyIds.Count; i++)
        {
            int slot = _dirtyIds[i];
            if (i == 0 || slot != _dirtyIds[i - 1])
                _changes.Ids.Add(new IdRow(_ids.Name(slot), _ids.Parent(slot) is >= 0 and var parent ? _ids.Name(parent) : null, _ids.IsKnown(slot), _ids.Links(slot)));
        }

        _changes.RemovedCustomers.AddRange(_removedCustomers);
        _changes.RemovedIds.AddRange(_removedIds);
        _changes.Tombstones.AddRange(_newTombstones);
        _changes.Decisions.AddRange(_decided);
        if (_engine.Shared.IsDirty)
        {
            _changes.Shared = EncodeShared();
            _figures = DecisionFigures.Of(Model, _engine.Shared);
        }

        _changes.Quarantined.AddRange(_quarantined);
        _changes.Released.AddRange(_released);
        _changes.NewLookups.AddRange(_newLookups);
        _crossings?.TakeChanges(_changes);
        _changes.Erasures.AddRange(_erased);
        _counters["customers"] = CustomerCount;
        if (!_changes.IsEmpty)
            foreach ((string name, long count) in _counters)
                _changes.Counters[name] = count;

        _dirtyCustomers.Clear();
        _dirtyIds.Clear();
        _removedCustomers.Clear();
        _removedIds.Clear();
        _erased.Clear();
        _newTombstones.Clear();
        _decided.Clear();
        _quarantined.Clear();
        _released.Clear();
        _newLookups.Clear();
        _checkpoints++;
        return _changes;
    }

    /// <summary>
    /// Lets customers go that were not touched in the last checkpoints, if there are too many. Call only when everything taken by <see cref="TakeChanges"/> is
    /// committed: a customer let go is loaded from the store.
    /// </summary>
    public void Trim()
    {
        for (int age = 64; _inMemory > MaxInMemory && age >= 1; age /= 4)
            foreach (Seat seat in _seats)
                if (seat.Customer is not null && !seat.IsDirty && seat.TouchedAt <= _checkpoints - age)
                {
                    seat.Customer = null;
                    seat.IsStored = true;
                    _inMemory--;
                }
    }

    public CustomerView? View(string customer)
    {
        int slot = SlotOf(Encoding.UTF8.GetBytes(customer));
        if (Load(slot) is { } state && _ids.Root(slot) == slot)
            return _views.Of(state);
        return null;
    }

    public bool WriteProfile(string id, IBufferWriter<byte> line)
    {
        if (Find(id) is not { } customer)
            return false;
        _profiles.Write(customer, line);
        return true;
    }

    /// <summary>The customer an id belongs to now; null = none.</summary>
    public CustomerState? Find(string id) => Load(_ids.Root(SlotOf(Encoding.UTF8.GetBytes(id))));

    private void Link(CustomerEvent message, int slot, int from, List<Fact> facts)
    {
        if (message.RecordTimeMs < _seats[from].ErasedUntilMs)
            return;   // nothing leads from an erased id; the message is its userId's own
        switch (_ids.Link(from, slot, message.Type == MessageType.Alias, out int ended))
        {
            case LinkOutcome.RefusedMerge:
                Count(MergeRefused);
                break;
            case LinkOutcome.RefusedLimit:
                Count(LimitRefused);
                break;
            case LinkOutcome.Linked:
                Linked(ended, _ids.Root(slot));
                _dirtyIds.Add(_ids.Root(slot));
                Merge(ended, _ids.Root(slot), message.RecordTimeMs, facts);
                break;
        }
    }

    private void Merge(int ended, int into, long recordTimeMs, List<Fact> facts)
    {
        if (Load(ended) is not { } from)
            return;
        CustomerState? target = Load(into);
        CustomerState merged = _engine.Merge(from, target, _ids.Name(into), recordTimeMs, facts);
        if (target is null)
            Admit(into, merged);
        Touched(into);

        Remove(ended, from);
    }

    private void Remove(int slot, CustomerState customer)
    {
        _seats[slot].Customer = null;
        _removedCustomers.Add(customer.Id);
        _inMemory--;
        CustomerCount--;
    }

    /// <summary>The id's slot; what the store remembers of the id is loaded with it.</summary>
    internal int SlotOf(ReadOnlySpan<byte> id)
    {
        int slot = _ids.GetOrAdd(id);
        if (slot < _seats.Count)
            return slot;

        // A customer who was only ever anonymous has no row among the ids, but may well have a state.
        _seats.Add(new Seat
        {
            IsStored = true,
            IsHome = _crossings is null || _crossings.IsHome(id),
            ErasedUntilMs = _tombstones.Count == 0 ? 0 : _tombstones.GetValueOrDefault(IdDigest.Of(id, _store.Secret.Span)),
            IsStopped = _stopped.Count > 0 && _stopped.Contains(_ids.Name(slot)),
        });
        if (_store.LoadId(_ids.Name(slot)) is not { } row)
            return slot;
        if (row.IsKnown)
            _ids.MarkKnown(slot);
        _ids.Restore(slot, row.LinkedTo is { } parent ? SlotOf(Encoding.UTF8.GetBytes(parent)) : -1, row.Links);
        return slot;
    }

    private void Admit(int slot, CustomerState customer)
    {
        _seats[slot].Customer = customer;
        _inMemory++;
        CustomerCount++;
    }

    private void Touched(int slot)
    {
        Seat seat = _seats[slot];
        _timers.Set(slot, seat.Customer!.NextTimerMs);
        if (seat.IsDirty)
            return;
        seat.IsDirty = true;
        _dirtyCustomers.Add(slot);
    }

    private void Count(string counter) => _counters[counter] = _counters.GetValueOrDefault(counter) + 1;

    private byte[] EncodeShared()
    {
        var writer = new StateWriter();   // the other one still holds the customers of this checkpoint
        _engine.Shared.Encode(writer);
        _engine.Shared.IsDirty = false;
        return writer.Written.ToArray();
    }

    private string? StageOf(CustomerState customer) => Model.Journey?.Stages[customer.Stage];

    /// <summary>All dirty customers one after the other into one buffer, which is theirs until the next checkpoint.</summary>
    private void EncodeDirty()
    {
        _writer.Clear();
        _ends.Clear();
        foreach (int slot in _dirtyCustomers)
        {
            Seat seat = _seats[slot];
            seat.IsDirty = false;
            seat.TouchedAt = _checkpoints;
            if (seat.Customer is { } customer)
                StateCodec.Encode(customer, Model, _writer);
            _ends.Add(_writer.Written.Length);
        }

        int start = 0;
        for (int i = 0; i < _ends.Count; start = _ends[i++])
            if (_seats[_dirtyCustomers[i]].Customer is { } customer)
                _changes.Customers.Add(new CustomerRow(customer.Id, customer.NextTimerMs, StageOf(customer), _writer.Memory[start.._ends[i]]));
    }

    private static byte[] Json(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        write(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>What is kept for one id.</summary>
    private sealed class Seat
    {
        public CustomerState? Customer;
        public bool IsDirty;

        /// <summary>The id's home is this partition.</summary>
        public bool IsHome;

        /// <summary>The store may have a state that is not loaded.</summary>
        public bool IsStored;

        public int TouchedAt;

        /// <summary>Its state cannot be read.</summary>
        public bool IsStopped;

        /// <summary>It was erased: its records are refused while their record time is below this.</summary>
        public long ErasedUntilMs;
    }
}
