namespace StreamInsight.Engine;

/// <summary>Puts things after what they need; where there is a choice, in their own order.</summary>
internal static class DependencyOrder
{
    /// <param name="needs">Indices that one needs; negative ones are ignored.</param>
    /// <param name="onCycle">Called with the members of one circle, in order, if there is any; what remains follows in its own order.</param>
    public static List<int> Of(int count, Func<int, IEnumerable<int>> needs, Action<IReadOnlyList<int>> onCycle)
    {
        int[][] needed = [.. Enumerable.Range(0, count).Select(i => needs(i).Where(n => n >= 0).Distinct().ToArray())];
        var order = new List<int>(count);
        var placed = new bool[count];
        while (order.Count < count)
        {
            int next = Enumerable.Range(0, count).FirstOrDefault(i => !placed[i] && needed[i].All(n => placed[n]), -1);
            if (next < 0)
            {
                onCycle(Circle(needed, placed));
                order.AddRange(Enumerable.Range(0, count).Where(i => !placed[i]));
                break;
            }

            placed[next] = true;
            order.Add(next);
        }

        return order;
    }

    private static List<int> Circle(int[][] needed, bool[] placed)
    {
        var path = new List<int>();
        int at = Array.FindIndex(placed, done => !done);
        while (!path.Contains(at))
        {
            path.Add(at);
            at = needed[at].First(n => !placed[n]);
        }

        return path[path.IndexOf(at)..];
    }
}
