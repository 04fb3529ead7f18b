namespace StreamInsight.Expressions;

/// <summary>
/// A static type of an expression. Typing is gradual: <see cref="Dyn"/> fits everywhere and is judged at evaluation.
/// Features and traits may be unset, so theirs is <see cref="Nullable"/>: comparable to null, usable wherever the inner type is.
/// Immutable; equal when the structure is equal.
/// </summary>
public sealed class CelType : IEquatable<CelType>
{
    /// <summary>Any type; every rule is judged at evaluation.</summary>
    public static readonly CelType Dyn = new(CelTypeKind.Dyn);

    public static readonly CelType Null = new(CelTypeKind.Null);

    public static readonly CelType Bool = new(CelTypeKind.Bool);

    public static readonly CelType Int = new(CelTypeKind.Int);

    public static readonly CelType Uint = new(CelTypeKind.Uint);

    public static readonly CelType Double = new(CelTypeKind.Double);

    public static readonly CelType String = new(CelTypeKind.String);

    public static readonly CelType Bytes = new(CelTypeKind.Bytes);

    public static readonly CelType Timestamp = new(CelTypeKind.Timestamp);

    public static readonly CelType Duration = new(CelTypeKind.Duration);

    /// <summary>The type of types: what <c>type(x)</c> yields.</summary>
    public static readonly CelType Type = new(CelTypeKind.Type);

    /// <summary>The element of <c>[]</c>: becomes whatever it is joined with.</summary>
    internal static readonly CelType Unknown = new(CelTypeKind.Unknown);

    private CelType(CelTypeKind kind, CelType? key = null, CelType? inner = null)
    {
        Kind = kind;
        Key = key;
        Inner = inner;
    }

    public CelTypeKind Kind { get; }

    /// <summary>Key type of a map; null otherwise.</summary>
    public CelType? Key { get; }

    /// <summary>Element type of a list, value type of a map, or the type that may be null; null otherwise.</summary>
    public CelType? Inner { get; }

    public static CelType List(CelType element) => new(CelTypeKind.List, inner: element);

    public static CelType Map(CelType key, CelType value) => new(CelTypeKind.Map, key, value);

    /// <summary>The type or null. Of something that already admits null: itself.</summary>
    public static CelType Nullable(CelType type) =>
        type.Kind is CelTypeKind.Dyn or CelTypeKind.Null or CelTypeKind.Nullable or CelTypeKind.Unknown ? type : new(CelTypeKind.Nullable, inner: type);

    /// <summary>The type without its null: <c>double?</c> → <c>double</c>.</summary>
    public CelType WithoutNull => Kind == CelTypeKind.Nullable ? Inner! : this;

    /// <summary>True when nothing is known before evaluation.</summary>
    internal bool IsOpen => Kind is CelTypeKind.Dyn or CelTypeKind.Unknown;

    internal bool IsNumeric => WithoutNull.Kind is CelTypeKind.Int or CelTypeKind.Uint or CelTypeKind.Double;

    /// <summary>True if a value of this type may stand where <paramref name="target"/> is wanted; null-ability alone never forbids.</summary>
    public bool Fits(CelType target)
    {
        if (IsOpen || target.IsOpen)
            return true;
        if (Kind == CelTypeKind.Null)
            return target.Kind is CelTypeKind.Null or CelTypeKind.Nullable;
        var from = WithoutNull;
        var to = target.WithoutNull;
        if (from.Kind != to.Kind)
            return false;
        return from.Kind switch
        {
            CelTypeKind.List => from.Inner!.Fits(to.Inner!),
            CelTypeKind.Map => from.Key!.Fits(to.Key!) && from.Inner!.Fits(to.Inner!),
            _ => true,
        };
    }

    /// <summary>The narrowest type both fit into; <see cref="Dyn"/> if there is none.</summary>
    internal static CelType Join(CelType a, CelType b)
    {
        if (a.Equals(b) || b.Kind == CelTypeKind.Unknown)
            return a;
        if (a.Kind == CelTypeKind.Unknown)
            return b;
        if (a.Kind == CelTypeKind.Dyn || b.Kind == CelTypeKind.Dyn)
            return Dyn;
        if (a.Kind == CelTypeKind.Null)
            return Nullable(b);
        if (b.Kind == CelTypeKind.Null)
            return Nullable(a);
        if (a.Kind == CelTypeKind.Nullable || b.Kind == CelTypeKind.Nullable)
            return Nullable(Join(a.WithoutNull, b.WithoutNull));
        if (a.Kind != b.Kind)
            return Dyn;
        return a.Kind switch
        {
            CelTypeKind.List => List(Join(a.Inner!, b.Inner!)),
            CelTypeKind.Map => Map(Join(a.Key!, b.Key!), Join(a.Inner!, b.Inner!)),
            _ => Dyn,
        };
    }

    public bool Equals(CelType? other) =>
        other is not null && Kind == other.Kind && Equals(Key, other.Key) && Equals(Inner, other.Inner);

    public override bool Equals(object? obj) => Equals(obj as CelType);

    public override int GetHashCode() => HashCode.Combine(Kind, Key, Inner);

    /// <summary>As a person would say it: <c>int</c>, <c>list(string)</c>, <c>double or null</c>.</summary>
    public override string ToString() => Kind switch
    {
        CelTypeKind.Nullable => $"{Inner} or null",
        CelTypeKind.List => $"list({Inner})",
        CelTypeKind.Map => $"map({Key}, {Inner})",
        CelTypeKind.Unknown => "dyn",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
