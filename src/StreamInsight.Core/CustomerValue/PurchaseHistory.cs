using StreamInsight.Features;
using StreamInsight.State;

namespace StreamInsight.CustomerValue;

/// <summary>
/// A customer's days with a purchase and what was spent on each: the first day and the newest ones one by one, those between only counted and summed once there are too many,
/// so the space is bounded. Days are local days since 1970. Purchases may come in any order: the same history, up to rounding of sums, unless one is for a day that was
/// already only counted; it adds to the sum then and not to the days, and the history is no longer exact.
/// </summary>
public sealed class PurchaseHistory : FeatureState
{
    public const byte StateTag = 5;

    private Day[] _days = new Day[1];   // in order; [0] is the first day
    private int _count;
    private long _folded;
    private double _foldedSpend;
    private long _foldedTo = long.MinValue;

    // What was read last and on which day: a reading holds until midnight or the next purchase. Not part of the state.
    internal long ReadOn = long.MinValue;
    internal double ReadValue;

    public override byte Tag => StateTag;

    /// <summary>Different days with a purchase, all of them; at least one.</summary>
    public long Days => _count + _folded;

    public long FirstDay => _days[0].Number;

    public long LastDay => _days[_count - 1].Number;

    /// <summary>What was spent in all, oldest day first.</summary>
    public double Spend => _days[0].Spend + RepeatSpend;

    /// <summary>What was spent after the first day.</summary>
    public double RepeatSpend
    {
        get
        {
            double sum = _foldedSpend;
            for (int i = 1; i < _count; i++)
                sum += _days[i].Spend;
            return sum;
        }
    }

    /// <summary>True once a purchase came for a day that was only counted.</summary>
    public bool IsInexact { get; private set; }

    /// <summary>The history in weeks as of a day that is not before the last purchase.</summary>
    public BuyingHistory AsOf(long today) => new(Days - 1, (LastDay - FirstDay) / 7.0, (Math.Max(today, LastDay) - FirstDay) / 7.0);

    /// <summary>Days kept one by one and what was spent on each, in order.</summary>
    public IEnumerable<(long Day, double Spend)> Kept() => _days.Take(_count).Select(day => (day.Number, day.Spend));

    public void Add(long day, double spend, int mostDays)
    {
        ReadOn = long.MinValue;
        int at = _count;
        while (at > 0 && _days[at - 1].Number > day)
            at--;
        if (at > 0 && _days[at - 1].Number == day)
        {
            _days[at - 1].Spend += spend;
            return;
        }

        if (at > 0 && day <= _foldedTo)
        {
            _foldedSpend += spend;
            IsInexact = true;
            return;
        }

        Insert(at, new Day { Number = day, Spend = spend });
        Fold(mostDays);
    }

    /// <summary>Takes another customer's purchases in. Days that either side has only counted are taken for different days.</summary>
    public void Absorb(PurchaseHistory other, int mostDays)
    {
        for (int i = 0; i < other._count; i++)
            Add(other._days[i].Number, other._days[i].Spend, mostDays);
        if (other._folded == 0)
            return;
        _folded += other._folded;
        _foldedSpend += other._foldedSpend;
        _foldedTo = Math.Max(_foldedTo, other._foldedTo);
        IsInexact = true;
        while (_count > 1 && _days[1].Number <= _foldedTo)
            FoldOne();
    }

    private void Insert(int at, Day day)
    {
        if (_count == _days.Length)
            Array.Resize(ref _days, _count * 2);
        Array.Copy(_days, at, _days, at + 1, _count - at);
        _days[at] = day;
        _count++;
    }

    private void Fold(int mostDays)
    {
        while (_count > Math.Max(2, mostDays))
            FoldOne();
    }

    /// <summary>The day after the first is counted and no longer kept.</summary>
    private void FoldOne()
    {
        _folded++;
        _foldedSpend += _days[1].Spend;
        _foldedTo = Math.Max(_foldedTo, _days[1].Number);
        Array.Copy(_days, 2, _days, 1, _count - 2);
        _count--;
    }

    public override void Encode(StateWriter writer)
    {
        writer.WriteByte((byte)((_folded > 0 ? 1 : 0) | (IsInexact ? 2 : 0)));
        writer.WriteUnsigned((ulong)_count);
        long previous = 0;
        for (int i = 0; i < _count; i++)
        {
            writer.WriteSigned(_days[i].Number - previous);
            previous = _days[i].Number;
            writer.WriteBits(BitConverter.DoubleToInt64Bits(_days[i].Spend));
        }

        if (_folded == 0)
            return;
        writer.WriteSigned(_folded);
        writer.WriteBits(BitConverter.DoubleToInt64Bits(_foldedSpend));
        writer.WriteSigned(_foldedTo);
    }

    public static PurchaseHistory Read(ref StateReader reader)
    {
        byte flags = reader.ReadByte();
        int count = reader.ReadCount();
        if (count == 0)
            throw new InvalidDataException("State: purchases without a day.");
        var history = new PurchaseHistory { _days = new Day[count], _count = count, IsInexact = (flags & 2) != 0 };
        long day = 0;
        for (int i = 0; i < count; i++)
            history._days[i] = new Day { Number = day += reader.ReadSigned(), Spend = BitConverter.Int64BitsToDouble(reader.ReadBits()) };
        if ((flags & 1) != 0)
        {
            history._folded = reader.ReadSigned();
            history._foldedSpend = BitConverter.Int64BitsToDouble(reader.ReadBits());
            history._foldedTo = reader.ReadSigned();
        }

        return history;
    }

    private struct Day
    {
        public long Number;
        public double Spend;
    }
}
