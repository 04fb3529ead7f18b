namespace StreamInsight.Bench.Growth;

/// <summary>Who has which partition, as the cooperative-sticky assignor gives them out: evenly, and no more moves than that takes.</summary>
internal static class StickyAssignment
{
    /// <param name="owners">By partition; a node that is not alive, or -1, has nothing.</param>
    /// <param name="alive">In order; not empty.</param>
    public static int[] Balance(IReadOnlyList<int> owners, IReadOnlyList<int> alive)
    {
        int[] next = [.. owners];
        var has = alive.ToDictionary(node => node, _ => new List<int>());
        var free = new List<int>();
        for (int partition = 0; partition < next.Length; partition++)
            (has.TryGetValue(next[partition], out List<int>? list) ? list : free).Add(partition);
        int least = next.Length / alive.Count, oneMore = next.Length % alive.Count;
        // Those that have the most keep the odd ones.
        int[] order = [.. alive.OrderByDescending(node => has[node].Count)];
        for (int i = 0; i < order.Length; i++)
        {
            List<int> list = has[order[i]];
            int quota = least + (i < oneMore ? 1 : 0);
            for (; list.Count > quota; list.RemoveAt(list.Count - 1))
                free.Add(list[^1]);
        }
        for (int i = 0, given = 0; i < order.Length; i++)
        {
            for (int count = has[order[i]].Count, quota = least + (i < oneMore ? 1 : 0); count < quota; count++)
                next[free[given++]] = order[i];
        }
        return next;
    }
}
