using StreamInsight.Decisions;
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

    public async ValueTask ProcessAsync(MessageRun run, List<Fact> facts)
    {
        var before = new MessageRun();
        for (int i = 0; i < run.Count && _messages + i + 1 < throwsAt; i++)
            before.Add(run.Message(i)!, run.Position(i), run.RecordTimeMs(i));
        _messages += run.Count;
        if (_messages < throwsAt)
        {
            await host.ProcessAsync(run, facts);
            return;
        }
        await host.ProcessAsync(before, facts);
        throw new InvalidOperationException("a bug");
    }

    public ValueTask<int> FireTimersAsync(long untilMs, int max, List<Fact> facts) => host.FireTimersAsync(untilMs, max, facts);

    public ValueTask<HostChanges> TakeChangesAsync() => host.TakeChangesAsync();

    public ValueTask<CustomerView?[]> ViewAsync(IReadOnlyList<string> customers) => host.ViewAsync(customers);

    public ValueTask<byte[]?> ProfileAsync(string id) => host.ProfileAsync(id);

    public ValueTask<byte[]?> ExplainAsync(string id, long nowMs) => host.ExplainAsync(id, nowMs);

    public ValueTask<byte[]> ReportAsync() => host.ReportAsync();

    public ValueTask<QueueState?> QueueAsync(string name, long nowMs) => host.QueueAsync(name, nowMs);

    public ValueTask<Erasure?> EraseAsync(string id, long nowMs, long forgetAfterMs, List<Fact> facts) => host.EraseAsync(id, nowMs, forgetAfterMs, facts);

    public void Trim() => host.Trim();
}
