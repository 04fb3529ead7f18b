using StreamInsight.State;

namespace StreamInsight.Decisions;

/// <summary>
/// What became of one action in one population. Customers are counted once, when the action was first offered to them or first held out from them, and once when they first
/// accepted after that; contacts, acceptances and declines each time.
/// </summary>
public record struct OutcomeTally
{
    public long Shown;
    public long Accepted;
    public long Declined;

    /// <summary>Of accepted offers, as their messages say; added without rounding.</summary>
    public decimal Value;

    /// <summary>Customers to whom it was offered, and those of them who accepted.</summary>
    public long Offered, Converted;

    /// <summary>Customers of the holdout who would have been offered it, those of them who accepted all the same, and what that was worth.</summary>
    public long HeldOut, HeldOutConverted;

    public decimal HeldOutValue;

    /// <summary>Nothing was counted.</summary>
    public readonly bool IsEmpty => Equals(default(OutcomeTally));

    internal void Add(in OutcomeTally other)
    {
        Shown += other.Shown;
        Accepted += other.Accepted;
        Declined += other.Declined;
        Value += other.Value;
        Offered += other.Offered;
        Converted += other.Converted;
        HeldOut += other.HeldOut;
        HeldOutConverted += other.HeldOutConverted;
        HeldOutValue += other.HeldOutValue;
    }

    internal readonly void Write(StateWriter writer)
    {
        foreach (long count in new[] { Shown, Accepted, Declined, Offered, Converted, HeldOut, HeldOutConverted })
            writer.WriteUnsigned((ulong)count);
        foreach (decimal value in new[] { Value, HeldOutValue })
            foreach (int bits in decimal.GetBits(value))
                writer.WriteSigned(bits);
    }

    internal static OutcomeTally Read(ref StateReader reader) => new()
    {
        Shown = (long)reader.ReadUnsigned(),
        Accepted = (long)reader.ReadUnsigned(),
        Declined = (long)reader.ReadUnsigned(),
        Offered = (long)reader.ReadUnsigned(),
        Converted = (long)reader.ReadUnsigned(),
        HeldOut = (long)reader.ReadUnsigned(),
        HeldOutConverted = (long)reader.ReadUnsigned(),
        Value = ReadValue(ref reader),
        HeldOutValue = ReadValue(ref reader),
    };

    private static decimal ReadValue(ref StateReader reader)
    {
        int[] bits = [(int)reader.ReadSigned(), (int)reader.ReadSigned(), (int)reader.ReadSigned(), (int)reader.ReadSigned()];
        try
        {
            return new decimal(bits);
        }
        catch (ArgumentException)
        {
            throw new InvalidDataException("Shared state: a value is no decimal.");
        }
    }
}
