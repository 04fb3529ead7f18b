using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using StreamInsight.Decisions;
using StreamInsight.Engine;
using StreamInsight.Events;
using StreamInsight.Explain;
using StreamInsight.Facts;
using StreamInsight.Identity;
using StreamInsight.Orleans.Wire;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Routing;
using StreamInsight.Segments;

namespace StreamInsight.Orleans.Customers;

/// <summary>
/// A partition's customers, each in a grain. Here, beside the worker, are identities, timers, tombstones, and the newest state of every customer that is not committed;
/// a run is grouped by customer, and each customer's grain is called once, all of them at the same time. Because every answer carries the state, the death of a
/// silo costs the calls under way and nothing else: they are made again, with the state, wherever the grain is by then.
/// </summary>
public sealed class CustomerGrainHost : ICustomerHost
{
    private const string MergeRefused = "merge_refused", LimitRefused = "identity_limit";

    private readonly SiloModel _model;
    private readonly IStateStore _store;
    private readonly CustomerCalls _calls;
    private readonly CustomerEngine _engine;
    private readonly CustomerViews _views;
    private readonly ProfileWriter _profiles;
    private readonly CustomerLookups _lookups;
    private readonly IdentityMap _ids = new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
    private readonly List<CustomerSeat> _seats = [];   // by slot
    private readonly TimerQueue _timers;
    private readonly Dictionary<string, SourcePosition> _applied = [];
    private readonly Dictionary<string, long> _counters;
    private readonly Dictionary<UInt128, long> _tombstones;
    private readonly HashSet<string> _stopped = new(StringComparer.Ordinal);
    private readonly List<CustomerGroup> _groups = [];   // of the run in hand
    private readonly Stack<CustomerGroup> _spare = new();
    private readonly List<int> _dirtyCustomers = [], _dirtyIds = [], _taken = [], _due = [];
    private readonly HostChanges _coming = new();   // what is known before it is taken
    private readonly HostChanges _changes = new();

    public CustomerGrainHost(IGrainFactory grains, SiloModel model, IStateStore store, SiloAddress? near)
    {
        if (Refuse(model.Model) is { } reason)
            throw new NotSupportedException(reason);
        _model = model;
        _store = store;
        _calls = new CustomerCalls(grains, new CustomerCaller(Guid.NewGuid(), model.Fingerprint, near), store.LoadCustomer);
        _engine = new CustomerEngine(model.Model);
        _views = new CustomerViews(_engine);
        _profiles = new ProfileWriter(model.Model, _engine.Shared);
        _lookups = new CustomerLookups(model.Model);
        _timers = new TimerQueue(store);
        Decisions = DecisionFigures.Of(model.Model, _engine.Shared);
        _counters = store.LoadCounters().Where(counter => !SegmentCounts.IsFlow(counter.Key)).ToDictionary();
        foreach ((string source, long offset) in store.LoadPositions())
            _applied[source] = new SourcePosition(source, offset, int.MaxValue);
        _tombstones = store.LoadTombstones().ToDictionary(tombstone => tombstone.Digest, tombstone => tombstone.UntilMs);
        CustomerCount = _counters.GetValueOrDefault("customers");
        foreach (QuarantinedCustomer customer in store.LoadQuarantine())
            TryRelease(customer);
    }

    public long NextTimerMs => _timers.NextMs;

    public long CustomerCount { get; private set; }

    public int StoppedCustomers => _stopped.Count;

    public DecisionFigures Decisions { get; }

    /// <summary>Calls of grains so far, how often one had to be given its state anew, and how often a call was lost.</summary>
    internal (long Made, long StatesGiven, long Lost) Calls => (_calls.Made, _calls.StatesGiven, _calls.Lost);

    /// <summary>Why customers of this model cannot live in grains of their own; null = they can.</summary>
    public static string? Refuse(CompiledModel model) =>
        model.Actions.Count == 0 && model.Learnings.Count == 0 && model.Definition.Queues.Count == 0 ? null
        : $"The customers of {model.Id} share what actions, learned scores and queues know, which grains of one customer each cannot: say orleans: {{ grain: partition }}.";

