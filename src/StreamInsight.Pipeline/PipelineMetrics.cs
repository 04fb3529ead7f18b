using System.Diagnostics.Metrics;
using StreamInsight.Events;
using StreamInsight.Facts;

namespace StreamInsight.Pipeline;

/// <summary>
/// Every instrument of the pipeline. Names are Prometheus names without the <c>_total</c> of counters; durations are seconds. Any thread.
/// </summary>
public sealed class PipelineMetrics : IDisposable
{
    public const string MeterName = "StreamInsight";

    private static readonly InstrumentAdvice<double> Latency = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    private readonly List<PipelineFigures> _observed = [];
    private bool _hasGauges;
    private readonly Counter<long> _events, _refused, _facts, _timers, _delivered, _expired, _sinkFailures, _storeFailures, _behind, _recordBytes;
    private readonly Histogram<double> _batch, _commit, _endToEnd, _timerLateness;

    public PipelineMetrics()
    {
        Meter = new Meter(MeterName);
        _events = Meter.CreateCounter<long>("streaminsight_events", null, "Messages taken from a source, refused ones included.");
        _recordBytes = Meter.CreateCounter<long>("streaminsight_events_bytes", null, "Bytes of the records taken from a source.");
        _refused = Meter.CreateCounter<long>("streaminsight_refused_events", null, "Messages that went to dead letters, by reason.");
        _behind = Meter.CreateCounter<long>("streaminsight_skipped_events", null, "Messages delivered again by a source and skipped, because their effects are stored.");
        _facts = Meter.CreateCounter<long>("streaminsight_facts", null, "Facts committed, by kind.");
        _timers = Meter.CreateCounter<long>("streaminsight_timers_fired", null, "Customers advanced because a timer was due.");
        _delivered = Meter.CreateCounter<long>("streaminsight_sink_delivered_facts", null, "Facts a sink has taken; for the sink redis, the facts visible in Redis.");
        _expired = Meter.CreateCounter<long>("streaminsight_sink_expired_triggers", null, "Trigger facts not sent because they were older than their max_age.");
        _sinkFailures = Meter.CreateCounter<long>("streaminsight_sink_failures", null, "Deliveries a sink did not take; they are tried again.");
        _storeFailures = Meter.CreateCounter<long>("streaminsight_store_failures", null, "Checkpoints the store did not take (a full disk, a lock); they are tried again.");
        _batch = Meter.CreateHistogram("streaminsight_batch_duration_seconds", null, "Time to apply what was waiting, one round of the worker.", null, Latency);
        _commit = Meter.CreateHistogram("streaminsight_checkpoint_duration_seconds", null, "Time to make one checkpoint durable.", null, Latency);
        _endToEnd = Meter.CreateHistogram("streaminsight_end_to_end_latency_seconds", null, "From the record time of an event to the delivery of a fact it caused.", null, Latency);
        _timerLateness = Meter.CreateHistogram("streaminsight_timer_lateness_seconds", null, "From the time the earliest timer of a round was due to its firing, timer_grace included.", null, Latency);
    }

    public Meter Meter { get; }

    /// <summary>Shows what has not happened yet as 0, once somebody listens: a rate needs a value before the first.</summary>
    public void StartAtZero()
    {
        foreach (Refusal reason in RefusalReason.All)
            _refused.Add(0, new KeyValuePair<string, object?>("reason", reason.Reason()));
        foreach (string kind in FactKindNames.All)
            _facts.Add(0, new KeyValuePair<string, object?>("kind", kind));
        _timers.Add(0);
        _storeFailures.Add(0);
    }

    internal void Applied(string source, long messages, long bytes)
    {
        KeyValuePair<string, object?> tag = new("source", source);
        _events.Add(messages, tag);
        _recordBytes.Add(bytes, tag);
    }

    internal void Skipped(string source, long messages) => _behind.Add(messages, new KeyValuePair<string, object?>("source", source));

