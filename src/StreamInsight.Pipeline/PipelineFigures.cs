using System.Diagnostics.Metrics;
using StreamInsight.Decisions;
using StreamInsight.Scores;

namespace StreamInsight.Pipeline;

/// <summary>Where the gauges come from; each is cheap and may be called from any thread.</summary>
internal sealed class PipelineFigures
{
    public required Func<long> CountCustomers { get; init; }

    public required Func<IEnumerable<Measurement<long>>> CountMembers { get; init; }

    public required Func<int> CountStopped { get; init; }

    public required Func<int> CountHeld { get; init; }

    public required Func<long> CountHandovers { get; init; }

    public required Func<IEnumerable<Measurement<long>>> CountRefusedLinks { get; init; }

    public required Outbox Outbox { get; init; }

    public required Func<IEnumerable<Measurement<long>>> ReadSinksBehind { get; init; }

    public required Func<IEnumerable<Measurement<long>>> ReadLags { get; init; }

    public required Func<double> ReadCheckpointAge { get; init; }

    public required Func<double> ReadTimerOverdue { get; init; }

    public required Func<DecisionFigures> ReadDecisions { get; init; }

    /// <summary>One figure of every score that learns; those without a value yet are left out.</summary>
    public IEnumerable<Measurement<double>> Scores(Func<ScoreReport, double> figure) => ReadDecisions().Scores
        .Where(score => double.IsFinite(figure(score.Report)))
        .Select(score => new Measurement<double>(figure(score.Report), new KeyValuePair<string, object?>("score", score.Name)));

    /// <summary>What became of every action: contacts, acceptances, declines; customers to whom it was offered, and of the holdout, and who accepted.</summary>
    public IEnumerable<Measurement<long>> Outcomes => ReadDecisions().Actions.SelectMany(action => new[]
    {
        Of(action.Name, "shown", action.Tally.Shown),
        Of(action.Name, "accepted", action.Tally.Accepted),
        Of(action.Name, "declined", action.Tally.Declined),
        Of(action.Name, "offered_customers", action.Tally.Offered),
        Of(action.Name, "converted_customers", action.Tally.Converted),
        Of(action.Name, "holdout_customers", action.Tally.HeldOut),
        Of(action.Name, "holdout_converted_customers", action.Tally.HeldOutConverted),
    });

    private static Measurement<long> Of(string action, string outcome, long count) =>
        new(count, new KeyValuePair<string, object?>("action", action), new KeyValuePair<string, object?>("outcome", outcome));

    public long Customers => CountCustomers();

    public IEnumerable<Measurement<long>> SegmentMembers => CountMembers();

    public long StoppedCustomers => CountStopped();

    public long HeldMessages => CountHeld();

    public long HandoversWaiting => CountHandovers();

    public IEnumerable<Measurement<long>> RefusedLinks => CountRefusedLinks();

    public long OutboxDepth => Outbox.Depth;

    public long OutboxCapacity => Outbox.Capacity;

    public IEnumerable<Measurement<long>> SinksBehind => ReadSinksBehind();

    public IEnumerable<Measurement<long>> SourceLags => ReadLags();

    public double CheckpointAgeSeconds => ReadCheckpointAge();

    public double TimerOverdueSeconds => ReadTimerOverdue();
}
