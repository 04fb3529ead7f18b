using System.Text.Json;

namespace StreamInsight.Bench.Floor;

/// <summary>W's messages through <see cref="Utf8JsonReader"/>: any order of members, full validation of the JSON.</summary>
internal readonly struct ReaderParser : IFloorParser
{
    public static void Parse(ReadOnlySpan<byte> line, out FloorEvent e)
    {
        e = default;
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("event"u8))
            {
                reader.Read();
                e.Kind = reader.ValueTextEquals("purchase"u8) ? FloorKind.Purchase : reader.ValueTextEquals("support_call"u8) ? FloorKind.SupportCall : FloorKind.Other;
            }
            else if (reader.ValueTextEquals("userId"u8))
            {
                reader.Read();
                e.Customer = FloorText.Pack(reader.ValueSpan);
            }
            else if (reader.ValueTextEquals("timestamp"u8))
            {
                reader.Read();
                e.TimeMs = FloorText.Time(reader.ValueSpan);
            }
            else if (reader.ValueTextEquals("properties"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    bool isAmount = reader.ValueTextEquals("amount"u8);
                    reader.Read();
                    if (isAmount)
                        e.Amount = reader.GetDouble();
                    else
                        reader.Skip();
                }
            }
            else if (reader.ValueTextEquals("context"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    bool isChannel = reader.ValueTextEquals("channel"u8);
                    reader.Read();
                    if (isChannel)
                        e.Channel = FloorText.Channel(reader.ValueSpan);
                    else
                        reader.Skip();
                }
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }
}