    internal void Refused(Refusal reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason.Reason()));

    internal void FactCommitted(FactKind kind) => _facts.Add(1, new KeyValuePair<string, object?>("kind", kind.Name()));

    internal void TimersFired(int customers, double latenessSeconds)
    {
        _timers.Add(customers);
        _timerLateness.Record(latenessSeconds);
    }

    internal void RoundTook(TimeSpan duration) => _batch.Record(duration.TotalSeconds);

    internal void CommitTook(TimeSpan duration) => _commit.Record(duration.TotalSeconds);

    internal void Delivered(string sink, long facts, long expired)
    {
        KeyValuePair<string, object?> tag = new("sink", sink);
        _delivered.Add(facts, tag);
        if (expired > 0)
            _expired.Add(expired, tag);
    }

    internal void StoreFailed() => _storeFailures.Add(1);

    internal void SinkFailed(string sink) => _sinkFailures.Add(1, new KeyValuePair<string, object?>("sink", sink));

    internal void EndToEnd(string sink, long milliseconds) =>
        _endToEnd.Record(Math.Max(0, milliseconds) / 1000.0, new KeyValuePair<string, object?>("sink", sink));

    /// <summary>From now on the gauges tell of this pipeline too; a node has one for each of its partitions.</summary>
    internal void Observe(PipelineFigures figures)
    {
        lock (_observed)
            _observed.Add(figures);
        if (Interlocked.Exchange(ref _hasGauges, true))
            return;
        Meter.CreateObservableGauge("streaminsight_customers", () => Sum(figures => figures.Customers), null, "Customers that exist.");
        Meter.CreateObservableGauge("streaminsight_quarantined_customers", () => Sum(figures => figures.StoppedCustomers), null, "Customers whose state cannot be read; their events go to dead letters as stopped.");
        Meter.CreateObservableGauge("streaminsight_held_messages", () => Sum(figures => figures.HeldMessages), null, "Messages that wait for a merge with a customer of another partition.");
        Meter.CreateObservableGauge("streaminsight_handovers_waiting", () => Sum(figures => figures.HandoversWaiting), null, "Messages for other partitions that are committed and not delivered.");
        Meter.CreateObservableCounter("streaminsight_refused_links", () => SumByTags(figures => figures.RefusedLinks), null, "Links between ids that were refused: by a rule of identity, or because a customer had too many ids.");
        Meter.CreateObservableGauge("streaminsight_segment_members", () => SumByTags(figures => figures.SegmentMembers), null, "Customers in a segment.");
        Meter.CreateObservableGauge("streaminsight_outbox_facts", () => Sum(figures => figures.OutboxDepth), null, "Committed facts the slowest sink has not taken yet.");
        Meter.CreateObservableGauge("streaminsight_outbox_capacity_facts", () => Sum(figures => figures.OutboxCapacity), null, "Outbox depth at which sources pause.");
        Meter.CreateObservableGauge("streaminsight_sink_behind_facts", () => SumByTags(figures => figures.SinksBehind), null, "Committed facts a sink has not taken yet.");
        Meter.CreateObservableGauge("streaminsight_source_lag_records", () => SumByTags(figures => figures.SourceLags), null, "Records waiting in a source.");
        Meter.CreateObservableGauge("streaminsight_checkpoint_age_seconds", () => Greatest(figures => figures.CheckpointAgeSeconds), null, "Age of the oldest applied message that is not durable yet; 0 = everything applied is.");
        Meter.CreateObservableGauge("streaminsight_timer_overdue_seconds", () => Greatest(figures => figures.TimerOverdueSeconds), null, "How long the earliest timer has been due; 0 = none is.");
        Meter.CreateObservableCounter("streaminsight_action_outcomes", () => SumByTags(figures => figures.Outcomes), null, "What became of the actions: contacts, acceptances and declines, and customers offered, of the holdout, and converted.");
        Meter.CreateObservableGauge("streaminsight_score_evidence", () => OfScores(score => score.Evidence), null, "Outcomes a score has learned from.");
        Meter.CreateObservableGauge("streaminsight_score_auc", () => OfScores(score => score.Auc), null, "Area under the ROC curve of a score's predictions of late, each made before its outcome was known; 0.5 is chance.");
        Meter.CreateObservableGauge("streaminsight_score_log_loss", () => OfScores(score => score.LogLoss), null, "Mean log loss of a score's predictions of late, in nats.");
        Meter.CreateObservableGauge("streaminsight_score_baseline_log_loss", () => OfScores(score => score.BaselineLogLoss), null, "The log loss of always answering the recent rate.");
        Meter.CreateObservableGauge("streaminsight_score_calibration_error", () => OfScores(score => score.CalibrationError), null, "Mean distance between predicted and observed rate.");
        Meter.CreateObservableGauge("streaminsight_score_drift", () => OfScores(score => score.Drift), null, "Recent minus long-term log loss in standard errors; above 3 the stream is not what it was.");
        Meter.CreateObservableGauge("streaminsight_score_out_of_bounds", () => OfScores(score => score.IsOutOfBounds ? 1 : 0), null, "1 = the score answers with its prior, because its predictions were clearly worse of late.");
    }

    /// <summary>The pipeline has ended.</summary>
    internal void Forget(PipelineFigures figures)
    {
        lock (_observed)
            _observed.Remove(figures);
    }

    public void Dispose() => Meter.Dispose();

    private PipelineFigures[] Observed
    {
        get
        {
            lock (_observed)
                return [.. _observed];
        }
    }

    private long Sum(Func<PipelineFigures, long> figure) => Observed.Sum(figure);

    private double Greatest(Func<PipelineFigures, double> figure) => Observed.Select(figure).DefaultIfEmpty().Max();

    private IEnumerable<Measurement<long>> SumByTags(Func<PipelineFigures, IEnumerable<Measurement<long>>> figures)
    {
        PipelineFigures[] observed = Observed;
        return observed.Length == 1
            ? figures(observed[0])
            : observed.SelectMany(figures).GroupBy(Tags).Select(group => new Measurement<long>(group.Sum(one => one.Value), group.First().Tags));
    }

    /// <summary>Every partition learns by itself: of several, the one that has learned from most.</summary>
    private IEnumerable<Measurement<double>> OfScores(Func<Scores.ScoreReport, double> figure)
    {
        PipelineFigures[] observed = Observed;
        return observed.Length == 0 ? [] : observed.MaxBy(figures => figures.Scores(score => score.Evidence).Sum(one => one.Value))!.Scores(figure);
    }

    private static string Tags(Measurement<long> measurement)
    {
        var text = new System.Text.StringBuilder();
        foreach (KeyValuePair<string, object?> tag in measurement.Tags)
            text.Append(tag.Key).Append('=').Append(tag.Value).Append(';');
        return text.ToString();
    }
}
