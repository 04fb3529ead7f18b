using StreamInsight.Events;
using StreamInsight.Pipeline;

namespace StreamInsight.Orleans.Wire;

/// <summary>Messages of a run: all of them, or some.</summary>
[GenerateSerializer, Immutable]
public sealed class MessageParcel : IParcel
{
    private readonly IReadOnlyList<int>? _picks;

    public MessageParcel() => Run = new MessageRun();

    /// <param name="picks">Which of the run's messages, in order; null = all.</param>
    internal MessageParcel(MessageRun run, IReadOnlyList<int>? picks = null)
    {
        Run = run;
        _picks = picks;
    }

    /// <summary>The run the messages are in; on another silo, one with these messages alone.</summary>
    internal MessageRun Run { get; }

    /// <summary>The run is not the caller's own.</summary>
    internal bool IsFromElsewhere { get; private set; }

    internal int Count => _picks?.Count ?? Run.Count;

    /// <summary>The place in the run of the message with this number.</summary>
    internal int this[int number] => _picks is null ? number : _picks[number];

    /// <summary>The same as bytes: asked for, and set, only where it crosses from one silo to another.</summary>
    [Id(0)]
    public byte[] Packed { get => Parcel.Pack(this); set => Parcel.Unpack(this, value); }

    void IParcel.Pack(WireWriter to)
    {
        to.Count(Count);
        string? source = null;
        for (int i = 0; i < Count; i++)
        {
            int at = this[i];
            CustomerEvent? message = Run.Message(at);
            to.Flag(message is null);
            if (message is null)
            {
                to.Bytes(Run.Handover(at).Span);
                continue;
            }
            PositionCodec.Write(to, Run.Position(at), ref source);
            to.Signed(Run.RecordTimeMs(at));
            MessageCodec.Write(to, message);
        }
    }

    void IParcel.Unpack(ref WireReader from)
    {
        IsFromElsewhere = true;
        string source = "";
        for (int i = from.Count(); i > 0; i--)
        {
            if (from.Flag())
            {
                Run.AddHandover(from.Bytes());
                continue;
            }
            SourcePosition position = PositionCodec.Read(ref from, ref source);
            long recordTimeMs = from.Signed();
            Run.Add(MessageCodec.Read(ref from), position, recordTimeMs);
        }
    }
}
