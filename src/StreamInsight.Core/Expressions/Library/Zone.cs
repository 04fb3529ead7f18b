using System.Collections.Concurrent;
using System.Globalization;
using StreamInsight.Expressions.Nodes;

namespace StreamInsight.Expressions.Library;

/// <summary>
/// A time zone: offsets from UTC, and when they change. Rules come from the system's tz database; fixed offsets need none.
/// Immutable to its users; offsets are looked up in tables that are filled on first use.
/// </summary>
internal sealed class Zone
{
    public static readonly Zone Utc = new(0);

    /// <summary>Length of a stretch of time whose offsets are found together: 2^35 ms, about 398 days.</summary>
    private const int StretchBits = 35;

    /// <summary>No zone has ever changed its offset twice within this time.</summary>
    private const long SampleMs = 6 * 3_600_000L;

    private static readonly ConcurrentDictionary<string, Zone> Known = new(StringComparer.Ordinal);

    private readonly TimeZoneInfo? _rules;
    private readonly long _fixedOffsetMs;
    private readonly Stretch?[] _stretches = [];

    private Zone(long fixedOffsetMs) => _fixedOffsetMs = fixedOffsetMs;

    private Zone(TimeZoneInfo rules)
    {
        _rules = rules;
        _stretches = new Stretch?[StretchOf(Arithmetic.MaxTimestampMs) + 1];
    }

    /// <summary>By tz database name, or an offset like +02:00, -09:30, 02:00. Null if there is no such zone.</summary>
    public static Zone? Find(string name)
    {
        if (Known.TryGetValue(name, out var known))
            return known;
        var zone = Fixed(name) ?? ByName(name);
        return zone is null ? null : Known.GetOrAdd(name, zone);
    }

    /// <summary>Local time minus UTC at an instant, and the first later instant at which it may be another.</summary>
    public long OffsetMs(long utcMs, out long nextChangeMs)
    {
        if (_rules is null)
        {
            nextChangeMs = long.MaxValue;
            return _fixedOffsetMs;
        }
        var number = StretchOf(utcMs);
        var stretch = At(number);
        var at = Array.BinarySearch(stretch.Starts, utcMs);
        if (at < 0)
            at = ~at - 1;
        nextChangeMs = at + 1 < stretch.Starts.Length ? stretch.Starts[at + 1] : FirstChange(number + 1, stretch.OffsetsMs[at]);
        return stretch.OffsetsMs[at];
    }

    /// <summary>The first change in a stretch; its end, which may be early, if there is none in it.</summary>
    private long FirstChange(int number, long offsetBefore)
    {
        if (number >= _stretches.Length)
            return long.MaxValue;
        var stretch = At(number);
        return stretch.OffsetsMs[0] != offsetBefore ? stretch.Starts[0]
            : stretch.Starts.Length > 1 ? stretch.Starts[1]
            : StretchStart(number + 1);
    }

    private Stretch At(int number) => _stretches[number] ??= Survey(number);

    private static int StretchOf(long utcMs) => (int)((utcMs - Arithmetic.MinTimestampMs) >> StretchBits);

    private static long StretchStart(int number) => ((long)number << StretchBits) + Arithmetic.MinTimestampMs;

    private Stretch Survey(int number)
    {
        var start = StretchStart(number);
        var end = Math.Min(StretchStart(number + 1), Arithmetic.MaxTimestampMs);
        var starts = new List<long> { start };
        var offsets = new List<long> { RuleOffset(start) };
        for (var at = start; at < end; at += SampleMs)
        {
            var next = Math.Min(at + SampleMs, end - 1);
            if (RuleOffset(next) == offsets[^1])
                continue;
            var low = at;
            var high = next;
            while (high - low > 1)
            {
                var middle = low + ((high - low) / 2);
                if (RuleOffset(middle) == offsets[^1])
                    low = middle;
                else
                    high = middle;
            }
            starts.Add(high);
            offsets.Add(RuleOffset(high));
        }
        return new Stretch([.. starts], [.. offsets]);
    }

    private long RuleOffset(long utcMs) =>
        _rules!.GetUtcOffset(new DateTime(((utcMs - Arithmetic.MinTimestampMs) * TimeSpan.TicksPerMillisecond), DateTimeKind.Utc)).Ticks / TimeSpan.TicksPerMillisecond;

    private static Zone? Fixed(string name)
    {
        var digits = name.AsSpan();
        if (digits.StartsWith("+") || digits.StartsWith("-"))
            digits = digits[1..];
        if (digits.Length != 5 || digits[2] != ':'
            || !int.TryParse(digits[..2], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !int.TryParse(digits[3..], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) || hours > 23 || minutes > 59)
            return null;
        return new Zone(((hours * 60L) + minutes) * (name[0] == '-' ? -60_000 : 60_000));
    }

    private static Zone? ByName(string name)
    {
        if (name is "UTC" or "Z" or "GMT")
            return Utc;
        // The system would read a name as a path.
        if (name.Length is 0 or > 64 || name[0] == '/' || name.AsSpan().ContainsAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/"))
            return null;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var rules) ? new Zone(rules) : null;
    }

    private sealed record Stretch(long[] Starts, long[] OffsetsMs);
}
