using System.Buffers;
using StreamInsight.Definitions;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Pipeline;

/// <summary>What the worker has applied since its last checkpoint began.</summary>
internal sealed class PendingWork(CompiledModel model, long lastFactPosition, long lastDeadLetterNumber)
{
    private readonly Dictionary<string, TriggerDefinition> _triggers = model.Definition.Triggers.ToDictionary(trigger => trigger.Name);
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private long _lastFactPosition = lastFactPosition;
    private long _lastDeadLetterNumber = lastDeadLetterNumber;

    public List<Fact> Facts { get; } = [];

    public List<DeadLetter> DeadLetters { get; } = [];

    /// <summary>Customers to erase, and erasures that went on.</summary>
    public List<Erasure> Erasures { get; } = [];

    public List<Erasure> ErasureProgress { get; } = [];

    /// <summary>Where customers are erased beside the store, by name.</summary>
    public IReadOnlyList<string> ErasurePlaces { get; set; } = [];

    /// <summary>Dead letters to forget, by number.</summary>
    public List<long> RemovedDeadLetters { get; } = [];

    /// <summary>The outbox position the last fact here will have.</summary>
    public long LastFactPosition => _lastFactPosition + Facts.Count;

    /// <summary>Messages applied.</summary>
    public int Messages { get; set; }

    /// <summary>Records whose positions are passed; one may hold no message at all.</summary>
    public int Records { get; set; }

    /// <summary>Timers fired.</summary>
    public int Timers { get; set; }

    public bool IsEmpty => Records == 0 && Timers == 0 && Facts.Count == 0 && DeadLetters.Count == 0 && Erasures.Count == 0 && ErasureProgress.Count == 0
        && RemovedDeadLetters.Count == 0;

    public void Refuse(RefusedMessage message) =>
        DeadLetters.Add(new DeadLetter(++_lastDeadLetterNumber, message.Position, message.Reason, message.RecordTimeMs, message.Message.ToArray()));

    /// <summary>All of it as one checkpoint; nothing is pending afterwards.</summary>
    public async ValueTask<Checkpoint> TakeCheckpointAsync(ICustomerHost host, IReadOnlyDictionary<string, long> positions)
    {
        var checkpoint = new Checkpoint { Changes = await host.TakeChangesAsync() };
        foreach ((string source, long offset) in positions)
            checkpoint.Positions[source] = offset;
        checkpoint.DeadLetters.AddRange(DeadLetters);
        checkpoint.Handovers.AddRange(checkpoint.Changes.Handovers);

        CustomerView?[] views = await ViewsAsync(host);
        for (int i = 0; i < Facts.Count; i++)
            checkpoint.Facts.Add(Outgoing(Facts[i], views[i]));

        foreach (Erasure erasure in Erasures.Concat(checkpoint.Changes.Erasures.Select(told => told with { Pending = ErasurePlaces })))
            checkpoint.Erasures.Add(erasure with { FactPosition = _lastFactPosition, Positions = checkpoint.Positions });
        checkpoint.ErasureProgress.AddRange(ErasureProgress);
        checkpoint.RemovedDeadLetters.AddRange(RemovedDeadLetters);

        Facts.Clear();
        DeadLetters.Clear();
        Erasures.Clear();
        ErasureProgress.Clear();
        RemovedDeadLetters.Clear();
        Messages = 0;
        Records = 0;
        Timers = 0;
        return checkpoint;
    }

    /// <summary>The view of each customer at its last non-trigger fact: triggers may expire on the way, the view must not.</summary>
    private async ValueTask<CustomerView?[]> ViewsAsync(ICustomerHost host)
    {
        var told = new List<int>();
        _seen.Clear();
        for (int i = Facts.Count - 1; i >= 0; i--)
        {
            if (Facts[i].Kind != FactKind.Trigger && _seen.Add(Facts[i].Customer))
                told.Add(i);
        }
        var views = new CustomerView?[Facts.Count];
        if (told.Count == 0)
            return views;
        CustomerView?[] standing = await host.ViewAsync([.. told.Select(i => Facts[i].Customer)]);
        for (int i = 0; i < told.Count; i++)
        {
            Fact fact = Facts[told[i]];
            views[told[i]] = standing[i] ?? new CustomerView { Customer = fact.Customer, Seq = fact.Seq, ClockMs = fact.AtMs, Model = fact.Model, HasEnded = true };
        }
        return views;
    }

    private OutboxFact Outgoing(Fact fact, CustomerView? view)
    {
        _line.ResetWrittenCount();
        FactWriter.Write(fact, _line);
        TriggerDefinition? trigger = fact.Kind == FactKind.Trigger ? _triggers.GetValueOrDefault(fact.Subject!) : null;
        return new OutboxFact
        {
            Position = ++_lastFactPosition,
            Id = FactWriter.Id(fact),
            Customer = fact.Customer,
            Seq = fact.Seq,
            AtMs = fact.AtMs,
            Kind = fact.Kind,
            Cause = fact.Cause,
            Subject = fact.Subject,
            To = trigger?.To,
            ExpiresAtMs = trigger?.MaxAgeMs is { } maxAgeMs ? fact.AtMs + maxAgeMs : long.MaxValue,
            Line = _line.WrittenSpan.ToArray(),
            After = view,
        };
    }
}
