namespace StreamInsight.Pipeline.Tests.Setting;

/// <summary>A sink that keeps what it is given, while it is up.</summary>
public sealed class CollectingSink(string name = "collector") : IFactSink
{
    private readonly Lock _gate = new();
    private readonly List<OutboxFact> _facts = [];
    private volatile bool _isDown;

    public string Name { get; } = name;

    public bool IsDown { get => _isDown; set => _isDown = value; }

    public int Tries { get; private set; }

    public IReadOnlyList<OutboxFact> Facts
    {
        get
        {
            lock (_gate)
                return [.. _facts];
        }
    }

    public Task DeliverAsync(IReadOnlyList<OutboxFact> facts, CancellationToken cancel)
    {
        lock (_gate)
        {
            Tries++;
            if (IsDown)
                throw new IOException("is down");
            _facts.AddRange(facts);
        }
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
