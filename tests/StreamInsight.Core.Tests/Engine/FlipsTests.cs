using Xunit;

namespace StreamInsight.Engine;

public sealed class FlipsTests
{
    [Fact]
    public void Without_any_nothing_is_due() => Assert.Equal(long.MaxValue, default(Flips).NextMs);

    [Theory]
    [InlineData(3)]
    [InlineData(80)]
    public void The_next_is_the_least_of_what_was_set_last_and_what_is_due_is_unsettled(int decisions)
    {
        var random = new Random(decisions);
        var flips = default(Flips);
        var expected = new Dictionary<int, long>();
        for (int step = 0; step < 20_000; step++)
        {
            int decision = random.Next(decisions);
            long dueMs = random.Next(4) == 0 ? long.MaxValue : random.Next(-50, 1_000);
            flips.Set(decision, dueMs);
            if (dueMs == long.MaxValue)
                expected.Remove(decision);
            else
                expected[decision] = dueMs;
            if (random.Next(3) == 0)
                Assert.Equal(expected.Values.DefaultIfEmpty(long.MaxValue).Min(), flips.NextMs);
            if (random.Next(10) == 0)
                Unsettles(random.Next(1_000));
        }

        void Unsettles(long nowMs)
        {
            var settled = default(BitRow);
            for (int decision = 0; decision < decisions; decision++)
                settled.Set(decision);
            flips.Unsettle(nowMs, ref settled);
            Assert.All(Enumerable.Range(0, decisions), decision => Assert.Equal(!(expected.TryGetValue(decision, out long dueMs) && dueMs <= nowMs), settled[decision]));
        }
    }
}
