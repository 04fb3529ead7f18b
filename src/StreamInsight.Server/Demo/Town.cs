namespace StreamInsight.Server.Demo;

/// <summary>Who lives there, and what is next on whose calendar: visits, calls, campaigns, network failures, newcomers.</summary>
internal sealed class Town
{
    private readonly SimulationOptions _options;
    private readonly Timeline _timeline;
    private readonly Chance _chance;
    private readonly ShopVisit _visit;
    private readonly PhoneCall _call;
    private readonly Newcomer _newcomer;
    private readonly PriorityQueue<Action<long>, (long AtMs, long Order)> _calendar = new();
    private readonly List<SimulatedCustomer> _people = [];
    private long _order;
    private long _failureUntilMs;

    public Town(SimulationOptions options, Timeline timeline)
    {
        _options = options;
        _timeline = timeline;
        _chance = Chance.For(options.Seed, 2);
        var offers = new OfferTalk(timeline);
        _call = new PhoneCall(timeline, At, () => _failureUntilMs, offers);
        _visit = new ShopVisit(timeline, At, _call, offers);
        _newcomer = new Newcomer(timeline, At);

        var shares = Array.ConvertAll(Persona.Known, persona => persona.Share);
        for (var i = 0; i < options.Customers; i++)
            Settle(Persona.Known[_chance.Weighted(shares)]);
        NextNewcomer(options.StartMs);
        NextFailure(options.StartMs);
        At(options.StartMs + 9 * Spans.Hour, Campaign);
        At(options.StartMs + 7 * Spans.Hour, Queues);
    }

    /// <summary>When something happens next.</summary>
    public long NextMs => _calendar.TryPeek(out _, out var priority) ? priority.AtMs : long.MaxValue;

    /// <summary>Lets the next thing happen.</summary>
    public void Live()
    {
        _calendar.TryDequeue(out var happen, out var priority);
        happen!(priority.AtMs);
    }

    private void At(long atMs, Action<long> happen) => _calendar.Enqueue(happen, (atMs, _order++));

    private void Settle(Persona persona)
    {
        var who = new SimulatedCustomer(Chance.For(_options.Seed, (ulong)(1_000 + _people.Count)), persona, _options.StartMs);
        Welcome.Name(who, _people.Count);
        _people.Add(who);
        NextVisit(who, _options.StartMs);
        NextCall(who, _options.StartMs);
    }

    private void NextVisit(SimulatedCustomer who, long fromMs)
    {
        var rate = who.Persona.VisitsPerWeek * who.Keenness(fromMs);
        if (rate < 0.02 && who.UserId is null)
            return; // a visitor who never said who it is, and has lost interest
        At(Rhythm.NextVisit(who.Chance, fromMs, 7 * Spans.Day / Math.Max(rate, 0.02)), atMs =>
        {
            if (!who.HasLeft)
                Visit(who, atMs);
            NextVisit(who, atMs + Spans.Hour);
        });
    }

    private void Visit(SimulatedCustomer who, long atMs)
    {
        who.Settle();
        if (who.Visits++ == 0 && who.UserId is not null)
            Welcome.Introduce(_timeline, who, atMs);
        _visit.Play(who, atMs);
        if (who.UserId is null && _newcomer.Decides(who, atMs, _people.Count))
        {
            _people.Add(who);
            NextCall(who, atMs);
        }
    }

    private void NextCall(SimulatedCustomer who, long fromMs)
    {
        if (who.Persona.CallsPerWeek == 0)
            return;
        var at = fromMs + (long)who.Chance.Gap(7 * Spans.Day / who.Persona.CallsPerWeek);
        At(Rhythm.WhenOpen(who.Chance, at), atMs =>
        {
            if (!who.HasLeft)
                _call.Play(who, atMs, who.Chance.OneOf(PhoneCall.Reasons));
            NextCall(who, atMs);
        });
    }

    private void NextNewcomer(long fromMs)
    {
        var everyMs = 110.0 * Spans.Day / Math.Max(_options.Customers, 1);
        At(Rhythm.NextVisit(_chance, fromMs, everyMs), atMs =>
        {
            var who = _newcomer.Arrive(Chance.For(_options.Seed, (ulong)_order + (1UL << 40)), atMs);
            NextVisit(who, atMs);
            NextNewcomer(atMs);
        });
    }

    /// <summary>The network fails somewhere: many call at once, and wait.</summary>
    private void NextFailure(long fromMs)
    {
        At(Rhythm.WhenOpen(_chance, fromMs + (long)_chance.Gap(20 * Spans.Hour)), atMs =>
        {
            var hours = _chance.Between(1.0, 3.0);
            _failureUntilMs = atMs + (long)(hours * Spans.Hour);
            var share = _chance.Between(0.006, 0.02);
            foreach (var who in _people)
                if (!who.HasLeft && who.UserId is not null && _chance.Of(share))
                    At(_chance.Between(atMs, _failureUntilMs), at => _call.Play(who, at, "outage"));
            NextFailure(_failureUntilMs);
        });
    }

    /// <summary>How the contact centre's queues stand, every quarter of an hour while it is open; during a failure they overflow.</summary>
    private void Queues(long atMs)
    {
        var fails = atMs < _failureUntilMs;
        Queue(atMs, "general", fails ? 0.25 : 0.82, fails ? 60 : 6);
        Queue(atMs, "priority", fails ? 0.6 : 0.93, fails ? 12 : 1);
        At(Rhythm.WhenOpen(_chance, atMs + 15 * Spans.Minute), Queues);
    }

    private void Queue(long atMs, string name, double serviceLevel, int waiting)
    {
        var level = Math.Clamp(_chance.Bell(serviceLevel, 0.06), 0, 1);
        var inLine = (int)_chance.Gap(waiting);
        _timeline.Queue(atMs, name, inLine, Math.Round(inLine * _chance.Between(8.0, 25.0)), Math.Round(level, 2), level > 0.9 ? 1 + _chance.Below(6) : 0);
    }

    private void Campaign(long fromMs)
    {
        foreach (var who in _people)
        {
            if (who.HasLeft || who.Visits == 0 || !_chance.Of(who.Persona.ReadsMail))
                continue;
            var opened = fromMs + (long)_chance.Gap(5 * Spans.Hour);
            At(opened, atMs =>
            {
                _timeline.Track(who, atMs, "email", "Email Opened", new Property("campaign", "weekly offers"));
                if (who.Chance.Of(0.25))
                    At(atMs + who.Chance.Between(Spans.Minute, 20 * Spans.Minute), at => Visit(who, at));
            });
        }
        At(fromMs + 3 * Spans.Day, Campaign);
    }
}
