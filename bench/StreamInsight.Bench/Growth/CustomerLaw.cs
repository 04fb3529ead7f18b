namespace StreamInsight.Bench.Growth;

/// <summary>
/// How events are spread over customers: Zipf, and perhaps a bot. The first million ranks exactly, those behind them as a continuum: rank x has the share scale · x^-s.
/// Rank 0 is the bot.
/// </summary>
internal sealed class CustomerLaw
{
    /// <summary>Ranks that are counted one by one where distinct customers are; those behind are smooth.</summary>
    public const int Hot = 256;

    private const int MaxExact = 1_000_000, PointsAnOctave = 4, Octaves = 44;

    private readonly long _customers;
    private readonly double _zipf, _scale, _bot;
    private readonly double[] _tail = new double[(Octaves * PointsAnOctave) + 1];

    public CustomerLaw(long customers, double zipf, double bot = 0)
    {
        _customers = customers;
        _zipf = zipf;
        _bot = bot;
        Exact = (int)Math.Min(customers, MaxExact);
        double sum = 0;
        for (int rank = Exact; rank >= 1; rank--)
            sum += Math.Pow(rank, -zipf);
        _scale = (1 - bot) / (sum + Integral(Exact + 0.5, customers + 0.5));
        for (int i = 0; i < _tail.Length; i++)
            _tail[i] = DistinctBehind(Math.Pow(2, i / (double)PointsAnOctave));
    }

    /// <summary>Ranks that have a name and so a home; the events of the others are spread evenly.</summary>
    public int Exact { get; }

    /// <summary>Of all events. Rank 0 = the bot.</summary>
    public double Share(int rank) => rank == 0 ? _bot : _scale * Math.Pow(rank, -_zipf);

    public double ShareBehindExact => _scale * Integral(Exact + 0.5, _customers + 0.5);

    public double Hottest => Math.Max(_bot, Share(1));

    /// <summary>Customers behind the hot ranks that so many events of all customers are expected to touch.</summary>
    public double DistinctTail(double events)
    {
        if (events < 1)
            return events * _tail[0];
        double at = Math.Min(Math.Log2(events) * PointsAnOctave, _tail.Length - 1.001);
        int i = (int)at;
        return _tail[i] + ((_tail[i + 1] - _tail[i]) * (at - i));
    }

    /// <summary>All customers that so many events are expected to touch.</summary>
    public double Distinct(double events)
    {
        double sum = DistinctTail(events);
        for (int rank = 0; rank <= Hot; rank++)
            sum += 1 - Math.Exp(-events * Share(rank));
        return sum;
    }

    /// <summary>The integral of 1 - e^(-events · share) over ranks, by 400 steps that grow with the rank.</summary>
    private double DistinctBehind(double events)
    {
        double from = Hot + 0.5, to = _customers + 0.5, sum = 0;
        if (to <= from)
            return 0;
        double factor = Math.Pow(to / from, 1 / 400.0);
        for (int i = 0; i < 400; i++, from *= factor)
            sum += from * (factor - 1) * (1 - Math.Exp(-events * _scale * Math.Pow(from * Math.Sqrt(factor), -_zipf)));
        return sum;
    }

    private double Integral(double from, double to) => to <= from ? 0
        : Math.Abs(_zipf - 1) < 1e-9 ? Math.Log(to / from)
        : (Math.Pow(to, 1 - _zipf) - Math.Pow(from, 1 - _zipf)) / (1 - _zipf);
}
