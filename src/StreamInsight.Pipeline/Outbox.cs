namespace StreamInsight.Pipeline;

/// <summary>
/// The committed facts on their way to the sinks: the newest in memory, all of them in the store. Bounded: what the slowest sink has not taken yet is at most
/// <see cref="Capacity"/> facts before the worker stops taking messages. Any thread.
/// </summary>
public sealed class Outbox
{
    private const int MinInMemory = 4096;

    private readonly IStateStore _store;
    private readonly Lock _gate = new();
    private readonly OutboxFact?[] _recent;     // by position modulo its length
    private readonly List<OutboxCursor> _cursors = [];
    private readonly List<OutboxCursor> _deadLetters = [];
    private readonly List<OutboxCursor> _handovers = [];
    private readonly List<WakeSignal> _listeners = [];
    private long _last;

    /// <param name="capacity">Facts that may wait for the slowest sink.</param>
    /// <param name="history">Facts kept behind the slowest sink, for queries and for streams that resume.</param>
    public Outbox(IStateStore store, int capacity, int history)
    {
        _store = store;
        Capacity = capacity;
        History = history;
        _last = store.LastFactPosition;
        _recent = new OutboxFact?[Math.Max(history, MinInMemory)];
    }

    public int Capacity { get; }

    public int History { get; }

    /// <summary>Set when a sink has taken something.</summary>
    public WakeSignal Taken { get; } = new();

    /// <summary>The last committed position; 0 = none yet.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    /// <summary>Facts the slowest sink that holds the sources has not taken yet.</summary>
    public long Depth
    {
        get
        {
            lock (_gate)
                return _last - _cursors.Where(cursor => cursor.HoldsSources).Select(cursor => cursor.Position).DefaultIfEmpty(_last).Min();
        }
    }

    public bool IsFull => Depth >= Capacity;

    /// <summary>Facts up to here may be forgotten; 0 = none.</summary>
    public long TrimTo
    {
        get
        {
            lock (_gate)
                return Math.Max(0, Math.Min(_last - History, _cursors.Count == 0 ? long.MaxValue : _cursors.Min(cursor => cursor.Position)));
        }
    }

    /// <summary>A sink has moved on since cursors were last put into a checkpoint.</summary>
    internal bool HasUnsavedCursors
    {
        get
        {
            lock (_gate)
                return _cursors.Exists(cursor => cursor.IsUnsaved) || _deadLetters.Exists(cursor => cursor.IsUnsaved) || _handovers.Exists(cursor => cursor.IsUnsaved);
        }
    }

    internal void SaveCursors(Checkpoint checkpoint)
    {
        lock (_gate)
        {
            foreach (OutboxCursor cursor in _cursors.Concat(_deadLetters).Concat(_handovers))
            {
                if (cursor.IsUnsaved)
                    checkpoint.Cursors[cursor.Sink] = cursor.Save();
            }
        }
    }

    /// <summary>Dead letters up to this number may be forgotten, when at least <paramref name="kept"/> up to <paramref name="last"/> stay; 0 = none.</summary>
    internal long TrimDeadLettersTo(long last, int kept)
    {
        lock (_gate)
            return Math.Max(0, Math.Min(last - kept, _deadLetters.Count == 0 ? long.MaxValue : _deadLetters.Min(cursor => cursor.Position)));
    }

    /// <summary>Gives a sink its cursor; it starts where it was, a new one at the oldest fact still kept.</summary>
    /// <param name="holdsSources">False: how far it is behind does not count for <see cref="IsFull"/>.</param>
    public OutboxCursor AddSink(string name, bool holdsSources = true)
    {
        long at = _store.LoadCursors().TryGetValue(name, out long stored) ? Math.Min(stored, Last) : 0;
        var cursor = new OutboxCursor(this, name, at, holdsSources);
        lock (_gate)
            _cursors.Add(cursor);
        return cursor;
    }

    /// <summary>Gives a second place of dead letters its cursor over their numbers; it is stored like a sink's and holds nothing up.</summary>
    internal OutboxCursor AddDeadLetters(string name) => AddCursor("dead:" + name, _deadLetters);

    /// <summary>The same over the numbers of messages to other partitions.</summary>
    internal OutboxCursor AddHandovers(string name) => AddCursor("handover:" + name, _handovers);

    /// <summary>Messages to other partitions up to here may be forgotten; 0 = none.</summary>
    internal long TrimHandoversTo
    {
        get
        {
            lock (_gate)
                return _handovers.Count == 0 ? 0 : _handovers.Min(cursor => cursor.Position);
        }
    }

    /// <summary>Sets <paramref name="signal"/> whenever there is something new, until disposed.</summary>
    public IDisposable Listen(WakeSignal signal)
    {
        lock (_gate)
            _listeners.Add(signal);
        return new Listener(this, signal);
    }

    /// <summary>Facts after a position, in order, at most <paramref name="max"/>; empty = none yet.</summary>
    public IReadOnlyList<OutboxFact> Read(long after, int max)
    {
        lock (_gate)
        {
            if (after >= _last)
                return [];
            if (_recent[(after + 1) % _recent.Length] is { } first && first.Position == after + 1)
            {
                var facts = new OutboxFact[(int)Math.Min(max, _last - after)];
                int count = 0;
                while (count < facts.Length && _recent[(after + 1 + count) % _recent.Length] is { } next)
                    facts[count++] = next;
                return count == facts.Length ? facts : facts[..count];
            }
        }
        return _store.ReadFacts(after, max);
    }

    /// <summary>Facts of these customers up to a position are gone from the store; a hole in memory is read from there.</summary>
    internal void Forget(IReadOnlyCollection<string> customers, long upTo)
    {
        lock (_gate)
        {
            for (int i = 0; i < _recent.Length; i++)
            {
                if (_recent[i] is { } fact && fact.Position <= upTo && customers.Contains(fact.Customer) && fact.Cause != "erase")
                    _recent[i] = null;
            }
        }
    }

    /// <summary>The worker tells what has just been committed.</summary>
    internal void Committed(IReadOnlyList<OutboxFact> facts, bool hasMore)
    {
        if (facts.Count == 0 && !hasMore)
            return;
        WakeSignal[] listeners;
        lock (_gate)
        {
            foreach (OutboxFact fact in facts)
                _recent[fact.Position % _recent.Length] = fact;
            if (facts.Count > 0)
                _last = facts[^1].Position;
            listeners = [.. _listeners];
        }
        foreach (WakeSignal listener in listeners)
            listener.Set();
    }

    private OutboxCursor AddCursor(string key, List<OutboxCursor> among)
    {
        var cursor = new OutboxCursor(this, key, _store.LoadCursors().GetValueOrDefault(key));
        lock (_gate)
            among.Add(cursor);
        return cursor;
    }

    private sealed class Listener(Outbox outbox, WakeSignal signal) : IDisposable
    {
        public void Dispose()
        {
            lock (outbox._gate)
                outbox._listeners.Remove(signal);
        }
    }
}
