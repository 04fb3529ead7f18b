using System.Buffers;
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

    public void Erase(string customer, long atMs) => Add(customer, FactKind.Erased, null, atMs, tellsView: true, ends: true);

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
            After = tellsView ? new CustomerView { Customer = customer, Seq = seq, ClockMs = atMs, HasEnded = ends, Stage = "loyal", Segments = [.. Members(customer)], Model = Model } : null,
        });
    }
}