    public async ValueTask ProcessAsync(MessageRun run, List<Fact> facts)
    {
        for (int i = 0; i < run.Count; i++)
        {
            if (!Admits(run, i, out int slot))
                continue;
            CustomerEvent message = run.Message(i)!;
            if (message.Refusal == Refusal.None && message.LinkedId is { IsEmpty: false } other)
            {
                int from = SlotOf(other.Span);
                if (Known(_ids.Root(from)).IsStopped)
                {
                    Refuse(run, i, Refusal.Stopped);
                    continue;
                }
                if (message.RecordTimeMs >= _seats[from].ErasedUntilMs)   // nothing leads from an erased id; the message is its userId's own
                    await LinkAsync(from, slot, message, run, facts);
            }
            Enqueue(i, slot, message);
        }
        await FlushAsync(run, facts);
    }

    public async ValueTask<int> FireTimersAsync(long untilMs, int max, List<Fact> facts)
    {
        int fired = 0;
        while (fired < max)
        {
            _due.Clear();
            while (fired + _due.Count < max && _timers.TryTake(untilMs, SlotOf, out int slot))
            {
                // The queue may hold an instant the customer has moved past, or a customer that ended.
                CustomerSeat seat = Known(slot);
                if (!seat.Exists || seat.NextTimerMs == long.MaxValue)
                    continue;
                if (seat.NextTimerMs <= untilMs)
                    _due.Add(slot);
                else
                    _timers.Set(slot, seat.NextTimerMs);
            }
            if (_due.Count == 0)
                break;
            Task<CustomerAnswer>[] calls = [.. _due.Select(slot => _calls.AskAsync(_seats[slot], _ids.Name(slot), untilMs, static (grain, ticket, untilMs) => grain.AdvanceAsync(ticket, untilMs)).AsTask())];
            await Task.WhenAll(calls);
            for (int i = 0; i < calls.Length; i++)
            {
                facts.AddRange(calls[i].Result.Step.Facts);
                Take(_due[i], calls[i].Result);
            }
            fired += calls.Length;
        }
        return fired;
    }

    public ValueTask<HostChanges> TakeChangesAsync()
    {
        _changes.Clear();
        foreach (int slot in _dirtyCustomers)
        {
            CustomerSeat seat = _seats[slot];
            seat.IsDirty = false;
            if (seat is { Exists: true, Row: { } row })
            {
                _changes.Customers.Add(new CustomerRow(_ids.Name(slot), seat.NextTimerMs, seat.Stage, row));
                _taken.Add(slot);
            }
        }
        _dirtyIds.Sort();
        for (int i = 0; i < _dirtyIds.Count; i++)
        {
            int slot = _dirtyIds[i];
            if (i == 0 || slot != _dirtyIds[i - 1])
                _changes.Ids.Add(new IdRow(_ids.Name(slot), _ids.Parent(slot) is >= 0 and var parent ? _ids.Name(parent) : null, _ids.IsKnown(slot), _ids.Links(slot)));
        }
        _changes.RemovedCustomers.AddRange(_coming.RemovedCustomers);
        _changes.RemovedIds.AddRange(_coming.RemovedIds);
        _changes.Tombstones.AddRange(_coming.Tombstones);
        _changes.Quarantined.AddRange(_coming.Quarantined);
        _changes.Released.AddRange(_coming.Released);
        _changes.NewLookups.AddRange(_coming.NewLookups);
        _counters["customers"] = CustomerCount;
        if (!_changes.IsEmpty)
            foreach ((string name, long count) in _counters)
                _changes.Counters[name] = count;
        _dirtyCustomers.Clear();
        _dirtyIds.Clear();
        _coming.Clear();
        return new(_changes);
    }

    /// <summary>States that are committed are the store's to keep.</summary>
    public void Trim()
    {
        foreach (int slot in _taken)
            if (!_seats[slot].IsDirty)
                _seats[slot].Row = null;
        _taken.Clear();
    }

    public ValueTask<CustomerView?[]> ViewAsync(IReadOnlyList<string> customers) => new([.. customers.Select(View)]);

    public ValueTask<byte[]?> ProfileAsync(string id) => new(Find(id) is { } customer ? Json(output => _profiles.Write(customer, output)) : null);

    public ValueTask<byte[]?> ExplainAsync(string id, long nowMs) =>
        new(Find(id) is { } customer ? Json(output => ExplanationWriter.Write(new Explainer(_model.Model, _engine.Shared).Explain(customer, nowMs), output)) : null);

