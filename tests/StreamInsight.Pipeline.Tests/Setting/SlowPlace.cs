using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Pipeline.Tests.Setting;

/// <summary>A place outside the state that erases only while it is up.</summary>
public sealed class SlowPlace : IErasable
{
    private readonly Lock _gate = new();
    private readonly List<Erasure> _erased = [];
    private volatile bool _isDown;

    public string Name => "elsewhere";

    public bool IsDown { get => _isDown; set => _isDown = value; }

    public IReadOnlyList<Erasure> Erased
    {
        get
        {
            lock (_gate)
                return [.. _erased];
        }
    }

    public Task<long> EraseAsync(Erasure erasure, CancellationToken cancel)
    {
        if (IsDown)
            throw new IOException("is down");
        lock (_gate)
            _erased.Add(erasure);
        return Task.FromResult(5L);
    }
}
