using StreamInsight.Expressions;

namespace StreamInsight.Orleans.Wire;

/// <summary>A CEL value on its way to another silo.</summary>
internal static class ValueCodec
{
    public static void Write(WireWriter to, in Value value)
    {
        to.Byte((byte)value.Kind);
        switch (value.Kind)
        {
            case ValueKind.Null:
                break;
            case ValueKind.String or ValueKind.Type or ValueKind.Error:
                to.Text(value.AsString);
                break;
            case ValueKind.Bytes:
                to.Bytes(value.AsBytes);
                break;
            case ValueKind.List:
                to.Count(value.AsList.Length);
                foreach (ref readonly Value element in value.AsList.AsSpan())
                    Write(to, element);
                break;
            case ValueKind.Map:
                to.Count(value.AsMap.Count);
                foreach ((Value key, Value content) in value.AsMap.Entries)
                {
                    Write(to, key);
                    Write(to, content);
                }
                break;
            case ValueKind.Timestamp or ValueKind.Duration:
                to.Bits(value.Bits);
                to.Signed(value.Nanoseconds);
                break;
            default:
                to.Bits(value.Bits);
                break;
        }
    }

    public static Value Read(ref WireReader from)
    {
        var kind = (ValueKind)from.Byte();
        switch (kind)
        {
            case ValueKind.Null:
                return Value.Null;
            case ValueKind.String or ValueKind.Type or ValueKind.Error:
                return Value.Of(kind, 0, from.Word());
            case ValueKind.Bytes:
                return Value.Bytes(from.Bytes().ToArray());
            case ValueKind.List:
                var elements = new Value[from.Count()];
                for (int i = 0; i < elements.Length; i++)
                    elements[i] = Read(ref from);
                return Value.List(elements);
            case ValueKind.Map:
                var entries = new KeyValuePair<Value, Value>[from.Count()];
                for (int i = 0; i < entries.Length; i++)
                {
                    Value key = Read(ref from);
                    entries[i] = new(key, Read(ref from));
                }
                return CelMap.TryCreate(entries, out CelMap? map, out _) ? Value.Map(map) : throw new InvalidDataException("A map from another silo has a key twice.");
            case ValueKind.Timestamp or ValueKind.Duration:
                long milliseconds = from.Bits();
                return Value.Of(kind, milliseconds, from.Signed() is var nanoseconds and > 0 ? (int)nanoseconds : null);
            default:
                return Value.Of(kind, from.Bits(), null);
        }
    }
}
