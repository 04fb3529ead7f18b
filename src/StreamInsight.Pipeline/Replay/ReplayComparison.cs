namespace StreamInsight.Pipeline.Replay;

/// <summary>What another model makes of the same log: counts of both, and who stands elsewhere at the end.</summary>
public sealed class ReplayComparison
{
    /// <summary>Customers named per difference.</summary>
    public const int Examples = 5;

    private ReplayComparison(ReplaySummary @base, ReplaySummary with, IReadOnlyList<SegmentDifference> segments, IReadOnlyList<StageMove> moves, long changed)
    {
        Base = @base;
        With = with;
        Segments = segments;
        Moves = moves;
        ChangedCustomers = changed;
    }

    public ReplaySummary Base { get; }

    public ReplaySummary With { get; }

    /// <summary>Segments of either model: those of the base in written order, then new ones.</summary>
    public IReadOnlyList<SegmentDifference> Segments { get; }

    /// <summary>Customers in another stage than before, most frequent first.</summary>
    public IReadOnlyList<StageMove> Moves { get; }

    /// <summary>Customers in another stage or in other segments.</summary>
    public long ChangedCustomers { get; }

    /// <summary>Compares two replays of one log that have run.</summary>
    public static ReplayComparison Of(ReplayRunner @base, ReplaySummary baseSummary, ReplayRunner with, ReplaySummary withSummary)
    {
        Dictionary<string, Standing> before = @base.Standings().ToDictionary(standing => standing.Customer);
        Dictionary<string, Standing> after = with.Standings().ToDictionary(standing => standing.Customer);
        SegmentDifference[] segments = [.. baseSummary.Segments.Concat(withSummary.Segments).Select(segment => segment.Name).Distinct()
            .Select(name => new SegmentDifference(name, baseSummary.Segments.FirstOrDefault(s => s.Name == name), withSummary.Segments.FirstOrDefault(s => s.Name == name)))];
        var moves = new Dictionary<(string?, string?), StageMove>();
        long changed = 0;
        foreach (string customer in before.Keys.Union(after.Keys).Order(Comparer<string>.Create(Utf8Order.Compare)))
        {
            Standing? was = before.GetValueOrDefault(customer), is_ = after.GetValueOrDefault(customer);
            bool differs = false;
            foreach (SegmentDifference segment in segments)
                differs |= segment.Note(customer, was?.Segments.Contains(segment.Name) ?? false, is_?.Segments.Contains(segment.Name) ?? false);
            if (was?.Stage != is_?.Stage)
            {
                differs = true;
                if (!moves.TryGetValue((was?.Stage, is_?.Stage), out StageMove? move))
                    moves[(was?.Stage, is_?.Stage)] = move = new StageMove(was?.Stage, is_?.Stage);
                move.Note(customer);
            }

            changed += differs ? 1 : 0;
        }

        return new ReplayComparison(baseSummary, withSummary, segments, [.. moves.Values.OrderByDescending(move => move.Customers)], changed);
    }
}

/// <summary>Where a customer stands at the end of a replay; <paramref name="Stage"/> null = the model has no journey.</summary>
public sealed record Standing(string Customer, string? Stage, IReadOnlyList<string> Segments);

/// <summary>One segment under both models; null = the model has no such segment.</summary>
public sealed class SegmentDifference(string name, SegmentCount? @base, SegmentCount? with)
{
    private readonly List<string> _gained = [], _lost = [];

    public string Name => name;

    public SegmentCount? Base => @base;

    public SegmentCount? With => with;

    /// <summary>Customers who are in it at the end under the other model only.</summary>
    public long Gained { get; private set; }

    /// <summary>Customers who are in it at the end under the base only.</summary>
    public long Lost { get; private set; }

    public IReadOnlyList<string> GainedExamples => _gained;

    public IReadOnlyList<string> LostExamples => _lost;

    internal bool Note(string customer, bool was, bool is_)
    {
        if (was == is_)
            return false;
        List<string> examples = is_ ? _gained : _lost;
        if (examples.Count < ReplayComparison.Examples)
            examples.Add(customer);
        if (is_)
            Gained++;
        else
            Lost++;
        return true;
    }
}

/// <summary>Customers who end in another stage.</summary>
public sealed class StageMove(string? from, string? to)
{
    private readonly List<string> _examples = [];

    public string? From => from;

    public string? To => to;

    public long Customers { get; private set; }

    public IReadOnlyList<string> CustomerExamples => _examples;

    internal void Note(string customer)
    {
        Customers++;
        if (_examples.Count < ReplayComparison.Examples)
            _examples.Add(customer);
    }
}
