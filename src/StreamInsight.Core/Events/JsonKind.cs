namespace StreamInsight.Events;

/// <summary>What a JSON value is, as its text shows. <c>default</c> = there is no value.</summary>
internal enum JsonKind : byte
{
    None,
    String,

    /// <summary>A string whose text holds at least one escape.</summary>
    EscapedString,

    /// <summary>A number without fraction and exponent.</summary>
    Integer,
    Number,
    True,
    False,
    Null,
    Object,
    Array,
}
