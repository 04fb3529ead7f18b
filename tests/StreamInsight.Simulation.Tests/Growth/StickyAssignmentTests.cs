using StreamInsight.Bench.Growth;
using Xunit;

namespace StreamInsight.Simulation.Growth;

public sealed class StickyAssignmentTests
{
    [Theory]
    [InlineData(12, 3, 4)]
    [InlineData(12, 4, 3)]
    [InlineData(48, 10, 7)]
    [InlineData(5, 2, 9)]
    [InlineData(4096, 1000, 999)]
    public void It_is_even_and_moves_no_more_than_that_takes(int partitions, int before, int after)
    {
        int[] owners = [.. Enumerable.Range(0, partitions).Select(partition => partition % before)];
        int[] next = StickyAssignment.Balance(owners, [.. Enumerable.Range(0, after)]);
        int[] counts = [.. Enumerable.Range(0, after).Select(node => next.Count(owner => owner == node))];
        Assert.Equal(partitions, counts.Sum());
        Assert.True(counts.Max() - counts.Min() <= 1);
        int orphans = owners.Count(owner => owner >= after), newcomers = counts.Skip(before).Sum();
        Assert.Equal(Math.Max(orphans, newcomers), owners.Zip(next).Count(pair => pair.First != pair.Second));
    }
}
