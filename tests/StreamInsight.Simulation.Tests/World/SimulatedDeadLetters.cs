using System.Text;
using StreamInsight.Events;
using StreamInsight.Pipeline;

namespace StreamInsight.Simulation.World;

/// <summary>A second place for dead letters; what it has taken outlives the processes.</summary>
public sealed class SimulatedDeadLetters(SimulatedWorld world) : IDeadLetters
{
    public string Name => "dead";

    public async Task DeliverAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel)
    {
        await Task.Yield();
        bool isTroubled = !world.IsCalm && world.Random.Chance(world.Habits.SinkTroublePercent);
        foreach (DeadLetter letter in letters.Take(isTroubled ? world.Random.Below(letters.Count + 1) : letters.Count))
            Take(letter);
        if (isTroubled)
            throw new IOException("refused");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Take(DeadLetter letter)
    {
        string text = $"{letter.Position} {letter.Reason.Reason()}";
        if (letter.Number <= world.DeadTaken.Count)
        {
            world.Findings.Demand(world.DeadTaken[(int)letter.Number - 1] == text, $"dead letter {letter.Number} is told again as {text}");
            return;
        }
        world.Findings.Demand(letter.Number == world.DeadTaken.Count + 1, $"dead letters are missing before {letter.Number}");
        world.DeadTaken.Add(text);
        SimulatedPartition from = world.Work.Partitions.First(p => p.Name == letter.Position.Source);
        byte[] record = from.Records[(int)letter.Position.Offset - 1].Bytes;
        world.Findings.Demand(letter.Position.Index >= 0 ? record.AsSpan().IndexOf(letter.Record.Span) >= 0 : record.AsSpan().SequenceEqual(letter.Record.Span),
            $"dead letter {text} has other bytes: {Encoding.UTF8.GetString(letter.Record.Span)}");
    }
}
