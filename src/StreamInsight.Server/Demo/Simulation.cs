namespace StreamInsight.Server.Demo;

/// <summary>
/// A town's customers of one telephone company, its shop and its contact centre, as an endless stream of messages in order of arrival.
/// Deterministic: the same options give the same bytes. Reads no clock. One owner thread.
/// </summary>
public sealed class Simulation
{
    private readonly Timeline _timeline;
    private readonly Town _town;

    public Simulation(SimulationOptions options)
    {
        _timeline = new Timeline(options.Mishaps ? new Mishaps(Chance.For(options.Seed, 1)) : null);
        _town = new Town(options, _timeline);
    }

    /// <summary>The next message if it arrives at or before <paramref name="untilMs"/> (UTC milliseconds since 1970).</summary>
    public bool TryNext(long untilMs, out SimulatedMessage message)
    {
        while (_town.NextMs <= Math.Min(untilMs, _timeline.NextMs))
            _town.Live();
        if (_timeline.NextMs > untilMs)
        {
            message = default;
            return false;
        }
        message = _timeline.Take();
        return true;
    }

    /// <summary>The next message, however late it is.</summary>
    public SimulatedMessage Next() => TryNext(long.MaxValue, out var message) ? message : throw new InvalidOperationException("The town fell silent.");
}
