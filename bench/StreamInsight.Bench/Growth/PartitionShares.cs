using System.Globalization;
using System.Text;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Bench.Growth;

/// <summary>Which share of all events each partition has, by the product's own hash of ids, and which hot customers live there.</summary>
internal sealed class PartitionShares
{
    private readonly CustomerLaw _law;
    private readonly double[] _shares;
    private readonly List<double>[] _hot;

    public PartitionShares(CustomerLaw law, int partitions)
    {
        _law = law;
        _shares = new double[partitions];
        _hot = [.. Enumerable.Range(0, partitions).Select(_ => new List<double>())];
        Array.Fill(_shares, law.ShareBehindExact / partitions);
        var homes = new HomePartitions(partitions);
        Span<byte> id = stackalloc byte[24];
        for (int rank = law.Share(0) > 0 ? 0 : 1; rank <= law.Exact; rank++)
        {
            int length = Encoding.ASCII.GetBytes("customer-", id);
            rank.TryFormat(id[length..], out int digits, "D8", CultureInfo.InvariantCulture);
            int home = homes.Of(id[..(length + digits)]);
            _shares[home] += law.Share(rank);
            if (rank <= CustomerLaw.Hot)
                _hot[home].Add(law.Share(rank));
        }
    }

    public int Count => _shares.Length;

    public int Hottest => Array.IndexOf(_shares, _shares.Max());

    public double this[int partition] => _shares[partition];

    /// <summary>Customers that so many events of this partition are expected to touch.</summary>
    public double Distinct(int partition, double events)
    {
        if (events <= 0)
            return 0;
        double all = events / _shares[partition]; // what the cluster has in the same time
        double sum = _law.DistinctTail(all) / Count;
        foreach (double share in _hot[partition])
            sum += 1 - Math.Exp(-all * share);
        return Math.Min(events, sum);
    }

    /// <summary>Of all events, those of the primary that has the most.</summary>
    public double HottestOf(int primaries)
    {
        double[] sums = new double[primaries];
        for (int partition = 0; partition < Count; partition++)
            sums[partition % primaries] += _shares[partition];
        return sums.Max();
    }
}
