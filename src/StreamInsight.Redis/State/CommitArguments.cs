using System.Globalization;
using StackExchange.Redis;
using StreamInsight.Decisions;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Redis.State;

/// <summary>A checkpoint as the arguments of <see cref="StateScripts.Commit"/>.</summary>
internal sealed class CommitArguments
{
    /// <summary>Redis takes 1,048,576 parts in one command; some are not ours.</summary>
    public const int Max = 1_048_000;

    private readonly List<RedisValue> _arguments = [];

    public CommitArguments(string writer, long generation, long number)
    {
        _arguments.Add(writer);
        _arguments.Add(Text(generation));
        _arguments.Add(Text(number));
    }

    public RedisValue[] ToArray() => [.. _arguments];

    public static RedisValue Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <param name="last">The numbers of the store before the checkpoint.</param>
    /// <param name="erased">What the checkpoint's erasures find, in their order.</param>
    public void Add(Checkpoint checkpoint, LastNumbers last, IReadOnlyList<ErasedRows> erased, DecisionRetention retention)
    {
        LastNumbers now = last.After(checkpoint);
        if (now != last)
            Add("HSET", StateKey.Meta, ["facts", Text(now.Fact), "dead", Text(now.DeadLetter), "handovers", Text(now.Handover)]);
        AddCustomers(checkpoint.Changes);
        AddErasures(checkpoint, last, erased, retention);

        Add("RPUSH", StateKey.Facts, [.. checkpoint.Facts.Select(fact => (RedisValue)StateRows.Fact(fact))]);
        Trim(StateKey.Facts, checkpoint.TrimFactsTo, now.Fact);
        Add("RPUSH", StateKey.Dead, [.. checkpoint.DeadLetters.Select(letter => (RedisValue)StateRows.DeadLetter(letter))]);
        Blank(StateKey.Dead, now.DeadLetter, checkpoint.RemovedDeadLetters);
        Trim(StateKey.Dead, checkpoint.TrimDeadLettersTo, now.DeadLetter);
        Add("RPUSH", StateKey.Handovers, [.. checkpoint.Handovers.Select(message => (RedisValue)StateRows.Handover(message))]);
        Trim(StateKey.Handovers, checkpoint.TrimHandoversTo, now.Handover);

        Add("HSET", StateKey.Held, Pairs(checkpoint.Changes.Held, message => Text(message.Number), message => message.Body.ToArray()));
        Add("HDEL", StateKey.Held, [.. checkpoint.Changes.Unheld.Select(Text)]);
        AddNumbers(StateKey.Counters, checkpoint.Changes.Counters);
        AddNumbers(StateKey.Positions, checkpoint.Positions);
        AddNumbers(StateKey.Cursors, checkpoint.Cursors);
        if (checkpoint.Changes.Shared is { } shared)
            Add("SET", StateKey.Shared, [shared]);
        if (_arguments.Count > Max)
            throw new InvalidOperationException($"One commit of {_arguments.Count} parts is more than Redis takes in one command ({Max}).");
    }

    private void AddCustomers(HostChanges changes)
    {
        CustomerRow[] timed = [.. changes.Customers.Where(customer => customer.NextTimerMs != long.MaxValue)];
        string[] untimed = [.. changes.Customers.Where(customer => customer.NextTimerMs == long.MaxValue).Select(customer => customer.Id)];
        Add("HSET", StateKey.Customers, Pairs(changes.Customers, customer => customer.Id, customer => StateRows.Customer(customer)));
        Add("HDEL", StateKey.Customers, Values(changes.RemovedCustomers));
        Add("ZADD", StateKey.Timers, Pairs(timed, customer => Text(customer.NextTimerMs), customer => customer.Id));
        Add("ZREM", StateKey.Timers, Values([.. untimed, .. changes.RemovedCustomers]));

        var ids = Pairs(changes.Ids, id => id.Id, id => StateRows.Id(id));
        Add("IDS", StateKey.Ids, ids);
        Add("IDS", StateKey.Ids, Pairs(changes.RemovedIds, id => id, _ => ""));

        Add("HSET", StateKey.Quarantine, Pairs(changes.Quarantined, customer => customer.Id, customer => StateRows.Quarantined(customer)));
        Add("HDEL", StateKey.Quarantine, Values(changes.Released));
        Add("ZADD", StateKey.Tombstones, Pairs(changes.Tombstones, tombstone => Text(tombstone.UntilMs), tombstone => StateRows.Digest(tombstone.Digest)));
    }

