namespace StreamInsight.Bench.Floor;

/// <summary>
/// W's messages by someone who knows them: members in the order of the generator, no escapes, no validation beyond finding the next quote.
/// No general program can read this way; it is the least that reading can cost.
/// </summary>
internal readonly struct SpecialParser : IFloorParser
{
    public static void Parse(ReadOnlySpan<byte> line, out FloorEvent e)
    {
        e = default;

        // {"type":"track","event":"
        int at = 25;
        int end = at + line[at..].IndexOf((byte)'"');
        e.Kind = (end - at) switch
        {
            8 => line[at] == 'p' && line[at + 1] == 'u' ? FloorKind.Purchase : FloorKind.Other,
            12 => line[at] == 's' ? FloorKind.SupportCall : FloorKind.Other,
            _ => FloorKind.Other,
        };

        // ","userId":"
        at = end + 12;
        end = at + line[at..].IndexOf((byte)'"');
        e.Customer = FloorText.Pack(line[at..end]);

        // ","messageId":"0123456789abcdef","timestamp":"
        at = end + 15 + 16 + 15;
        e.TimeMs = FloorText.Time(line.Slice(at, 24));

        // ","properties":{"amount":
        at += 24 + 25;
        e.Amount = FloorText.Decimal(line[at..], out int length);

        // ,"item":12345},"context":{"channel":"
        at += length + 8;
        at += line[at..].IndexOf((byte)'}') + 24;
        end = at + line[at..].IndexOf((byte)'"');
        e.Channel = FloorText.Channel(line[at..end]);
    }
}
