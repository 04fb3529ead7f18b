using System.Buffers;
using StreamInsight.Decisions;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Pipeline.Tests.Setting;

/// <summary>A host with a bug: it throws at a given message.</summary>
public sealed class TroubledHost(ICustomerHost host, int throwsAt) : ICustomerHost
{
    private int _messages;

    public long NextTimerMs => host.NextTimerMs;

    public int StoppedCustomers => host.StoppedCustomers;

    public DecisionFigures Decisions => host.Decisions;

    public long CustomerCount => host.CustomerCount;

    public Refusal Process(CustomerEvent message, SourcePosition position, List<Fact> facts) =>
        ++_messages == throwsAt ? throw new InvalidOperationException("a bug") : host.Process(message, position, facts);

    public int FireTimers(long untilMs, int max, List<Fact> facts) => host.FireTimers(untilMs, max, facts);

    public HostChanges TakeChanges() => host.TakeChanges();

    public CustomerView? View(string customer) => host.View(customer);

    public bool WriteProfile(string id, IBufferWriter<byte> line) => host.WriteProfile(id, line);

    public Erasure? Erase(string id, long nowMs, long forgetAfterMs, List<Fact> facts) => host.Erase(id, nowMs, forgetAfterMs, facts);

    public void Trim() => host.Trim();
}
