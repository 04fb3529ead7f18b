using StreamInsight.Definitions;
using StreamInsight.State;

namespace StreamInsight.Decisions;

/// <summary>
/// How the queues of a model stand, and stood: a timer of a customer may be fired late in a replay, and reads what was known at its instant. The newest states of
/// each queue are kept.
/// </summary>
public sealed class QueueBoard(IReadOnlyList<QueueDefinition> queues)
{
    private const int MaxKept = 65_536;

    /// <summary>States stored with a checkpoint: a live service reads hardly behind the newest.</summary>
    private const int MaxStored = 16;

    private readonly List<QueueState>[] _states = [.. queues.Select(_ => new List<QueueState>())];

    public IReadOnlyList<QueueDefinition> Queues => queues;

    /// <summary>Queue by name; -1 = the model has no such queue.</summary>
    public int IndexOf(string name)
    {
        for (int i = 0; i < queues.Count; i++)
            if (queues[i].Name == name)
                return i;
        return -1;
    }

    public void Add(int queue, in QueueState state)
    {
        List<QueueState> states = _states[queue];
        int at = states.Count;
        while (at > 0 && states[at - 1].AtMs > state.AtMs)
            at--;
        states.Insert(at, state);
        if (states.Count > MaxKept)
            states.RemoveRange(0, MaxKept / 2);
    }

    /// <summary>What was known of a queue at an instant; null = nothing, or nothing fresh.</summary>
    public QueueState? At(int queue, long nowMs)
    {
        List<QueueState> states = _states[queue];
        int low = 0, high = states.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (states[middle].AtMs <= nowMs)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 || nowMs - states[low - 1].AtMs > queues[queue].StaleAfterMs ? null : states[low - 1];
    }

    /// <summary>The service level now, or what is assumed of it; null = unknown.</summary>
    public double? ServiceLevel(int queue, long nowMs) => At(queue, nowMs)?.ServiceLevel ?? queues[queue].DefaultServiceLevel;

    internal void Write(StateWriter writer)
    {
        foreach (List<QueueState> states in _states)
        {
            int skipped = Math.Max(0, states.Count - MaxStored);
            writer.WriteUnsigned((ulong)(states.Count - skipped));
            foreach (QueueState state in states.Skip(skipped))
                Write(state, writer);
        }
    }

    internal void Read(ref StateReader reader)
    {
        foreach (List<QueueState> states in _states)
        {
            states.Clear();
            for (int left = reader.ReadCount(); left > 0; left--)
                states.Add(ReadState(ref reader));
        }
    }

    internal static void Write(in QueueState state, StateWriter writer)
    {
        writer.WriteSigned(state.AtMs);
        WriteNumber(state.Waiting, writer);
        WriteNumber(state.LongestWait, writer);
        WriteNumber(state.ServiceLevel, writer);
        WriteNumber(state.AgentsFree, writer);
    }

    internal static QueueState ReadState(ref StateReader reader) =>
        new(reader.ReadSigned(), (long?)ReadNumber(ref reader), ReadNumber(ref reader), ReadNumber(ref reader), (long?)ReadNumber(ref reader));

    private static void WriteNumber(double? number, StateWriter writer) => writer.WriteBits(BitConverter.DoubleToInt64Bits(number ?? double.NaN));

    private static double? ReadNumber(ref StateReader reader) =>
        BitConverter.Int64BitsToDouble(reader.ReadBits()) is var number && double.IsNaN(number) ? null : number;
}
