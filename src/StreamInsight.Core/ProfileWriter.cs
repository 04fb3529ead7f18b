using System.Buffers;
using StreamInsight.Decisions;
using StreamInsight.Engine;
using StreamInsight.Events;
using StreamInsight.Expressions;
using StreamInsight.Facts;
using StreamInsight.Segments;

namespace StreamInsight;

/// <summary>Writes how a customer stands at its clock, as one line of JSON without its end, keys in the order of the contract. Changes nothing.</summary>
public sealed class ProfileWriter
{
    private readonly CompiledModel _model;
    private const string GroupPrefix = "group.";

    private readonly CustomerContext _context;
    private readonly Decider _decider;

    /// <param name="shared">What the customers share; null = nothing.</param>
    public ProfileWriter(CompiledModel model, SharedState? shared = null)
    {
        _model = model;
        _context = new CustomerContext(model, shared ?? new SharedState(model));
        _decider = _context.Decider = new Decider(model, _context);
    }

    public void Write(CustomerState customer, IBufferWriter<byte> line)
    {
        _context.State = customer;
        _context.Now = customer.ClockMs;

        line.Write("{\"customer\":"u8);
        Json.WriteString(line, customer.Id);
        line.Write(",\"at\":"u8);
        Json.WriteInstant(line, customer.ClockMs);
        line.Write(",\"seq\":"u8);
        Json.WriteInt(line, customer.Seq);

        line.Write(",\"features\":{"u8);
        for (int i = 0; i < _model.FeatureReads.Count; i++)
        {
            FeatureRead feature = _model.FeatureReads[i];
            WriteKey(line, feature.Name, isFirst: i == 0);
            ValueWriter.Write(feature.Node.Evaluate(_context), line);
        }

        line.Write("},\"traits\":"u8);
        WriteTraits(customer, line);
        line.Write(",\"journey\":"u8);
        WriteJourney(customer, line);
        line.Write(",\"segments\":{"u8);
        bool isFirst = true;
        foreach (CompiledSegment segment in _model.SegmentsOf(customer))
        {
            WriteKey(line, segment.Name, isFirst);
            Json.WriteInstant(line, customer.Segments.Find(segment.Index)!.Value.SinceMs);
            isFirst = false;
        }

        line.Write("},\"scores\":{"u8);
        for (int i = 0; i < _model.Scores.Count; i++)
        {
            WriteKey(line, _model.Scores[i].Name, isFirst: i == 0);
            ValueWriter.Write(_model.Scores[i].Node.Evaluate(_context), line);
        }

        line.Write("},\"actions\":"u8);
        DecisionWriter.WriteActions(_decider.Describe(customer), line);
        line.Write(",\"routing\":"u8);
        DecisionWriter.WriteRouting(customer.Decisions?.Routing, line);
        line.Write(",\"next_timer\":"u8);
        if (customer.NextTimerMs == long.MaxValue)
            line.Write("null"u8);
        else
            Json.WriteInstant(line, customer.NextTimerMs);
        line.Write("}"u8);
    }

    /// <summary>Those of a group are a map <c>group</c>, as they are in the model and in expressions.</summary>
    /// <summary>Every declared trait in written order; those that group messages set stand together in a map <c>group</c>.</summary>
    private void WriteTraits(CustomerState customer, IBufferWriter<byte> line)
    {
        string prefix = EventSchema.GroupPrefix;
        int[] slots = [.. Enumerable.Range(0, _model.Definition.Traits.Count)];
        int[] group = [.. slots.Where(slot => NameOf(slot).StartsWith(prefix, StringComparison.Ordinal))];
        line.Write("{"u8);
        bool isFirst = true;
        foreach (int slot in slots)
        {
            bool opensGroup = group.Length > 0 && slot == group[0];
            if (group.Contains(slot) && !opensGroup)
                continue;
            WriteKey(line, opensGroup ? prefix[..^1] : NameOf(slot), isFirst);
            isFirst = false;
            if (opensGroup)
                WriteGroup(group);
            else
                ValueWriter.Write(ValueOf(slot), line);
        }

        line.Write("}"u8);

        string NameOf(int slot) => _model.Definition.Traits[slot].Name;
        Value ValueOf(int slot) => customer.Traits is { } traits ? traits[slot] : Value.Null;
        void WriteGroup(int[] members)
        {
            line.Write("{"u8);
            foreach (int slot in members)
            {
                WriteKey(line, NameOf(slot)[prefix.Length..], slot == members[0]);
                ValueWriter.Write(ValueOf(slot), line);
            }

            line.Write("}"u8);
        }
    }

    private void WriteJourney(CustomerState customer, IBufferWriter<byte> line)
    {
        if (_model.Journey is not { } journey)
        {
            line.Write("null"u8);
            return;
        }

        line.Write("{\"stage\":"u8);
        Json.WriteString(line, journey.Stages[customer.Journey.Stage]);
        line.Write(",\"previous\":"u8);
        if (customer.Journey.Previous < 0)
            line.Write("null"u8);
        else
            Json.WriteString(line, journey.Stages[customer.Journey.Previous]);
        line.Write(",\"entered_at\":"u8);
        Json.WriteInstant(line, customer.Journey.EnteredMs);
        line.Write("}"u8);
    }

    private static void WriteKey(IBufferWriter<byte> line, string key, bool isFirst)
    {
        if (!isFirst)
            line.Write(","u8);
        Json.WriteString(line, key);
        line.Write(":"u8);
    }
}