    public ValueTask<byte[]> ReportAsync() => new(Json(output => ReportWriter.Write(_model.Model, _engine.Shared, output)));

    public ValueTask<QueueState?> QueueAsync(string name, long nowMs) => default;

    public ValueTask<Erasure?> EraseAsync(string id, long nowMs, long forgetAfterMs, List<Fact> facts)
    {
        int slot = SlotOf(Encoding.UTF8.GetBytes(id)), root = _ids.Root(slot);
        CustomerSeat seat = Known(root);
        CustomerState? customer = StateOf(root);
        bool wasStopped = seat.IsStopped;
        if (customer is null && slot == root && _ids.Links(root) == 0 && !_ids.IsKnown(root) && seat.ErasedUntilMs == 0 && !wasStopped)
            return default;

        int segments = customer is null ? 0 : _model.Model.SegmentsOf(customer).Count();
        long atMs = Math.Max(nowMs, customer?.ClockMs ?? nowMs);
        var ids = new List<int> { root };
        for (int i = 0; i < ids.Count; i++)
            ids.AddRange(_store.LoadAliases(_ids.Name(ids[i])).Select(alias => SlotOf(Encoding.UTF8.GetBytes(alias))));
        var erasure = new Erasure { Digest = Bury(root, atMs + forgetAfterMs), AtMs = atMs, UntilMs = atMs + forgetAfterMs, Ids = [.. ids.Select(_ids.Name)] };
        foreach (int alias in ids.Skip(1))
            Bury(alias, erasure.UntilMs);
        if (customer is not null)
        {
            _engine.Erase(customer, facts);
            Remove(root);
        }
        seat.IsStopped = false;
        _stopped.Remove(_ids.Name(root));
        return new(erasure
            .With("state", customer is null && !wasStopped ? 0 : 1)
            .With("timers", customer is null || customer.NextTimerMs == long.MaxValue ? 0 : 1)
            .With("segments", segments)
            .With("aliases", ids.Count - 1));
    }

    private static void Refuse(MessageRun run, int i, Refusal reason)
    {
        if (reason != Refusal.None)
            run.Refuse(new RefusedMessage(run.Position(i), reason, run.RecordTimeMs(i), run.Message(i)!.Message));
    }

    /// <summary>Whether a message goes to a customer; if not, the run says why.</summary>
    private bool Admits(MessageRun run, int i, out int slot)
    {
        slot = -1;
        CustomerEvent message = run.Message(i)!;
        SourcePosition position = run.Position(i);
        if (!message.IsDecoded)
        {
            Refuse(run, i, message.Refusal);
            return false;
        }
        if (_applied.TryGetValue(position.Source, out SourcePosition applied) && !position.IsAfter(applied))
            return false;
        _applied[position.Source] = position;
        if (_model.Model.Events.IsOfQueue(message))
        {
            Refuse(run, i, message.Refusal);
            return false;
        }
        slot = SlotOf(message.UserId.IsEmpty ? message.AnonymousId.Span : message.UserId.Span);
        if (message.Refusal == Refusal.None && message.RecordTimeMs < _seats[slot].ErasedUntilMs)
        {
            Refuse(run, i, Refusal.Erased);
            return false;
        }
        CustomerSeat seat = Known(_ids.Root(slot));
        if (seat.IsStopped || (message.Refusal != Refusal.None && !seat.Exists && seat.Group is null))
        {
            Refuse(run, i, message.Refusal == Refusal.None ? Refusal.Stopped : message.Refusal);
            return false;
        }
        return true;
    }

    private void Enqueue(int i, int slot, CustomerEvent message)
    {
        int root = _ids.Root(slot);
        CustomerSeat seat = Known(root);
        if (seat.Group is null)
        {
            seat.Group = _spare.TryPop(out CustomerGroup? spare) ? spare : new CustomerGroup();
            seat.Group.Root = root;
            _groups.Add(seat.Group);
        }
        seat.Group.Add(i, slot);
    }

