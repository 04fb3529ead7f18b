using System.Buffers;
using StreamInsight.Decisions;
using StreamInsight.Expressions;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis;

/// <summary>Facts as the pipeline would put them into its outbox.</summary>
internal sealed class FactLog
{
    public const string Model = "shop@1";

    private readonly Dictionary<string, long> _seqs = [];
    private readonly Dictionary<string, List<string>> _segments = [];

    private readonly Dictionary<string, RoutingDecision> _routing = [];
    private readonly Dictionary<string, List<KeyValuePair<string, string>>> _lookups = [];

    /// <summary>What every customer is offered.</summary>
    public IReadOnlyList<RankedAction> Actions { get; set; } = [];

    public List<OutboxFact> Facts { get; } = [];

    public void Enter(string customer, string segment, long atMs)
    {
        Members(customer).Add(segment);
        Add(customer, FactKind.SegmentEntered, segment, atMs, tellsView: true);
    }

    public void Leave(string customer, string segment, long atMs, bool ends = false)
    {
        Members(customer).Remove(segment);
        Add(customer, FactKind.SegmentLeft, segment, atMs, tellsView: true, ends: ends);
    }

    public void Trigger(string customer, string trigger, long atMs, string[]? to = null, long expiresAtMs = long.MaxValue, params (string Path, Value Value)[] with) =>
        Add(customer, FactKind.Trigger, trigger, atMs, tellsView: false, to: to, expiresAtMs: expiresAtMs, with: with);

    public void Merged(string customer, string from, long atMs) => Add(customer, FactKind.Merged, from, atMs, tellsView: true);

    public void Erase(string customer, long atMs) => Add(customer, FactKind.Erased, null, atMs, tellsView: true, ends: true);

    /// <summary>From this fact on, until it is told otherwise.</summary>
    public void Route(string customer, RoutingDecision routing, long atMs)
    {
        _routing[customer] = routing;
        Add(customer, FactKind.RoutingChanged, null, atMs, tellsView: true);
    }

    /// <summary>Its next facts have these, and no fact says it.</summary>
    public void Told(string customer, params (string Kind, string Value)[] lookups) =>
        _lookups[customer] = [.. lookups.Select(l => KeyValuePair.Create(l.Kind, l.Value))];

    /// <summary>How the customer stands now.</summary>
    public CustomerView View(string customer, long atMs = 0) => new()
    {
        Customer = customer,
        Seq = _seqs.GetValueOrDefault(customer),
        ClockMs = atMs,
        Stage = "loyal",
        Segments = [.. Members(customer)],
        Routing = _routing.GetValueOrDefault(customer),
        Actions = _routing.ContainsKey(customer) ? Actions : [],
        Lookups = _lookups.GetValueOrDefault(customer) ?? [],
        Model = Model,
    };

    private List<string> Members(string customer)
    {
        if (!_segments.TryGetValue(customer, out var members))
            _segments[customer] = members = [];
        return members;
    }

    private void Add(string customer, FactKind kind, string? subject, long atMs, bool tellsView,
        bool ends = false, string[]? to = null, long expiresAtMs = long.MaxValue, (string Path, Value Value)[]? with = null)
    {
        long seq = _seqs[customer] = _seqs.GetValueOrDefault(customer) + 1;
        var fact = new Fact
        {
            Customer = customer,
            Seq = seq,
            AtMs = atMs,
            BornMs = 1,
            Kind = kind,
            Model = Model,
            Cause = "event:m1",
            Subject = subject,
            Routing = kind == FactKind.RoutingChanged ? _routing[customer] : null,
            On = kind == FactKind.Trigger ? seq - 1 : 0,
            With = [.. (with ?? []).Select(w => KeyValuePair.Create(w.Path, w.Value))],
        };
        var line = new ArrayBufferWriter<byte>();
        FactWriter.Write(fact, line);
        Facts.Add(new OutboxFact
        {
            Position = Facts.Count + 1,
            Id = FactWriter.Id(fact),
            Customer = customer,
            Seq = seq,
            AtMs = atMs,
            Kind = kind,
            Cause = fact.Cause,
            Subject = subject,
            To = to,
            ExpiresAtMs = expiresAtMs,
            Line = line.WrittenMemory,
            After = tellsView ? View(customer, atMs) with { HasEnded = ends } : null,
        });
    }
}
