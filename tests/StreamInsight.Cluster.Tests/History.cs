using System.Runtime.InteropServices;

namespace StreamInsight.Cluster.Tests;

/// <summary>By customer the sequence of what was told, as hashes: a million lines of two worlds at a time would be too much.</summary>
public sealed class History
{
    private readonly Dictionary<string, List<(int Seq, ulong Hash)>> _customers = [];

    public int Count { get; private set; }

    public int Customers => _customers.Count;

    /// <summary>Lines that came again, in the same words.</summary>
    public int Repeats { get; private set; }

    /// <summary>What is wrong in itself: a line told twice in other words, or out of order.</summary>
    public List<string> Faults { get; } = [];

    public void Add(string customer, int seq, string line)
    {
        ref List<(int Seq, ulong Hash)>? told = ref CollectionsMarshal.GetValueRefOrAddDefault(_customers, customer, out _);
        told ??= [];
        ulong hash = Hash(line);
        if (told.Count == 0 || told[^1].Seq < seq)
        {
            told.Add((seq, hash));
            Count++;
            return;
        }
        int at = told.FindIndex(t => t.Seq == seq);
        if (at >= 0 && told[at].Hash == hash)
            Repeats++;
        else
            Faults.Add(at >= 0 ? $"told twice in other words: {line}" : $"out of order, after seq {told[^1].Seq}: {line}");
    }

    /// <summary>Customers of whom not the same was told, with the number of lines on both sides and how many were equal.</summary>
    /// <param name="mayMissTheOldest">Of the other, what is there need only be the end.</param>
    public IEnumerable<(string Customer, int Here, int There, int Same)> Differences(History other, bool mayMissTheOldest = false)
    {
        foreach (string customer in _customers.Keys.Union(other._customers.Keys))
        {
            List<(int Seq, ulong Hash)> here = _customers.GetValueOrDefault(customer) ?? [], there = other._customers.GetValueOrDefault(customer) ?? [];
            int skipped = mayMissTheOldest ? Math.Max(0, here.Count - there.Count) : 0;
            int same = here.Skip(skipped).Zip(there).TakeWhile(pair => pair.First == pair.Second).Count();
            if (same + skipped != here.Count || same != there.Count)
                yield return (customer, here.Count, there.Count, same);
        }
    }

    /// <summary>FNV-1a, 64 bits.</summary>
    private static ulong Hash(string line)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in line)
            hash = (hash ^ c) * 1099511628211;
        return hash;
    }
}
