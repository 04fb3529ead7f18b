namespace StreamInsight.Routing;

/// <summary>
/// One queue, some agents, calls of equal length: who is served next is the vendor's rule. Time is in whole seconds, and given: the same calls give the same result.
/// </summary>
internal sealed class QueueSimulation(int agents, int handleSeconds)
{
    public readonly record struct Call(int Number, int JoinedAt, double Score);

    public readonly record struct Served(Call Call, int At)
    {
        public int Waited => At - Call.JoinedAt;
    }

    /// <summary>Where a call stands at an instant: smaller is served first; the call that joined first among equals.</summary>
    public delegate (long First, long Then) Place(Call call, int now);

    /// <summary>First come, first served.</summary>
    public static (long First, long Then) Plain(Call call, int now) => (call.JoinedAt, 0);

    public List<Served> Run(IReadOnlyList<Call> calls, Place place)
    {
        var served = new List<Served>();
        var waiting = new List<Call>();
        var freeAt = new int[agents];
        int next = 0;
        for (int now = 0; served.Count < calls.Count; now++)
        {
            while (next < calls.Count && calls[next].JoinedAt <= now)
                waiting.Add(calls[next++]);
            for (int agent = 0; agent < agents && waiting.Count > 0; agent++)
            {
                if (freeAt[agent] > now)
                    continue;
                Call call = waiting.MinBy(c => (place(c, now), c.JoinedAt, c.Number));
                waiting.Remove(call);
                served.Add(new Served(call, now));
                freeAt[agent] = now + handleSeconds;
            }
        }

        return served;
    }

    /// <summary>Calls at random moments, as many as the agents can take times <paramref name="load"/>, in rushes and lulls.</summary>
    public List<Call> Calls(int count, double load, int seed)
    {
        var random = new Random(seed);
        double rate = load * agents / handleSeconds;
        var calls = new List<Call>();
        double at = 0;
        for (int i = 0; i < count; i++)
        {
            double rush = (i / 200) % 2 == 0 ? 1.4 : 0.6;
            at += -Math.Log(1 - random.NextDouble()) / (rate * rush);
            calls.Add(new Call(i, (int)at, random.Next(0, 1001)));
        }

        return calls;
    }
}
