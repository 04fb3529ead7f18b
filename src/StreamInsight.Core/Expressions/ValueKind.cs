namespace StreamInsight.Expressions;

/// <summary>The kind of a <see cref="Value"/>. <c>default</c> is <see cref="Null"/>.</summary>
public enum ValueKind : byte
{
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    List,
    Map,
    Type,

    /// <summary>The evaluation failed; the value's text says why. An error is a value, never an exception.</summary>
    Error,
}
