namespace StreamInsight.Expressions;

/// <summary>The outermost constructor of a <see cref="CelType"/>.</summary>
public enum CelTypeKind : byte
{
    Dyn,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    Type,
    List,
    Map,
    Nullable,
    Unknown,
}
