using System.Buffers;
using StreamInsight.Definitions;
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
        output.Write("},\"scores\":{"u8);
        List(output, explanation.Scores, static (output, score) =>
        {
            Json.WriteString(output, score.Name);
            Value(output, ":{\"value\":"u8, score.Value);
            Flag(output, ",\"learned\":"u8, score.IsLearned);
            output.Write("}"u8);
        });
        output.Write("},\"actions\":{"u8);
        List(output, explanation.Actions, Action);
        output.Write("},\"routing\":"u8);
        DecisionWriter.WriteRouting(explanation.Routing, output);
        Instant(output, ",\"next_timer\":"u8, explanation.NextTimerMs);
        output.Write("}"u8);
    }

    private static void Action(IBufferWriter<byte> output, ExplainedAction action)
    {
        Json.WriteString(output, action.Name);
        output.Write(":{\"rank\":"u8);
        if (action.Rank is { } rank)
            Json.WriteInt(output, rank);
        else
            output.Write("null"u8);
        Text(output, ",\"removed_by\":"u8, action.RemovedBy);
        Text(output, ",\"change\":"u8, action.Change);
        Instant(output, ",\"opens_at\":"u8, action.OpensAtMs);
        output.Write(",\"channels\":["u8);
        List(output, action.Channels, static (output, channel) => Json.WriteString(output, channel));
        Condition(output, "],\"eligible\":"u8, action.Eligible);
        output.Write(",\"consent\":{"u8);
        List(output, action.Consent, static (output, consent) =>
        {
            Json.WriteString(output, consent.Name);
            Condition(output, ":"u8, consent.Condition);
        });
        output.Write("},\"caps\":["u8);
        List(output, action.Caps, static (output, cap) =>
        {
            Text(output, "{\"channel\":"u8, cap.Channel);
            Text(output, ",\"topic\":"u8, cap.Topic);
            output.Write(",\"max\":"u8);
            Json.WriteInt(output, cap.Max);
            output.Write(",\"count\":"u8);
            Json.WriteInt(output, cap.Count);
            Text(output, ",\"window\":"u8, Duration.Format(cap.WindowMs));
            Instant(output, ",\"frees_at\":"u8, cap.FreesAtMs);
            output.Write("}"u8);
        });
        output.Write("],\"factors\":"u8);
        if (action.Factors is { } factors)
        {
            output.Write("{\"propensity\":"u8);
            Json.WriteDouble(output, factors.Propensity);
            output.Write(",\"context\":"u8);
            Json.WriteDouble(output, factors.Context);
            output.Write(",\"value\":"u8);
            Json.WriteDouble(output, factors.Value);
            output.Write(",\"lever\":"u8);
            Json.WriteDouble(output, factors.Lever);
            output.Write(",\"score\":"u8);
            Json.WriteDouble(output, factors.Score);
            output.Write("}"u8);
        }
        else
        {
            output.Write("null"u8);
        }

        Flag(output, ",\"explored\":"u8, action.IsExplored);
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
