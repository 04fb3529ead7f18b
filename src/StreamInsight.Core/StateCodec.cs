using StreamInsight.Decisions;
using StreamInsight.Engine;
using StreamInsight.Expressions;
using StreamInsight.Features;
using StreamInsight.Journeys;
using StreamInsight.Segments;
using StreamInsight.State;

namespace StreamInsight;

/// <summary>
/// The binary form of a customer's state. Versioned by its first byte: a newer one is refused, an older one is read. Features, segments and stages stand by their place
/// in the model, so a state belongs to the model it was written under. What is settled is not stored: the first step after a load judges everything
/// again, which tells nothing new (a step in which nothing turned has no effect).
/// </summary>
public static class StateCodec
{
    /// <summary>The layout written today.</summary>
    public const byte Version = 2;

    public static void Encode(CustomerState customer, CompiledModel model, StateWriter writer)
    {
        writer.WriteByte(Version);
        writer.WriteText(customer.Id);
        writer.WriteSigned(customer.BornMs);
        writer.WriteSigned(customer.ClockMs - customer.BornMs);
        writer.WriteSigned(customer.Seq);
        writer.WriteSigned(customer.NextTimerMs == long.MaxValue ? -1 : customer.NextTimerMs - customer.ClockMs);
        EncodeTraits(customer.Traits, writer);
        customer.Journey.Encode(writer);
        customer.Segments.Encode(writer);
        model.Recent.Encode(ref customer.Memory, writer);
        EncodeFeatures(customer, model, writer);
        writer.WriteByte(customer.Decisions is null ? (byte)0 : (byte)1);
        customer.Decisions?.Encode(writer);
    }

    public static CustomerState Decode(ReadOnlySpan<byte> row, CompiledModel model)
    {
        var reader = new StateReader(row);
        byte version = reader.ReadByte();
        if (version is 0 or > Version)
            throw new InvalidDataException($"State: version {version}; this program reads up to {Version}. Was it written by a newer release?");

        string id = reader.ReadText() ?? throw new InvalidDataException("State: no id.");
        var customer = new CustomerState(id, model, reader.ReadSigned());
        customer.ClockMs = customer.BornMs + reader.ReadSigned();
        customer.Seq = reader.ReadSigned();
        long timerInMs = reader.ReadSigned();
        customer.NextTimerMs = timerInMs < 0 ? long.MaxValue : customer.ClockMs + timerInMs;
        customer.Traits = DecodeTraits(ref reader, model);
        customer.Journey = JourneyState.Read(ref reader, model.Journey?.Stages.Count ?? 1, model.Journey?.Transitions.Count ?? 0);
        customer.Segments = Memberships.Read(ref reader, model.Segments.Count);
        model.Recent.Decode(ref customer.Memory, ref reader);
        DecodeFeatures(customer, ref reader, model);
        if (version >= 2 && reader.ReadByte() != 0)   // version 1 decided nothing
            customer.Decisions = DecisionState.Read(ref reader, model);
        if (!reader.AtEnd)
            throw new InvalidDataException("State: the row is longer than it should be.");

        // Judge everything anew at the stored timer.
        if (customer.NextTimerMs != long.MaxValue)
            customer.Flips.Set(model.FirstDecision < 0 ? model.Numbers.Silence : model.FirstDecision, customer.NextTimerMs);
        return customer;
    }

    private static void EncodeTraits(Value[]? traits, StateWriter writer)
    {
        writer.WriteUnsigned((ulong)(traits?.Length ?? 0));
        foreach (Value value in traits ?? [])
        {
            writer.WriteByte((byte)value.Kind);
            if (value.Kind == ValueKind.String)
                writer.WriteText(value.AsString);
            else if (!value.IsNull)
                writer.WriteBits(value.Bits);
        }
    }

    private static Value[]? DecodeTraits(ref StateReader reader, CompiledModel model)
    {
        int count = reader.ReadCount();
        if (count == 0)
            return null;
        if (count != model.Definition.Traits.Count)
            throw new InvalidDataException($"State: {count} traits where the model has {model.Definition.Traits.Count}.");
        var traits = new Value[count];
        for (int i = 0; i < count; i++)
        {
            var kind = (ValueKind)reader.ReadInt((int)ValueKind.Error);
            traits[i] = kind switch
            {
                ValueKind.Null => Value.Null,
                ValueKind.String => Value.String(reader.ReadText() ?? ""),
                _ => Value.Of(kind, reader.ReadBits(), null),
            };
        }

        return traits;
    }

    private static void EncodeFeatures(CustomerState customer, CompiledModel model, StateWriter writer)
    {
        writer.WriteUnsigned((ulong)model.Observed.Count);
        foreach (ObservedFeature observed in model.Observed)
            observed.Feature.Encode(ref customer.Memory, writer);
    }

    private static void DecodeFeatures(CustomerState customer, ref StateReader reader, CompiledModel model)
    {
        int count = reader.ReadCount();
        if (count != model.Observed.Count)
            throw new InvalidDataException($"State: {count} features where the model observes {model.Observed.Count}.");
        foreach (ObservedFeature observed in model.Observed)
        {
            byte tag = reader.ReadByte();
            if (tag != 0)
                observed.Feature.Decode(ref customer.Memory, tag, ref reader);
        }
    }
}
