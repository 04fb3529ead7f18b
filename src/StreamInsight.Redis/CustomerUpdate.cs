using System.Text.Json;
using StackExchange.Redis;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis;

/// <summary>All facts of one customer in one delivery, as keys and arguments of <see cref="CustomerScript"/>.</summary>
internal sealed class CustomerUpdate(string customer)
{
    private readonly List<RedisKey> _changedKeys = [];
    private readonly List<RedisValue> _changes = [];
    private OutboxFact? _told;
    private long _newestSeq;
    private bool _isErased;

    /// <summary>The facts in order.</summary>
    /// <param name="isForUs">Of a trigger: it goes to Redis.</param>
    public void Add(OutboxFact fact, RedisKeys keys, bool isForUs)
    {
        _newestSeq = Math.Max(_newestSeq, fact.Seq);
        _isErased |= fact.Kind == FactKind.Erased;
        if (fact.After is not null)
            _told = fact;
        _changes.Add(fact.Seq);
        switch (fact.Kind)
        {
            case FactKind.SegmentEntered:
                _changes.Add(CustomerScript.Enter);
                _changes.Add(fact.AtMs);
                _changedKeys.Add(keys.Segment(fact.Subject!));
                break;
            case FactKind.SegmentLeft:
                _changes.Add(CustomerScript.Leave);
                _changedKeys.Add(keys.Segment(fact.Subject!));
                break;
            case FactKind.Trigger when isForUs:
                _changes.Add(CustomerScript.Append);
                int count = _changes.Count;
                _changes.Add(0);
                AddEntry(fact);
                _changes[count] = _changes.Count - count - 1;
                _changedKeys.Add(keys.Trigger(fact.Subject!));
                break;
            default:
                _changes.Add(CustomerScript.Nothing);
                break;
        }
    }

    public RedisKey[] Keys(RedisKeys keys) => [keys.Customer(customer), keys.Cursor(customer), keys.Holdings(customer), keys.Warm, .. _changedKeys];

    public RedisValue[] Arguments(CustomerRecord records, int streamLength, long nowMs) =>
        [customer, _newestSeq, streamLength, CustomerScript.CursorSeconds, .. Record(records, nowMs), .. _changes];

    private IEnumerable<RedisValue> Record(CustomerRecord records, long nowMs)
    {
        if (_isErased)
            return [CustomerScript.Erase];
        if (_told?.After is not { } view)
            return [CustomerScript.Keep];
        return view.HasEnded ? [CustomerScript.End] : [CustomerScript.Set, _told.Seq, .. records.Arguments(view, nowMs)];
    }

    /// <summary>The head fields as the fact line has them, then what the trigger was asked to bring: path → value as JSON, just as it stands in the line.</summary>
    private void AddEntry(OutboxFact fact)
    {
        _changes.AddRange(
        [
            "id", fact.Id,
            "customer", customer,
            "seq", fact.Seq,
            "at", InstantText.Of(fact.AtMs),
            "max_age_at", fact.ExpiresAtMs == long.MaxValue ? "" : InstantText.Of(fact.ExpiresAtMs),
            "cause", fact.Cause,
            "kind", fact.Kind.Name(),
        ]);
        var reader = new Utf8JsonReader(fact.Line.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isOn = reader.ValueTextEquals("on"u8);
            bool isWith = reader.ValueTextEquals("with"u8);
            reader.Read();
            if (isOn)
                _changes.AddRange(["on", Json(ref reader, fact.Line)]);
            else if (isWith)
                AddWith(ref reader, fact.Line);
            else
                reader.Skip();
        }
    }

    private void AddWith(ref Utf8JsonReader reader, ReadOnlyMemory<byte> line)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            _changes.Add(reader.GetString());
            reader.Read();
            _changes.Add(Json(ref reader, line));
        }
    }

    private static byte[] Json(ref Utf8JsonReader reader, ReadOnlyMemory<byte> line)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return line[start..(int)reader.BytesConsumed].ToArray();
    }
}
