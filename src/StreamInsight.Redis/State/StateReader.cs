using System.Diagnostics;
using System.Text;
using StackExchange.Redis;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis.State;

/// <summary>Asks Redis for what is stored of one partition, and waits for one that is away as long as its patience lasts. Any thread.</summary>
internal sealed class StateReader : IDisposable
{
    private const int MaxAttemptDelayMs = 1000;

    private readonly RedisNode _node;
    private readonly StateKeys _keys;
    private readonly TimeSpan _patience;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _stopping;
    private volatile string? _problem;

    /// <param name="patience">Zero = it throws at once.</param>
    public StateReader(RedisNode node, StateKeys keys, TimeSpan patience, CancellationToken stop)
    {
        _node = node;
        _keys = keys;
        _patience = patience;
        _stopping = stop.Register(_stop.Cancel);
    }

    /// <summary>Why a question waits; null = none does.</summary>
    public string? Problem => _problem;

    public T Ask<T>(Func<IDatabase, Task<T>> work)
    {
        long began = Stopwatch.GetTimestamp();
        for (int delayMs = 20; ; delayMs = Math.Min(2 * delayMs, MaxAttemptDelayMs))
        {
            try
            {
                T answer = _node.Run(work);
                _problem = null;
                return answer;
            }
            catch (DependencyUnavailableException error) when (error.MayPass && Stopwatch.GetElapsedTime(began) < _patience && !_stop.IsCancellationRequested)
            {
                _problem = error.Message;
                _stop.Token.WaitHandle.WaitOne(delayMs);
            }
        }
    }

    /// <summary>Of a sorted set of pairs: what stands behind an id.</summary>
    public string[] EndsOf(StateKey pairs, string id)
    {
        byte[] head = RowWriter.Head(id);
        byte[] from = [(byte)'[', .. head], to = [(byte)'(', .. head];
        to[^1]++; // no id ends with the byte 255, and no length does where the id is empty
        var found = (RedisResult[])Ask(database => database.ExecuteAsync("ZRANGEBYLEX", _keys[pairs], (RedisValue)from, (RedisValue)to))!;
        return [.. found.Select(pair => Encoding.UTF8.GetString(((byte[])pair!).AsSpan(head.Length)))];
    }

    /// <summary>Of a list without gaps: what is kept after a number, in order.</summary>
    public IReadOnlyList<T> ReadList<T>(StateKey list, string counter, long after, int max, Func<long, byte[], T> read)
    {
        var items = new List<T>();
        while (items.Count < max)
        {
            RedisValue[] arguments = [counter, after, max - items.Count];
            var answer = (RedisResult[])Ask(database => StateScript.ReadList.RunAsync(database, [_keys[StateKey.Meta], _keys[list]], arguments))!;
            long number = (long)answer[0];
            foreach (RedisResult row in (RedisResult[])answer[2]!)
            {
                number++;
                if ((byte[])row! is { Length: > 0 } bytes)
                    items.Add(read(number, bytes));
            }
            after = number;
            // A page of erased ones only is not the end.
            if (number >= (long)answer[1])
                break;
        }
        return items;
    }

    public Dictionary<string, long> LoadNumbers(StateKey hash) =>
        LoadHash(hash).ToDictionary(field => (string)field.Name!, field => (long)field.Value, StringComparer.Ordinal);

    public HashEntry[] LoadHash(StateKey hash) => Ask(database => database.HashGetAllAsync(_keys[hash]));

    public long MetaNumber(string field) => (long)Ask(database => database.HashGetAsync(_keys[StateKey.Meta], field));

    /// <summary>What still waits throws at its next try.</summary>
    public void Dispose()
    {
        _stopping.Dispose();
        _stop.Cancel(); // not disposed: who waits still looks at it
    }
}
