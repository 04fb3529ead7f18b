using System.Runtime.CompilerServices;

namespace StreamInsight.Bench.Floor;

/// <summary>
/// One customer of W: windows as rings of buckets (so up to one bucket inexact), everything in place. A leave is seen at the customer's next event only.
/// </summary>
internal struct FloorCustomer
{
    private const double SpendAbove = 100;
    private const int CallsFrom = 3;
    private const long DayMs = 86_400_000;

    private long _lastPurchaseMs;
    private int _newest5m;
    private int _newest1h;
    private int _newest24h;
    private int _newest7d;
    private bool _needsHelp;
    private Buckets10 _events5m;
    private Buckets12 _events1h;
    private Buckets7 _calls7d;
    private Channels _channelSeenMs;
    private Buckets24 _spend24h;

    public readonly long LastPurchaseMs => _lastPurchaseMs;

    /// <summary>Different channels in the 24 h before <paramref name="now"/>.</summary>
    public readonly int ChannelsAt(long now)
    {
        int count = 0;
        foreach (long seen in (ReadOnlySpan<long>)_channelSeenMs)
            count += seen > now - DayMs ? 1 : 0;
        return count;
    }

    /// <summary>Counts one event in; +1 = the customer entered the segment, -1 = left it.</summary>
    public int Apply(in FloorEvent e)
    {
        long time = e.TimeMs;
        Span<ushort> events5m = _events5m;
        int bucket = (int)(time / 30_000);
        if (Ring.Reach(events5m, ref _newest5m, bucket))
            events5m[bucket % 10]++;

        Span<ushort> events1h = _events1h;
        bucket = (int)(time / 300_000);
        if (Ring.Reach(events1h, ref _newest1h, bucket))
            events1h[bucket % 12]++;

        ref long seen = ref ((Span<long>)_channelSeenMs)[e.Channel];
        seen = Math.Max(seen, time);

        Span<double> spend = _spend24h;
        bucket = (int)(time / 3_600_000);
        bool inDay = Ring.Reach(spend, ref _newest24h, bucket);
        Span<byte> calls = _calls7d;
        int day = (int)(time / DayMs);
        bool inWeek = Ring.Reach(calls, ref _newest7d, day);
        if (e.Kind == FloorKind.Purchase)
        {
            if (inDay)
                spend[bucket % 24] += e.Amount;
            _lastPurchaseMs = Math.Max(_lastPurchaseMs, time);
        }
        else if (e.Kind == FloorKind.SupportCall && inWeek)
        {
            calls[day % 7]++;
        }

        bool needsHelp = Sum(calls) >= CallsFrom && Sum(spend) > SpendAbove;
        if (needsHelp == _needsHelp)
            return 0;
        _needsHelp = needsHelp;
        return needsHelp ? 1 : -1;
    }

    private static int Sum(ReadOnlySpan<byte> buckets)
    {
        int sum = 0;
        foreach (byte b in buckets)
            sum += b;
        return sum;
    }

    private static double Sum(ReadOnlySpan<double> buckets)
    {
        double sum = 0;
        foreach (double b in buckets)
            sum += b;
        return sum;
    }

    [InlineArray(7)]
    private struct Buckets7
    {
        private byte _first;
    }

    [InlineArray(10)]
    private struct Buckets10
    {
        private ushort _first;
    }

    [InlineArray(12)]
    private struct Buckets12
    {
        private ushort _first;
    }

    [InlineArray(24)]
    private struct Buckets24
    {
        private double _first;
    }

    [InlineArray(6)]
    private struct Channels
    {
        private long _first;
    }
}
