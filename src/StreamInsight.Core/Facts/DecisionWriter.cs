using System.Buffers;
using StreamInsight.Decisions;

namespace StreamInsight.Facts;

/// <summary>A ranking and a routing decision as JSON, as they stand in facts and profiles.</summary>
public static class DecisionWriter
{
    /// <summary><c>[{"action":"call_back","channels":["voice"],"score":24.5,"explored":false,"content":{"script":"…"}}]</c>, best first.</summary>
    public static void WriteActions(IReadOnlyList<RankedAction> actions, IBufferWriter<byte> line)
    {
        Json.WriteRaw(line, "["u8);
        for (int i = 0; i < actions.Count; i++)
        {
            RankedAction action = actions[i];
            Json.WriteRaw(line, i == 0 ? "{\"action\":"u8 : ",{\"action\":"u8);
            Json.WriteString(line, action.Action);
            Json.WriteRaw(line, ",\"channels\":"u8);
            WriteTexts(action.Channels, line);
            Json.WriteRaw(line, ",\"score\":"u8);
            Json.WriteDouble(line, action.Score);
            Json.WriteRaw(line, action.IsExplored ? ",\"explored\":true,\"content\":{"u8 : ",\"explored\":false,\"content\":{"u8);
            for (int c = 0; c < action.Content.Count; c++)
            {
                if (c > 0)
                    Json.WriteRaw(line, ","u8);
                Json.WriteString(line, action.Content[c].Key);
                Json.WriteRaw(line, ":"u8);
                Json.WriteString(line, action.Content[c].Value);
            }

            Json.WriteRaw(line, "}}"u8);
        }

        Json.WriteRaw(line, "]"u8);
    }

    /// <summary><c>{"queue":"priority","score":740,"reasons":["save_me"],"agent":"a7","skills":["de"],"valid_until":"…"}</c>; <c>null</c> where there is none.</summary>
    public static void WriteRouting(RoutingDecision? routing, IBufferWriter<byte> line)
    {
        if (routing is null)
        {
            Json.WriteRaw(line, "null"u8);
            return;
        }

        Json.WriteRaw(line, "{\"queue\":"u8);
        WriteOrNull(routing.Queue, line);
        Json.WriteRaw(line, ",\"score\":"u8);
        Json.WriteDouble(line, routing.Score);
        Json.WriteRaw(line, ",\"reasons\":"u8);
        WriteTexts(routing.Reasons, line);
        Json.WriteRaw(line, ",\"agent\":"u8);
        WriteOrNull(routing.Agent, line);
        Json.WriteRaw(line, ",\"skills\":"u8);
        WriteTexts(routing.Skills, line);
        Json.WriteRaw(line, ",\"valid_until\":"u8);
        Json.WriteInstant(line, routing.ValidUntilMs);
        Json.WriteRaw(line, "}"u8);
    }

    private static void WriteTexts(IReadOnlyList<string> texts, IBufferWriter<byte> line)
    {
        Json.WriteRaw(line, "["u8);
        for (int i = 0; i < texts.Count; i++)
        {
            if (i > 0)
                Json.WriteRaw(line, ","u8);
            Json.WriteString(line, texts[i]);
        }

        Json.WriteRaw(line, "]"u8);
    }

    private static void WriteOrNull(string? text, IBufferWriter<byte> line)
    {
        if (text is null)
            Json.WriteRaw(line, "null"u8);
        else
            Json.WriteString(line, text);
    }
}
