using StreamInsight.Expressions;

namespace StreamInsight.Scores;

/// <summary>What one input of a score holds.</summary>
public enum ScoreInputKind : byte
{
    Missing,
    Number,
    Category,
}

/// <summary>
/// One input of a score at one instant: a number (a boolean is 0 or 1), a category (the 64-bit hash of its text), or missing. <c>default</c> is missing;
/// a number that is not finite is missing too.
/// </summary>
public readonly record struct ScoreInput
{
    private ScoreInput(ScoreInputKind kind, ulong bits) => (Kind, Bits) = (kind, bits);

    public ScoreInputKind Kind { get; }

    /// <summary>A number's bit pattern, or a category's hash.</summary>
    public ulong Bits { get; }

    public static ScoreInput Missing => default;

    public double AsNumber => BitConverter.UInt64BitsToDouble(Bits);

    public static ScoreInput Number(double value) =>
        double.IsFinite(value) ? new ScoreInput(ScoreInputKind.Number, BitConverter.DoubleToUInt64Bits(value)) : default;

    public static ScoreInput Flag(bool value) => Number(value ? 1 : 0);

    public static ScoreInput Category(ulong hash) => new(ScoreInputKind.Category, hash);

    /// <summary>A category by its text (FNV-1a over UTF-16 units, then mixed): the same on every machine.</summary>
    public static ScoreInput Category(ReadOnlySpan<char> text)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (char unit in text)
            hash = (hash ^ unit) * 1_099_511_628_211;
        return Category(Mix(hash));
    }

    /// <summary>What an expression's value is to a score: numbers and booleans are numbers, durations and instants are seconds, strings are categories, all else is missing.</summary>
    public static ScoreInput Of(in Value value) => value.Kind switch
    {
        ValueKind.Bool => Flag(value.IsTrue),
        ValueKind.Int => Number(value.AsInt),
        ValueKind.Uint => Number(value.AsUint),
        ValueKind.Double => Number(value.AsDouble),
        ValueKind.Duration or ValueKind.Timestamp => Number(value.Bits / 1000.0),
        ValueKind.String => Category(value.AsString),
        _ => default,
    };

    /// <summary>Spreads a hash over all its bits (the finaliser of SplitMix64, Steele, Lea, Flood 2014).</summary>
    internal static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
        return hash ^ (hash >> 31);
    }
}
