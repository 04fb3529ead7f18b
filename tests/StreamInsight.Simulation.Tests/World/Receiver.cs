using System.Text;
using StreamInsight.Pipeline;

namespace StreamInsight.Simulation.World;

/// <summary>The other side of a sink; outlives the processes. Compares seq per customer, as every real one: an older or repeated seq changes nothing.</summary>
public sealed class Receiver(string name, SimulatedWorld world)
{
    private readonly Dictionary<string, List<string>> _facts = [];

    public string Name => name;

    /// <summary>The sink answers nothing before this instant.</summary>
    public long AwayUntilMs { get; set; }

    public long Repeated { get; private set; }

    /// <summary>What was accepted: by customer, in order of seq, each once.</summary>
    public IEnumerable<KeyValuePair<string, List<string>>> Accepted => _facts;

    /// <summary>Facts accepted.</summary>
    public int Count { get; private set; }

    public void Take(IEnumerable<OutboxFact> facts)
    {
        foreach (OutboxFact fact in facts)
            Take(fact);
    }

    private void Take(OutboxFact fact)
    {
        string line = Encoding.UTF8.GetString(fact.Line.Span);
        bool isCommitted = fact.Position <= world.Disk.AllFacts.Count && world.Disk.AllFacts[(int)fact.Position - 1].Line.Span.SequenceEqual(fact.Line.Span);
        world.Findings.Demand(isCommitted, $"{name} is given a fact that is not committed: {line}");
        if (!_facts.TryGetValue(fact.Customer, out List<string>? lines))
            _facts[fact.Customer] = lines = [];
        if (fact.Seq <= lines.Count)
        {
            Repeated++;
            world.Findings.Demand(lines[(int)fact.Seq - 1] == line, $"{name} is told again, in other words: {lines[(int)fact.Seq - 1]} now {line}");
            return;
        }
        world.Findings.Demand(fact.Seq == lines.Count + 1, $"{name} misses facts: after {lines.Count} of {fact.Customer} comes {line}");
        lines.Add(line);
        Count++;
    }
}