    private void AddErasures(Checkpoint checkpoint, LastNumbers last, IReadOnlyList<ErasedRows> erased, DecisionRetention retention)
    {
        HashSet<string> ids = [.. checkpoint.Erasures.SelectMany(erasure => erasure.Ids)];
        DecisionRecord[] decisions = [.. checkpoint.Changes.Decisions.Where(decision => !ids.Contains(decision.Customer))];
        if (decisions.Length > 0)
        {
            Add("DECIDE", StateKey.Decisions,
            [
                Text((long)retention.Keep.TotalMilliseconds), Text(retention.Max),
                .. decisions.SelectMany(decision => (RedisValue[])[decision.Id, Text(decision.AtMs), StateRows.Decision(decision)]),
            ]);
        }
        foreach ((Erasure erasure, ErasedRows rows) in checkpoint.Erasures.Zip(erased))
        {
            Blank(StateKey.Facts, last.Fact, rows.Facts);
            Add("HDEL", StateKey.Decisions, Values(rows.Decisions));
            Add("ZREM", StateKey.Decided, Values(rows.Decisions));
            Add("ZREM", StateKey.DecisionsOf, [.. rows.DecisionsOf.Select(member => (RedisValue)member)]);
            Add("HDEL", StateKey.Quarantine, Values(erasure.Ids));
            int decided = checkpoint.Changes.Decisions.Count(decision => erasure.Ids.Contains(decision.Customer));
            Keep(erasure.With("facts", rows.Facts.Count).With("decisions", rows.Decisions.Count + decided));
        }
        foreach (Erasure erasure in checkpoint.ErasureProgress)
            Keep(erasure);
        if (checkpoint.TombstonesOverMs > 0)
            Add("OVER", StateKey.Erasures, [Text(checkpoint.TombstonesOverMs)]);
    }

    private void Keep(Erasure erasure)
    {
        byte[] digest = StateRows.Digest(erasure.Digest);
        Add("HSET", StateKey.Erasures, [digest, StateRows.Erasure(erasure)]);
        Add(erasure.IsDone ? "SREM" : "SADD", StateKey.Pending, [digest]);
        if (erasure.IsDone)
            Add("ZADD", StateKey.Done, [Text(erasure.UntilMs), digest]);
        else
            Add("ZREM", StateKey.Done, [digest]);
    }

    private void Blank(StateKey list, long last, IReadOnlyCollection<long> numbers)
    {
        if (numbers.Count > 0)
            Add("BLANK", list, [Text(last), .. numbers.Select(Text)]);
    }

    /// <summary>What stays is counted from the end: nobody need know where a list begins.</summary>
    private void Trim(StateKey list, long upTo, long last)
    {
        if (upTo >= last && upTo > 0)
            Operation("DEL", list, 0);
        else if (upTo > 0)
            Add("LTRIM", list, [Text(upTo - last), "-1"]);
    }

    private void AddNumbers(StateKey hash, Dictionary<string, long> numbers) => Add("HSET", hash, Pairs(numbers, pair => pair.Key, pair => Text(pair.Value)));

    private void Add(string operation, StateKey key, RedisValue[] arguments)
    {
        if (arguments.Length == 0)
            return;
        Operation(operation, key, arguments.Length);
        _arguments.AddRange(arguments);
    }

    private void Operation(string operation, StateKey key, int arguments)
    {
        _arguments.Add(operation);
        _arguments.Add((int)key + 1);
        _arguments.Add(arguments);
    }

    private static RedisValue[] Values(IReadOnlyCollection<string> texts) => [.. texts.Select(text => (RedisValue)text)];

    private static RedisValue[] Pairs<T>(IReadOnlyCollection<T> items, Func<T, RedisValue> first, Func<T, RedisValue> second)
    {
        var pairs = new RedisValue[2 * items.Count];
        int at = 0;
        foreach (T item in items)
        {
            pairs[at++] = first(item);
            pairs[at++] = second(item);
        }
        return pairs;
    }
}
