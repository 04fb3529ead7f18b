using StackExchange.Redis;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis;

/// <summary>
/// How a customer stands, as arguments of both scripts (<see cref="RecordScript.Arguments"/>): how long that holds, when to write it again, the queue and the aliases it is
/// found in, and the record's fields.
/// </summary>
internal sealed class CustomerRecord(RedisKeys keys, LookupAlias aliases)
{
    // Written again between these parts of what is left of its time: spread, so that what was written at once is not due at once for ever.
    private const double EarliestRefresh = 0.6, LatestRefresh = 0.8;

    public IEnumerable<RedisValue> Arguments(CustomerView view, long nowMs)
    {
        long leftMs = view.Routing is { } routing ? Math.Max(0, routing.ValidUntilMs - nowMs) : RecordScript.ForEver;
        RedisValue[] found = [.. view.Lookups.Select(lookup => aliases.Of(lookup.Key, lookup.Value)).OfType<string>().Distinct().Select(alias => (RedisValue)(string)keys.Alias(alias)!)];
        List<RedisValue> fields = RecordFields.Of(view, nowMs);
        return
        [
            leftMs,
            view.Routing is null ? RecordScript.NotWarm : DueMs(view.Customer, leftMs, nowMs),
            view.Routing?.Queue is { } queue ? (string)keys.Queue(queue)! : "",
            view.Routing is null ? "0" : RecordFields.Number(view.Routing.Score),
            found.Length, .. found,
            fields.Count, .. fields,
        ];
    }

    /// <summary>Another moment for each customer and each time, but the same for the same input.</summary>
    private static long DueMs(string customer, long leftMs, long nowMs)
    {
        uint hash = 2166136261;
        foreach (char c in customer)
            hash = (hash ^ c) * 16777619;
        hash = (hash ^ (uint)nowMs) * 16777619;
        hash ^= hash >> 15;
        double spread = EarliestRefresh + ((LatestRefresh - EarliestRefresh) * (hash % 10_000) / 10_000);
        return nowMs + (long)(leftMs * spread);
    }
}
