namespace StreamInsight.Bench.Growth;

/// <summary>The cases of docs/scaling.md.</summary>
internal static class GrowthCases
{
    private const double Crossing = 0.02, Merging = 0.001;

    public static IEnumerable<GrowthCase> Clusters(int seed) =>
    [
        Cluster(1, 12, 1, 1, 10_000, seed), Cluster(3, 12, 1, 1, 30_000, seed), Cluster(10, 48, 10, 1, 60_000, seed), Cluster(10, 48, 10, 1, 120_000, seed), Cluster(10, 48, 10, 4, 200_000, seed),
        Cluster(10, 256, 100, 12, 300_000, seed), Cluster(100, 256, 100, 12, 300_000, seed), Cluster(100, 1024, 100, 64, 2_000_000, seed), Cluster(1000, 4096, 100, 256, 10_000_000, seed),
    ];

    private static GrowthCase Cluster(int nodes, int partitions, int millions, int redis, double events, int seed) => new()
    {
        Name = FormattableString.Invariant($"{nodes} node{(nodes == 1 ? "" : "s")}, {partitions} partitions, {redis} Redis, {millions} M customers, {events / 1000:N0} k/s"),
        Nodes = nodes, Partitions = partitions, Customers = millions * 1_000_000L, Redis = redis, EventsPerSecond = events, Elsewhere = Crossing, Merges = Merging, Disturbance = Disturbance.Kill, Seed = seed,
    };

    public static IEnumerable<GrowthCase> Changes(int seed)
    {
        var usual = new GrowthCase { Name = "", Nodes = 10, Partitions = 48, Redis = 2, Customers = 10_000_000, EventsPerSecond = 60_000, Elsewhere = Crossing, Merges = Merging, Seed = seed };
        var singly = new Costs { LoadWaitUs = 227, LoadRedisUs = 41 };
        GrowthCase busy = usual with { Redis = 8, EventsPerSecond = 300_000 };
        return
        [
            usual with { Name = "nothing happens" },
            usual with { Name = "kill", Disturbance = Disturbance.Kill },
            usual with { Name = "kill, half of all events elsewhere", Disturbance = Disturbance.Kill, Elsewhere = 0.5 },
            usual with { Name = "three restarted in turn, members by name", Disturbance = Disturbance.RestartByName },
            usual with { Name = "three restarted in turn, nameless", Disturbance = Disturbance.RestartNameless },
            usual with { Name = "one node more", Disturbance = Disturbance.Add },
            usual with { Name = "all restarted at once", Disturbance = Disturbance.RestartAll },
            usual with { Name = "all at once, if customers were loaded singly", Disturbance = Disturbance.RestartAll, Costs = singly },
            busy with { Name = "300 k/s, 8 Redis: kill", Disturbance = Disturbance.Kill },
            busy with { Name = "300 k/s, 8 Redis: kill, if customers were loaded singly", Disturbance = Disturbance.Kill, Costs = singly },
        ];
    }

    public static IEnumerable<GrowthCase> Hot(int seed)
    {
        var usual = new GrowthCase { Name = "", Nodes = 20, Partitions = 48, Redis = 24, Customers = 10_000_000, Bot = 0.05, Seed = seed };
        return [.. ((double[])[200_000, 900_000, 1_200_000]).Select(events => usual with
        {
            Name = FormattableString.Invariant($"{events / 1000:N0} k/s, of it the bot {events * usual.Bot / 1000:0} k/s"), EventsPerSecond = events,
        })];
    }
}
