namespace StreamInsight.Events;

/// <summary>Timestamps as messages and command lines write them: <c>YYYY-MM-DDThh:mm:ss[.digits](Z|±hh:mm)</c>, years 1 – 9999.</summary>
public static class IsoTime
{
    /// <summary>UTC milliseconds since 1970; finer digits are cut off. False = any other form, or a day or time that does not exist.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long milliseconds) => throw new NotImplementedException();
}
