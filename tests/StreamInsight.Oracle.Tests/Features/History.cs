using StreamInsight.Oracle.Models;

namespace StreamInsight.Oracle.Features;

/// <summary>
/// Everything one feature of one customer ever observed, in order of (t, arrival). Nothing is thrown away, with one exception
/// that the text demands: entries that expired before a change to tiles are in no tile.
/// </summary>
public sealed class History(Feature feature)
{
    private List<Entry> entries = [];

    public Running Running { get; private set; } = new();

    /// <summary>Of a mode without a window: the values tracked, each with its count and its latest entry.</summary>
    private readonly Dictionary<object, (long Count, Entry Latest)> tracked = [];

    public const int ModeMax = 64;

    /// <summary>Whether the feature covers whole tiles now.</summary>
    public bool InTiles { get; private set; }

    private bool MayHaveTiles => feature is { WindowMs: not null, OffsetMs: 0 } && !KeepsNewest;

    private bool KeepsNewest => feature.Aggregate is "last_k" or "sequence" or "sessions";

    /// <summary>Width of a tile.</summary>
    public long TileMs => (feature.WindowMs!.Value + 59) / 60;

    public IEnumerable<long> Instants => entries.Select(e => e.Ms);

    public IReadOnlyList<Entry> Everything => entries;

    public void Add(Entry entry, long now)
    {
        if (InTiles && !Covered(now).Any()) InTiles = false;
        if (MayHaveTiles && !InTiles && Alive(entry, now) && entries.Count(e => Alive(e, now)) + 1 > feature.ExactMax)
        {
            entries.RemoveAll(e => !Alive(e, now));
            InTiles = true;
        }
        else if (MayHaveTiles && InTiles && !IsCovered(entry, now)) return;
        entries.Insert(entries.Count(e => e.Ms <= entry.Ms), entry);
        Running = Running.Add(entry.Value);
        if (feature.Aggregate == "mode" && feature.WindowMs is null) Track(entry.Value!, 1, entry);
    }

    /// <summary>The most frequent of the values tracked; ties go to the one whose latest entry is last in order.</summary>
    public object? TrackedMode() => tracked.Count == 0 ? null : tracked.MaxBy(t => (t.Value.Count, Order(t.Value.Latest))).Key;

    private int Order(Entry entry) => entries.FindIndex(e => ReferenceEquals(e, entry));

    private void Track(object value, long count, Entry latest)
    {
        if (tracked.TryGetValue(value, out var known)) tracked[value] = (known.Count + count, Order(known.Latest) > Order(latest) ? known.Latest : latest);
        else
        {
            if (tracked.Count == ModeMax) tracked.Remove(tracked.MinBy(t => Order(t.Value.Latest)).Key);
            tracked.Add(value, (count, latest));
        }
    }

    /// <summary>Unites with the history of a customer merged into this one; on equal times this one's come first.</summary>
    public void Take(History other, long now)
    {
        var tiles = MayHaveTiles && (InTiles || other.InTiles || entries.Concat(other.entries).Count(e => Alive(e, now)) > feature.ExactMax);
        if (tiles && !InTiles) entries.RemoveAll(e => !Alive(e, now));
        var others = tiles && !other.InTiles ? other.entries.Where(e => Alive(e, now)) : other.entries;
        entries = entries.Concat(others).OrderBy(e => e.Ms).ToList();
        InTiles = tiles;
        Running = Running.And(other.Running);
        foreach (var (value, (count, latest)) in other.tracked.OrderBy(t => Order(t.Value.Latest))) Track(value, count, latest);
    }

    /// <summary>The entries the value at <paramref name="now"/> is made of, in order.</summary>
    public List<Entry> Covered(long now)
    {
        if (InTiles) return entries.FindAll(e => IsCovered(e, now));
        if (!KeepsNewest && (feature.WindowMs is null || feature.OffsetMs == 0)) return entries.FindAll(e => IsInWindow(e, now));
        return entries.TakeLast(feature.ExactMax).Where(e => IsInWindow(e, now)).ToList();
    }

    private bool IsInWindow(Entry e, long now) => feature.WindowMs is not { } window
        || (e.Ms > now - feature.OffsetMs - window && e.Ms <= now - feature.OffsetMs);

    private bool Alive(Entry e, long now) => e.Ms > now - feature.OffsetMs - feature.WindowMs!.Value;

    private bool IsCovered(Entry e, long now) => Floor(e.Ms, TileMs) >= Floor(now - feature.WindowMs!.Value, TileMs);

    public static long Floor(long a, long b) => a >= 0 ? a / b : -((-a + b - 1) / b);
}
