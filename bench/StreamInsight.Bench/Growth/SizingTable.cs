using System.Globalization;
using System.Text;

namespace StreamInsight.Bench.Growth;

/// <summary>
/// What a load takes, by arithmetic: processors and Redis at most half busy, a node to spare, at most 10,000 events/s and 500,000 customers a partition, at least two partitions a core, at most 20 GB
/// of states a primary and 12 GB of customers a node.
/// </summary>
internal static class SizingTable
{
    private const int Cores = 2, StateBytes = 901, NodeBytes = 1_800;

    private const double Half = 0.5, EventsAPartition = 10_000, CustomersAPartition = 500_000, BytesAPrimary = 20e9, BytesANode = 12e9, NodeBase = 0.1e9;

    private static readonly (int Millions, double Events)[] Loads =
        [(1, 1_000), (1, 10_000), (1, 50_000), (10, 10_000), (10, 50_000), (10, 200_000), (100, 50_000), (100, 300_000), (100, 1_000_000), (100, 10_000_000)];

    public static void Append(StringBuilder text)
    {
        text.AppendLine("| customers | events/s, at the peak | nodes of 2 cores (for speed / for memory) | partitions | Redis primaries (for speed / for memory) | memory of Redis | memory of a node |").AppendLine("|---:|---:|---:|---:|---:|---:|---:|");
        foreach ((int millions, double events) in Loads)
        {
            var @case = new GrowthCase { Name = "", Customers = millions * 1_000_000L, EventsPerSecond = events, Elsewhere = 0.02, Merges = 0.001, Partitions = 1 };
            double customers = @case.Customers;
            int nodesForSpeed = 1 + (int)Math.Ceiling(events * @case.Costs.EventUs / (Cores * Half * 1e6)), nodesForMemory = 1 + (int)Math.Ceiling(customers * NodeBytes / BytesANode);
            int nodes = Math.Max(nodesForSpeed, nodesForMemory);
            int partitions = Step(Math.Max(2 * Cores * nodes, Math.Max(events / EventsAPartition, customers / CustomersAPartition)));
            // What partitions cost by themselves is there once, however many primaries there are.
            double redisUs = Ceilings.RedisUs(@case with { Partitions = partitions }, new CustomerLaw(@case.Customers, @case.Zipf), 1, events);
            int forSpeed = (int)Math.Ceiling(redisUs / (Half * 1e6)), forMemory = (int)Math.Ceiling(customers * StateBytes / BytesAPrimary);
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {millions} M | {events:N0} | {nodes:N0} ({nodesForSpeed:N0} / {nodesForMemory:N0}) | {partitions:N0} | {Math.Max(forSpeed, forMemory):N0} ({forSpeed:N0} / {forMemory:N0}) | {customers * StateBytes / 1e9:0.#} GB | {(NodeBase / 1e9) + (customers / (nodes - 1) * NodeBytes / 1e9):0.#} GB |");
        }
    }

    /// <summary>12, 24, 48 …</summary>
    private static int Step(double least)
    {
        int count = 12;
        while (count < least)
            count *= 2;
        return count;
    }
}
