using StreamInsight.Segments;
using StreamInsight.State;

namespace StreamInsight.Decisions;

/// <summary>
/// The closed loop: what became of every action, in all and by the stage and the segments a customer was in at the time. One owner; books of several owners add up, in any
/// order, to the same.
/// </summary>
public sealed class OutcomeBook
{
    private readonly CompiledModel _model;
    private readonly int _stages;
    private readonly OutcomeTally[] _tallies;   // by action, then population

    public OutcomeBook(CompiledModel model)
    {
        _model = model;
        _stages = model.Journey?.Stages.Count ?? 0;
        Populations = ["all", .. (model.Journey?.Stages ?? []).Select(stage => $"stage:{stage}"), .. model.Segments.Select(segment => $"segment:{segment.Name}")];
        _tallies = new OutcomeTally[model.Actions.Count * Populations.Count];
    }

    /// <summary><c>all</c>, then <c>stage:x</c>, then <c>segment:y</c>.</summary>
    public IReadOnlyList<string> Populations { get; }

    public OutcomeTally this[int action, int population] => _tallies[(action * Populations.Count) + population];

    /// <summary>Adds to the action in every population the customer is of now.</summary>
    internal void Add(CompiledAction action, CustomerState customer, in OutcomeTally tally)
    {
        int first = action.Index * Populations.Count;
        _tallies[first].Add(tally);
        if (_stages > 0)
            _tallies[first + 1 + customer.Stage].Add(tally);
        foreach (ref readonly Membership standing in customer.Memberships)
            if (standing.IsMember)
                _tallies[first + 1 + _stages + standing.Segment].Add(tally);
    }

    /// <summary>Adds the book of another owner of the same model.</summary>
    public void Add(OutcomeBook other)
    {
        for (int i = 0; i < _tallies.Length; i++)
            _tallies[i].Add(other._tallies[i]);
    }

    /// <summary>The name of an action, by its number.</summary>
    public string NameOf(int action) => _model.Actions[action].Name;

    public int ActionCount => _model.Actions.Count;

    /// <summary>Only what was ever counted is written.</summary>
    internal void Write(StateWriter writer)
    {
        writer.WriteUnsigned((ulong)_tallies.Length);
        writer.WriteUnsigned((ulong)_tallies.Count(tally => !tally.IsEmpty));
        for (int i = 0; i < _tallies.Length; i++)
        {
            if (_tallies[i].IsEmpty)
                continue;
            writer.WriteUnsigned((ulong)i);
            _tallies[i].Write(writer);
        }
    }

    internal void Read(ref StateReader reader)
    {
        if (reader.ReadUnsigned() != (ulong)_tallies.Length)
            throw new InvalidDataException("Shared state: the model has other actions, stages or segments than the one that wrote it.");
        for (int left = reader.ReadCount(); left > 0; left--)
            _tallies[reader.ReadInt(_tallies.Length)] = OutcomeTally.Read(ref reader);
    }
}
