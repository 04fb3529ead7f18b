using System.Text;

namespace StreamInsight.Identity;

/// <summary>
/// All ids of one partition in one namespace, each with a slot number, and which of them are aliases of which (semantics, section 8). Slots count from 0 and are never reused.
/// One owner; <see cref="MarkKnown"/> alone may be called by whoever owns the id's customer, from another thread.
/// </summary>
/// <param name="seed">Of the hash table; has no influence on any result.</param>
/// <param name="limit">Ids a customer may have, itself included.</param>
public sealed class IdentityMap(ulong seed = 0, int limit = IdentityMap.DefaultLimit)
{
    public const int DefaultLimit = 64;

    private const int PageBits = 12, PageSize = 1 << PageBits;
    private const int ArenaChunk = 1 << 18;

    private readonly List<byte[]> _arena = [];
    private int _arenaUsed = ArenaChunk;
    private long[] _table = new long[1024];   // (upper half of the hash << 32) | slot + 1
    private Entry[][] _pages = [];
    private byte[][] _known = [];

    /// <summary>Ids seen so far.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Reads what finding the id will read first. Called for some ids in turn before they are found, it lets their cache misses overlap; it changes nothing, and what it returns
    /// means nothing.
    /// </summary>
    public long Touch(ReadOnlySpan<byte> id)
    {
        int slot = (int)_table[(int)IdHash.Of(id, seed) & (_table.Length - 1)] - 1;
        return slot < 0 ? 0 : At(slot).Parent;
    }

    /// <summary>The id's slot, or -1.</summary>
    public int Find(ReadOnlySpan<byte> id) => Find(id, IdHash.Of(id, seed));

    /// <summary>The id's slot, made if it is new.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> id)
    {
        ulong hash = IdHash.Of(id, seed);
        int slot = Find(id, hash);
        return slot >= 0 ? slot : Add(id, hash);
    }

    public ReadOnlySpan<byte> Utf8(int slot)
    {
        ref Entry entry = ref At(slot);
        return _arena[entry.Chunk].AsSpan(entry.Start, entry.Length);
    }

    public string Name(int slot) => Encoding.UTF8.GetString(Utf8(slot));

    /// <summary>The id whose customer this id is.</summary>
    public int Root(int slot)
    {
        while (true)
        {
            int parent = At(slot).Parent;
            if (parent < 0)
                return slot;
            int grandparent = At(parent).Parent;
            if (grandparent >= 0)
                At(slot).Parent = grandparent;   // halves the path for the next time
            slot = parent;
        }
    }

    /// <summary>The slot this one is an alias of, or -1: it is a root.</summary>
    public int Parent(int slot) => At(slot).Parent;

    /// <summary>Of a root: how many ids lead to it, itself not counted.</summary>
    public int Links(int slot) => At(slot).Links;

    /// <summary>An accepted message carried it as <c>userId</c>.</summary>
    public bool IsKnown(int slot) => _known[slot >> PageBits][slot & (PageSize - 1)] != 0;

    /// <summary>True if it was not known before.</summary>
    public bool MarkKnown(int slot)
    {
        ref byte known = ref _known[slot >> PageBits][slot & (PageSize - 1)];
        if (known != 0)
            return false;
        known = 1;
        return true;
    }

    /// <summary>As if the id were new. Its slot stays; nothing may lead to it.</summary>
    public void Forget(int slot)
    {
        At(slot).Parent = -1;
        At(slot).Links = 0;
        _known[slot >> PageBits][slot & (PageSize - 1)] = 0;
    }

    /// <summary>Sets what a store remembers of an id.</summary>
    public void Restore(int slot, int parent, int links)
    {
        At(slot).Parent = parent;
        At(slot).Links = links;
    }

    /// <summary>
    /// Links <paramref name="from"/> to <paramref name="to"/>. A known root is given up only to an <c>alias</c>: an <c>identify</c> on a shared device must not
    /// merge two people.
    /// </summary>
    /// <param name="ended">The root that became an alias; only if linked.</param>
    public LinkOutcome Link(int from, int to, bool isAlias, out int ended)
    {
        ended = Root(from);
        int into = Root(to);
        if (ended == into)
            return from == to || from == into ? LinkOutcome.RefusedMerge : LinkOutcome.Exists;
        if (!isAlias && IsKnown(ended))
            return LinkOutcome.RefusedMerge;
        int ids = At(ended).Links + 1 + At(into).Links + 1;
        if (ids > limit)
            return LinkOutcome.RefusedLimit;
        At(ended).Parent = into;
        At(into).Links = ids - 1;
        return LinkOutcome.Linked;
    }

    private int Find(ReadOnlySpan<byte> id, ulong hash)
    {
        int mask = _table.Length - 1;
        for (int at = (int)hash & mask; ; at = (at + 1) & mask)
        {
            long cell = _table[at];
            if (cell == 0)
                return -1;
            int slot = (int)cell - 1;
            if ((uint)(cell >> 32) == (uint)(hash >> 32) && Utf8(slot).SequenceEqual(id))
                return slot;
        }
    }

    private int Add(ReadOnlySpan<byte> id, ulong hash)
    {
        if (Count * 2 >= _table.Length)
            Grow();
        if (Count >> PageBits == _pages.Length)
        {
            _pages = [.. _pages, new Entry[PageSize]];
            _known = [.. _known, new byte[PageSize]];
        }

        if (_arenaUsed + id.Length > ArenaChunk)
        {
            _arena.Add(new byte[Math.Max(ArenaChunk, id.Length)]);
            _arenaUsed = 0;
        }

        int slot = Count++;
        id.CopyTo(_arena[^1].AsSpan(_arenaUsed));
        At(slot) = new Entry { Chunk = _arena.Count - 1, Start = _arenaUsed, Length = id.Length, Parent = -1 };
        _arenaUsed += id.Length;
        Place(hash, slot);
        return slot;
    }

    private void Grow()
    {
        _table = new long[_table.Length * 2];
        for (int slot = 0; slot < Count; slot++)
            Place(IdHash.Of(Utf8(slot), seed), slot);
    }

    private void Place(ulong hash, int slot)
    {
        int mask = _table.Length - 1;
        int at = (int)hash & mask;
        while (_table[at] != 0)
            at = (at + 1) & mask;
        _table[at] = (long)(((hash >> 32) << 32) | (uint)(slot + 1));
    }

    private ref Entry At(int slot) => ref _pages[slot >> PageBits][slot & (PageSize - 1)];

    private struct Entry
    {
        public int Chunk;
        public int Start;
        public int Length;
        public int Parent;
        public int Links;
    }
}
