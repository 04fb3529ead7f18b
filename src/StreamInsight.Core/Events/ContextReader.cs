using System.Text;
using StreamInsight.Expressions;

namespace StreamInsight.Events;

/// <summary>
/// A message's context as a CEL map: numbers are doubles, as CEL reads JSON everywhere; of repeated keys the last counts; members that are null are absent.
/// Allocates: it is read only for models that ask for it.
/// </summary>
internal static class ContextReader
{
    /// <summary>Only a batch's context can be deeper, since no message may be; what lies deeper reads as null.</summary>
    private const int MaxDepth = MessageScan.MaxDepth;

    /// <param name="json">The text of an object that <see cref="JsonScan"/> has accepted.</param>
    public static Value Read(ReadOnlySpan<byte> json) => Map(json, MaxDepth);

    private static Value Read(ReadOnlySpan<byte> json, JsonKind kind, int depth) => kind switch
    {
        JsonKind.String or JsonKind.EscapedString => Value.String(Text(json[1..^1], kind == JsonKind.EscapedString)),
        JsonKind.Integer or JsonKind.Number => Value.Double(JsonNumber.ToDouble(json)),
        JsonKind.True => Value.True,
        JsonKind.False => Value.False,
        JsonKind.Object when depth > 0 => Map(json, depth),
        JsonKind.Array when depth > 0 => List(json, depth),
        _ => Value.Null,
    };

    private static Value Map(ReadOnlySpan<byte> json, int depth)
    {
        var entries = new List<KeyValuePair<Value, Value>>();
        var places = new Dictionary<string, int>();
        var members = new JsonCursor(json);
        while (members.MoveNext())
        {
            string key = Text(json.Slice(members.Member.KeyStart, members.Member.KeyLength), members.Member.KeyEscaped);
            var entry = KeyValuePair.Create(Value.String(key), Read(json[members.Value], members.Kind, depth - 1));
            if (places.TryAdd(key, entries.Count))
                entries.Add(entry);
            else
                entries[places[key]] = entry;
        }

        entries.RemoveAll(e => e.Value.IsNull);
        bool made = CelMap.TryCreate([.. entries], out var map, out _);
        return made ? Value.Map(map!) : throw new InvalidOperationException("A context has repeated keys after they were united.");
    }

    private static Value List(ReadOnlySpan<byte> json, int depth)
    {
        var values = new List<Value>();
        var elements = new JsonCursor(json);
        while (elements.MoveNext())
            values.Add(Read(json[elements.Value], elements.Kind, depth - 1));
        return Value.List([.. values]);
    }

    private static string Text(ReadOnlySpan<byte> inside, bool escaped)
    {
        if (!escaped)
            return Encoding.UTF8.GetString(inside);
        var unescaped = new byte[inside.Length];
        return Encoding.UTF8.GetString(unescaped, 0, JsonText.Unescape(inside, unescaped));
    }
}
