namespace StreamInsight.Definitions;

/// <summary>The types a property or trait may be declared with.</summary>
public enum PropertyType : byte
{
    String,
    Int,
    Double,
    Bool,
    Timestamp,
}