    /// <summary>Before two customers can become one, what came before for either of them is applied: it may make an id known, and its facts come first.</summary>
    private async ValueTask LinkAsync(int from, int slot, CustomerEvent message, MessageRun run, List<Fact> facts)
    {
        if (_ids.Root(from) != _ids.Root(slot) && (_seats[_ids.Root(from)].Group is not null || _seats[_ids.Root(slot)].Group is not null))
            await FlushAsync(run, facts);
        switch (_ids.Link(from, slot, message.Type == MessageType.Alias, out int ended))
        {
            case LinkOutcome.RefusedMerge:
                Count(MergeRefused);
                break;
            case LinkOutcome.RefusedLimit:
                Count(LimitRefused);
                break;
            case LinkOutcome.Linked:
                _dirtyIds.Add(ended);
                _dirtyIds.Add(_ids.Root(slot));
                await MergeAsync(ended, _ids.Root(slot), message.RecordTimeMs, facts);
                break;
        }
    }

    private async ValueTask MergeAsync(int ended, int into, long recordTimeMs, List<Fact> facts)
    {
        if (!Known(ended).Exists)
            return;
        Known(into);
        byte[] from = RowOf(ended)!;
        CustomerAnswer answer = await _calls.AskAsync(
            _seats[into], _ids.Name(into), (from, recordTimeMs), static (grain, ticket, what) => grain.MergeAsync(ticket, what.from, what.recordTimeMs));
        facts.AddRange(answer.Step.Facts);
        Take(into, answer);
        Remove(ended);
    }

    /// <summary>Calls every customer that has messages, at the same time, and takes what came of it, in the order in which they came first.</summary>
    private async ValueTask FlushAsync(MessageRun run, List<Fact> facts)
    {
        foreach (CustomerGroup group in _groups)
            group.Call = _calls.AskAsync(
                _seats[group.Root], _ids.Name(group.Root), new MessageParcel(run, group.Picks), static (grain, ticket, messages) => grain.ApplyAsync(ticket, messages)).AsTask();
        foreach (CustomerGroup group in _groups)
        {
            CustomerAnswer answer = await group.Call!;
            facts.AddRange(answer.Step.Facts);
            for (int i = 0; i < group.Picks.Count; i++)
                Accept(run, group.Picks[i], answer.Step.Refusal(i), group.Slots[i], group.Root);
            Take(group.Root, answer);
        }
        foreach (CustomerGroup group in _groups)
        {
            _seats[group.Root].Group = null;
            group.Clear();
            _spare.Push(group);
        }
        _groups.Clear();
    }

    private void Accept(MessageRun run, int i, Refusal refusal, int slot, int root)
    {
        Refuse(run, i, refusal);
        CustomerEvent message = run.Message(i)!;
        if (refusal != Refusal.None)
            return;
        if (message.Type is MessageType.Identify or MessageType.Group && _lookups.AreSetBy(message.Traits))
            _coming.NewLookups.Add(_ids.Name(root));
        if (!message.UserId.IsEmpty && _ids.MarkKnown(slot))
            _dirtyIds.Add(slot);
    }

    /// <summary>The state after a step is the customer's from now on.</summary>
    private void Take(int slot, CustomerAnswer answer)
    {
        CustomerSeat seat = _seats[slot];
        seat.Version++;
        if (answer.Row is null)
            return;
        if (!seat.Exists)
        {
            seat.Exists = true;
            CustomerCount++;
        }
        seat.Row = answer.Row;
        seat.Stage = answer.Stage;
        seat.NextTimerMs = answer.NextTimerMs;
        Touched(slot, seat);
    }

    private void Touched(int slot, CustomerSeat seat)
    {
        _timers.Set(slot, seat.NextTimerMs);
        if (seat.IsDirty)
            return;
        seat.IsDirty = true;
        _dirtyCustomers.Add(slot);
    }

    private void Remove(int slot)
    {
        CustomerSeat seat = _seats[slot];
        seat.Exists = false;
        seat.Row = null;
        seat.Version = 0;
        seat.NextTimerMs = long.MaxValue;
        if (seat.Grain is not null)
            _ = seat.Grain.ForgetAsync();
        _coming.RemovedCustomers.Add(_ids.Name(slot));
        CustomerCount--;
    }

    /// <summary>Nothing is remembered of the id but that its records are refused.</summary>
    private UInt128 Bury(int slot, long untilMs)
    {
        string name = _ids.Name(slot);
        UInt128 digest = IdDigest.Of(name, _store.Secret.Span);
        _ids.Forget(slot);
        _seats[slot].ErasedUntilMs = untilMs;
        _tombstones[digest] = untilMs;
        _coming.Tombstones.Add(new Tombstone(digest, untilMs));
        _coming.RemovedIds.Add(name);
        return digest;
    }

