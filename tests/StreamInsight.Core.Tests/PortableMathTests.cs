using StreamInsight.Scores;
using Xunit;

namespace StreamInsight;

public sealed class PortableMathTests
{
    [Fact]
    public void Exponential_and_logarithm_are_those_of_the_runtime_but_for_the_last_bits()
    {
        var random = new GeneratedOutcomes.Draws(1);
        for (int i = 0; i < 100_000; i++)
        {
            double x = (random.Next() * 1400) - 700;
            Assert.InRange(PortableMath.Exp(x) / Math.Exp(x), 1 - 1e-15, 1 + 1e-15);
            double small = (random.Next() * 4) - 2;
            Assert.InRange(PortableMath.Exp(small) / Math.Exp(small), 1 - 1e-15, 1 + 1e-15);
            double y = Math.Exp(x);
            Assert.InRange(PortableMath.Log(y) - Math.Log(y), -Math.Abs(x) * 1e-15, Math.Abs(x) * 1e-15);
            Assert.InRange(PortableMath.Log(small + 2.5) - Math.Log(small + 2.5), -1e-15, 1e-15);
        }
    }

    [Fact]
    public void Edges_are_as_in_analysis()
    {
        Assert.Equal(1, PortableMath.Exp(0));
        Assert.Equal(0, PortableMath.Exp(-1000));
        Assert.Equal(double.PositiveInfinity, PortableMath.Exp(1000));
        Assert.Equal(Math.Exp(709.5), PortableMath.Exp(709.5), 1e293);
        Assert.Equal(double.Epsilon, PortableMath.Exp(-745));
        Assert.Equal(0, PortableMath.Log(1));
        Assert.Equal(double.NegativeInfinity, PortableMath.Log(0));
        Assert.True(double.IsNaN(PortableMath.Log(-1)));
        Assert.Equal(Math.Log(double.Epsilon), PortableMath.Log(double.Epsilon), 10);
        Assert.Equal(0.5, PortableMath.Logistic(0));
    }
}
