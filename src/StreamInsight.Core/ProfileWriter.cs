using System.Buffers;
using StreamInsight.Engine;
using StreamInsight.Expressions;
using StreamInsight.Facts;
using StreamInsight.Segments;

namespace StreamInsight;

/// <summary>Writes how a customer stands at its clock, as one line of JSON without its end, keys in the order of the contract. Changes nothing.</summary>
public sealed class ProfileWriter(CompiledModel model)
{
    private const string GroupPrefix = "group.";

    private readonly CustomerContext _context = new(model);

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
        for (int i = 0; i < model.FeatureReads.Count; i++)
        {
            FeatureRead feature = model.FeatureReads[i];
            WriteKey(line, feature.Name, isFirst: i == 0);
            ValueWriter.Write(feature.Node.Evaluate(_context), line);
        }

        line.Write("},\"traits\":"u8);
        WriteTraits(customer, line);
        line.Write(",\"journey\":"u8);
        WriteJourney(customer, line);
        line.Write(",\"segments\":{"u8);
        bool isFirst = true;
        foreach (CompiledSegment segment in model.SegmentsOf(customer))
        {
            WriteKey(line, segment.Name, isFirst);
            Json.WriteInstant(line, customer.Segments.Find(segment.Index)!.Value.SinceMs);
            isFirst = false;
        }

        line.Write("},\"scores\":{},\"actions\":[],\"routing\":null,\"next_timer\":"u8);
        if (customer.NextTimerMs == long.MaxValue)
            line.Write("null"u8);
        else
            Json.WriteInstant(line, customer.NextTimerMs);
        line.Write("}"u8);
    }

    /// <summary>Those of a group are a map <c>group</c>, as they are in the model and in expressions.</summary>
    private void WriteTraits(CustomerState customer, IBufferWriter<byte> line)
    {
        line.Write("{"u8);
        bool isFirst = true;
        bool inGroup = false;
        for (int slot = 0; slot < model.Definition.Traits.Count; slot++)
        {
            string name = model.Definition.Traits[slot].Name;
            bool ofGroup = name.StartsWith(GroupPrefix, StringComparison.Ordinal);
            if (inGroup && !ofGroup)
                line.Write("}"u8);
            if (ofGroup && !inGroup)
            {
                WriteKey(line, "group", isFirst);
                line.Write("{"u8);
                isFirst = true;
            }

            inGroup = ofGroup;
            WriteKey(line, ofGroup ? name[GroupPrefix.Length..] : name, isFirst);
            ValueWriter.Write(customer.Traits is { } traits ? traits[slot] : Value.Null, line);
            isFirst = false;
        }

        line.Write(inGroup ? "}}"u8 : "}"u8);
    }

    private void WriteJourney(CustomerState customer, IBufferWriter<byte> line)
    {
        if (model.Journey is not { } journey)
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
