using System.Buffers;
using StreamInsight.Expressions;
using StreamInsight.Facts;

namespace StreamInsight.Explain;

/// <summary>An explanation as one JSON object.</summary>
public static class ExplanationWriter
{
    public static void Write(Explanation explanation, IBufferWriter<byte> output)
    {
        output.Write("{\"customer\":"u8);
        Json.WriteString(output, explanation.Customer);
        Instant(output, ",\"at\":"u8, explanation.AtMs);
        output.Write(",\"seq\":"u8);
        Json.WriteInt(output, explanation.Seq);
        output.Write(",\"features\":{"u8);
        List(output, explanation.Features, static (output, feature) =>
        {
            Json.WriteString(output, feature.Name);
            Value(output, ":{\"value\":"u8, feature.Value);
            if (feature.Coverage is { } coverage)
            {
                Text(output, ",\"mode\":"u8, coverage.Mode);
                Instant(output, ",\"covered_from\":"u8, coverage.CoveredFromMs);
                Flag(output, ",\"complete\":"u8, coverage.IsComplete);
                Flag(output, ",\"truncated\":"u8, coverage.IsTruncated);
                Flag(output, ",\"capped\":"u8, coverage.IsCapped);
            }
            else
            {
                Text(output, ",\"mode\":"u8, "derived");
            }

            output.Write("}"u8);
        });
        output.Write("},\"journey\":"u8);
        Journey(output, explanation.Journey);
        output.Write(",\"segments\":{"u8);
        List(output, explanation.Segments, static (output, segment) =>
        {
            Json.WriteString(output, segment.Name);
            Flag(output, ":{\"member\":"u8, segment.IsMember);
            Instant(output, segment.IsMember ? ",\"since\":"u8 : ",\"waiting_since\":"u8, segment.SinceMs);
            Instant(output, segment.IsMember ? ",\"stays_until\":"u8 : ",\"enters_at\":"u8, segment.FreeAtMs);
            Condition(output, ",\"when\":"u8, segment.When);
            Condition(output, ",\"exit\":"u8, segment.Exit);
            output.Write("}"u8);
        });
        Instant(output, "},\"next_timer\":"u8, explanation.NextTimerMs);
        output.Write("}"u8);
    }

    private static void Journey(IBufferWriter<byte> output, ExplainedJourney? journey)
    {
        if (journey is null)
        {
            output.Write("null"u8);
            return;
        }

        Text(output, "{\"stage\":"u8, journey.Stage);
        Text(output, ",\"previous\":"u8, journey.Previous);
        Instant(output, ",\"entered_at\":"u8, journey.EnteredAtMs);
        output.Write(",\"open\":["u8);
        List(output, journey.Open, static (output, transition) =>
        {
            Text(output, "{\"from\":"u8, transition.From);
            Text(output, ",\"to\":"u8, transition.To);
            Condition(output, ",\"when\":"u8, transition.When);
            Instant(output, ",\"not_before\":"u8, transition.DwellUntilMs);
            Flag(output, ",\"closed\":"u8, transition.IsClosed);
            output.Write("}"u8);
        });
        output.Write("]}"u8);
    }

    private static void Condition(IBufferWriter<byte> output, ReadOnlySpan<byte> key, ExplainedCondition? condition)
    {
        output.Write(key);
        if (condition is null)
        {
            output.Write("null"u8);
            return;
        }

        Text(output, "{\"condition\":"u8, condition.Text);
        output.Write(",\"reads\":{"u8);
        List(output, condition.Reads, static (output, read) =>
        {
            Json.WriteString(output, read.Path);
            Value(output, ":"u8, read.Value);
        });
        Flag(output, "},\"holds\":"u8, condition.Result.IsTrue);
        Text(output, ",\"error\":"u8, condition.Result.IsError ? condition.Result.AsString : null);
        Instant(output, ",\"turns_at\":"u8, condition.TurnsAtMs);
        output.Write("}"u8);
    }

    private static void List<T>(IBufferWriter<byte> output, IReadOnlyList<T> items, Action<IBufferWriter<byte>, T> write)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
                output.Write(","u8);
            write(output, items[i]);
        }
    }

    private static void Text(IBufferWriter<byte> output, ReadOnlySpan<byte> key, string? text)
    {
        output.Write(key);
        if (text is null)
            output.Write("null"u8);
        else
            Json.WriteString(output, text);
    }

    private static void Value(IBufferWriter<byte> output, ReadOnlySpan<byte> key, Value value)
    {
        output.Write(key);
        ValueWriter.Write(value, output);
    }

    private static void Flag(IBufferWriter<byte> output, ReadOnlySpan<byte> key, bool flag)
    {
        output.Write(key);
        output.Write(flag ? "true"u8 : "false"u8);
    }

    private static void Instant(IBufferWriter<byte> output, ReadOnlySpan<byte> key, long? milliseconds)
    {
        output.Write(key);
        if (milliseconds is { } instant)
            Json.WriteInstant(output, instant);
        else
            output.Write("null"u8);
    }
}
