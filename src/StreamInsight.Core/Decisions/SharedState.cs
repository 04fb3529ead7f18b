using StreamInsight.Scores;
using StreamInsight.State;

namespace StreamInsight.Decisions;

/// <summary>
/// What all customers of one engine share: what scores have learned, and how the queues stand. One owner, as the engine has; stored with its checkpoints.
/// </summary>
public sealed class SharedState(CompiledModel model)
{
    private const byte Version = 1;

    /// <summary>By number among the learned scores.</summary>
    public OnlineScore[] Scores { get; } =
        [.. model.Learnings.Select(l => new OnlineScore(l.Inputs.Count, l.Definition.PriorRate, l.Definition.PriorWeight))];

    /// <summary>What became of every action.</summary>
    public OutcomeBook Outcomes { get; } = new(model);

    public QueueBoard Queues { get; } = new(model.Definition.Queues);

    /// <summary>Changed since it was last stored. The owner clears it.</summary>
    public bool IsDirty { get; set; }

    public void Encode(StateWriter writer)
    {
        writer.WriteByte(Version);
        writer.WriteUnsigned((ulong)Scores.Length);
        foreach (OnlineScore score in Scores)
            score.Write(writer);
        Queues.Write(writer);
        Outcomes.Write(writer);
    }

    /// <summary>Takes the place of what is there; of a model with other scores or queues, an <see cref="InvalidDataException"/>.</summary>
    public void Decode(ReadOnlySpan<byte> stored)
    {
        var reader = new StateReader(stored);
        if (reader.ReadByte() is var version && version != Version)
            throw new InvalidDataException($"Shared state: version {version}; this program reads {Version}. Was it written by a newer release?");
        if (reader.ReadCount() != Scores.Length)
            throw new InvalidDataException("Shared state: the model has other learned scores than the one that wrote it.");
        for (int i = 0; i < Scores.Length; i++)
            Scores[i] = OnlineScore.Read(ref reader);
        Queues.Read(ref reader);
        Outcomes.Read(ref reader);
    }
}