    /// <summary>The id's slot; what the store remembers of the id is loaded with it.</summary>
    private int SlotOf(ReadOnlySpan<byte> id)
    {
        int slot = _ids.GetOrAdd(id);
        if (slot < _seats.Count)
            return slot;
        string name = _ids.Name(slot);
        _seats.Add(new CustomerSeat
        {
            ErasedUntilMs = _tombstones.Count == 0 ? 0 : _tombstones.GetValueOrDefault(IdDigest.Of(id, _store.Secret.Span)),
            IsStopped = _stopped.Count > 0 && _stopped.Contains(name),
        });
        if (_store.LoadId(name) is not { } row)
            return slot;
        if (row.IsKnown)
            _ids.MarkKnown(slot);
        _ids.Restore(slot, row.LinkedTo is { } parent ? SlotOf(Encoding.UTF8.GetBytes(parent)) : -1, row.Links);
        return slot;
    }

    /// <summary>The seat of a slot, once the store was asked for a state. A row that is no state of this model stops its customer and nobody else.</summary>
    private CustomerSeat Known(int slot)
    {
        CustomerSeat seat = _seats[slot];
        if (seat.IsKnown)
            return seat;
        seat.IsKnown = true;
        string id = _ids.Name(slot);
        if (_store.LoadCustomer(id) is not { } row)
            return seat;
        if (Decode(row, out string? fault) is { } customer)
        {
            seat.Exists = true;
            seat.Row = row;   // most likely asked for next
            seat.NextTimerMs = customer.NextTimerMs;
            seat.Stage = StageOf(customer);
            _taken.Add(slot);
            return seat;
        }
        seat.IsStopped = true;
        _stopped.Add(id);
        _coming.Quarantined.Add(new QuarantinedCustomer(id, fault!, row));
        _coming.RemovedCustomers.Add(id);
        CustomerCount--;
        return seat;
    }

    private CustomerState? Decode(ReadOnlySpan<byte> row, out string? fault)
    {
        try
        {
            CustomerState customer = StateCodec.Decode(row, _model.Model);
            fault = null;
            return customer;
        }
        catch (InvalidDataException error)
        {
            fault = error.Message;
        }
        catch (Exception error) when (error is ArgumentException or OverflowException or IndexOutOfRangeException or InvalidOperationException or NullReferenceException)
        {
            fault = $"State: {error.GetType().Name} while reading it.";
        }
        return null;
    }

    /// <summary>At every start: a release that can read what an earlier one could not goes on with the customer.</summary>
    private void TryRelease(QuarantinedCustomer customer)
    {
        if (Decode(customer.State.Span, out _) is not { } state)
        {
            _stopped.Add(customer.Id);
            return;
        }
        int slot = SlotOf(Encoding.UTF8.GetBytes(customer.Id));
        CustomerSeat seat = _seats[slot];
        seat.IsKnown = true;
        seat.Exists = true;
        seat.Row = customer.State.ToArray();
        seat.NextTimerMs = state.NextTimerMs;
        seat.Stage = StageOf(state);
        CustomerCount++;
        Touched(slot, seat);
        _coming.Released.Add(customer.Id);
    }

    private byte[]? RowOf(int slot) => _seats[slot].Row ?? _store.LoadCustomer(_ids.Name(slot));

    private CustomerState? StateOf(int slot) => Known(slot).Exists ? StateCodec.Decode(RowOf(slot), _model.Model) : null;

    private CustomerState? Find(string id) => StateOf(_ids.Root(SlotOf(Encoding.UTF8.GetBytes(id))));

    private CustomerView? View(string customer)
    {
        int slot = SlotOf(Encoding.UTF8.GetBytes(customer));
        return _ids.Root(slot) == slot && StateOf(slot) is { } state ? _views.Of(state) : null;
    }

    private string? StageOf(CustomerState customer) => _model.Model.Journey?.Stages[customer.Stage];

    private void Count(string counter) => _counters[counter] = _counters.GetValueOrDefault(counter) + 1;

    private static byte[] Json(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
