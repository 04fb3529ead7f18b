using System.Buffers;
using StreamInsight.Engine;
using StreamInsight.Expressions;
using StreamInsight.Facts;

namespace StreamInsight.Decisions;

/// <summary>A decision as one JSON object: the answer first, then why.</summary>
internal static class DecisionRecordWriter
{
    public static byte[] Write(
        CompiledModel model, CustomerContext context, string id, string channel, IReadOnlyList<RankedAction> actions, IReadOnlyList<Candidate> candidates,
        string? reserved, long reservedUntilMs, RoutingDecision? routing)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        Member(json, "{\"decision\":"u8, id);
        Member(json, ",\"customer\":"u8, context.State.Id);
        Member(json, ",\"channel\":"u8, channel);
        json.Write(",\"at\":"u8);
        Json.WriteInstant(json, context.Now);
        Member(json, ",\"model\":"u8, model.Id);
        json.Write(",\"actions\":"u8);
        DecisionWriter.WriteActions(actions, json);
        Member(json, ",\"reserved\":"u8, reserved);
        json.Write(",\"reserved_until\":"u8);
        Instant(json, reserved is null ? long.MaxValue : reservedUntilMs);
        json.Write(",\"routing\":"u8);
        DecisionWriter.WriteRouting(routing, json);
        json.Write(",\"candidates\":"u8);
        WriteCandidates(candidates, json);
        json.Write(",\"reads\":"u8);
        WriteReads(model, context, candidates, json);
        json.Write("}"u8);
        return json.WrittenSpan.ToArray();
    }

    /// <summary>How each action fared: the gate that removed it and when that opens by time alone, or its factors and score.</summary>
    public static void WriteCandidates(IReadOnlyList<Candidate> candidates, IBufferWriter<byte> json)
    {
        json.Write("["u8);
        for (int i = 0; i < candidates.Count; i++)
        {
            Candidate candidate = candidates[i];
            Member(json, i == 0 ? "{\"action\":"u8 : ",{\"action\":"u8, candidate.Action.Name);
            Member(json, ",\"removed_by\":"u8, candidate.RemovedBy == Gate.None ? null : GateText.Of(candidate.RemovedBy));
            json.Write(",\"opens_at\":"u8);
            Instant(json, candidate.OpensMs);
            if (candidate.RemovedBy == Gate.None)
            {
                Number(json, ",\"propensity\":"u8, candidate.Propensity);
                Number(json, ",\"context\":"u8, candidate.Context);
                Number(json, ",\"value\":"u8, candidate.Value);
                Number(json, ",\"lever\":"u8, candidate.Lever);
                Number(json, ",\"score\":"u8, candidate.Score);
                json.Write(candidate.IsExplored ? ",\"explored\":true"u8 : ",\"explored\":false"u8);
            }

            json.Write("}"u8);
        }

        json.Write("]"u8);
    }

    /// <summary>Everything the actions read, as path → value.</summary>
    private static void WriteReads(CompiledModel model, CustomerContext context, IReadOnlyList<Candidate> candidates, IBufferWriter<byte> json)
    {
        json.Write("{"u8);
        bool isFirst = true;
        foreach (string path in candidates.SelectMany(c => c.Action.Expressions).SelectMany(e => e.Paths).Distinct().Order(StringComparer.Ordinal))
        {
            if (model.ReaderOf(path) is not { } node)
                continue;
            if (!isFirst)
                json.Write(","u8);
            isFirst = false;
            Json.WriteString(json, path);
            json.Write(":"u8);
            Value value = node.Evaluate(context);
            ValueWriter.Write(value, json);
        }

        json.Write("}"u8);
    }

    private static void Member(IBufferWriter<byte> json, ReadOnlySpan<byte> keyAndColon, string? text)
    {
        json.Write(keyAndColon);
        if (text is null)
            json.Write("null"u8);
        else
            Json.WriteString(json, text);
    }

    private static void Number(IBufferWriter<byte> json, ReadOnlySpan<byte> keyAndColon, double number)
    {
        json.Write(keyAndColon);
        Json.WriteDouble(json, number);
    }

    private static void Instant(IBufferWriter<byte> json, long instantMs)
    {
        if (instantMs == long.MaxValue)
            json.Write("null"u8);
        else
            Json.WriteInstant(json, instantMs);
    }
}
