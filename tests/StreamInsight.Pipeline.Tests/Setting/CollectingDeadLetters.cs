namespace StreamInsight.Pipeline.Tests.Setting;

/// <summary>A second place for dead letters that may be down.</summary>
public sealed class CollectingDeadLetters : IDeadLetters
{
    private readonly Lock _gate = new();
    private readonly List<DeadLetter> _letters = [];
    private volatile bool _isDown;

    public string Name => "collector";

    public bool IsDown { get => _isDown; set => _isDown = value; }

    public int Tries { get; private set; }

    public IReadOnlyList<DeadLetter> Letters
    {
        get
        {
            lock (_gate)
                return [.. _letters];
        }
    }

    public Task DeliverAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel)
    {
        lock (_gate)
        {
            Tries++;
            if (IsDown)
                throw new IOException("is down");
            _letters.AddRange(letters);
        }
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
