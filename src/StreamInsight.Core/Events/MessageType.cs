namespace StreamInsight.Events;

/// <summary>The call a message was made with (Segment's spec). <see cref="None"/> = not known.</summary>
public enum MessageType : byte
{
    None,
    Track,
    Page,
    Screen,
    Identify,
    Group,
    Alias,
}
