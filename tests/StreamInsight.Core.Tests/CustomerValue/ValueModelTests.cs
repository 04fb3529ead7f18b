using Xunit;
using Xunit.Abstractions;

namespace StreamInsight.CustomerValue;

public sealed class ValueModelTests(ITestOutputHelper output)
{
    private static readonly BgNbd Published = new(0.243, 4.414, 0.793, 2.426);

    [Fact]
    public void Buying_is_fitted_as_published()
    {
        if (Cdnow.Load(output) is not { } customers)
            return;
        var (model, logLikelihood) = ModelFit.BgNbd([.. customers.Select(days => Cdnow.Calibration(days).History)])!.Value;
        output.WriteLine($"{model} {logLikelihood}");
        Assert.Equal(0.243, model.R, 0.0005);
        Assert.Equal(4.414, model.Alpha, 0.0005);
        Assert.Equal(0.793, model.A, 0.0005);
        Assert.Equal(2.426, model.B, 0.0005);
        Assert.Equal(-9582.4, logLikelihood, 0.05);
    }

    [Fact]
    public void Spending_is_fitted_as_published()
    {
        if (Cdnow.Load(output) is not { } customers)
            return;
        var (model, logLikelihood) = ModelFit.GammaGamma([.. customers.Select(Cdnow.Calibration).Select(one => (one.History.Frequency, one.MeanSpend))])!.Value;
        output.WriteLine($"{model} {logLikelihood}");
        Assert.Equal(6.25, model.P, 0.005);
        Assert.Equal(3.74, model.Q, 0.005);
        Assert.Equal(15.44, model.Gamma, 0.015);
        Assert.Equal(-4055.92, logLikelihood, 0.005);
    }

    [Fact]
    public void Expected_purchases_are_the_published_ones()
    {
        Assert.Equal(1.226, Published.Expected(new BuyingHistory(2, 30.43, 38.86), 39), 0.0005);
    }

    [Fact]
    public void The_holdout_is_foretold_in_sum()
    {
        if (Cdnow.Load(output) is not { } customers)
            return;
        double expected = customers.Sum(days => Published.Expected(Cdnow.Calibration(days).History, 39));
        int actual = customers.Sum(days => days.Keys.Count(day => day > Cdnow.CalibrationEnd));
        output.WriteLine($"expected {expected:F0}, actual {actual}");
        Assert.InRange(expected / actual, 0.85, 1.15);
    }

    [Fact]
    public void Expectation_and_chance_to_be_alive_fall_with_every_week_of_silence()
    {
        double expected = double.PositiveInfinity, alive = 1.0000001;
        for (int week = 30; week < 500; week++)
        {
            var history = new BuyingHistory(3, 30, week);
            Assert.True(Published.Expected(history, 52) < expected);
            Assert.True(Published.Alive(history) < alive);
            (expected, alive) = (Published.Expected(history, 52), Published.Alive(history));
        }

        Assert.Equal(1, Published.Alive(new BuyingHistory(0, 0, 100)));
    }

    [Theory]
    [InlineData(0.243, 4.414, 0.793, 2.426)]
    [InlineData(2, 30, 1, 4)]          // a = 1: 0/0 in the formula
    [InlineData(0.8, 10, 8, 20)]
    [InlineData(5, 2, 0.5, 0.4)]
    public void The_expectation_is_the_integral_over_what_customers_may_be(double r, double alpha, double a, double b)
    {
        // E[Y(t)] of a new customer by numeric integration over rate and leaving: the mean of (1 − e^(−λpt)) / p under gamma and beta.
        var model = new BgNbd(r, alpha, a, b);
        foreach (double weeks in (double[])[1, 26, 520])
            Assert.Equal(ByIntegration(r, alpha, a, b, weeks), model.Expected(default, weeks), 2e-4 * Math.Max(1, model.Expected(default, weeks)));
    }

    private static double ByIntegration(double r, double alpha, double a, double b, double weeks)
    {
        // Over λ in closed form: E[e^(−λpt)] = (α / (α + pt))^r. Over p with p = u^k, which takes the pole at 0 out.
        const int Steps = 400_000;
        double k = Math.Max(1, 4 / a), other = Math.Max(1, 4 / b), sum = 0, norm = 0;
        for (int i = 0; i < Steps; i++)
        {
            double u = (i + 0.5) / Steps;
            (double p, double q, double density) = u < 0.5
                ? Left(2 * u, k, a, b)
                : Swap(Left(2 * (1 - u), other, b, a));
            double value = p < 1e-12 ? r * weeks / alpha : (1 - Math.Pow(alpha / (alpha + (p * weeks)), r)) / p;
            sum += density * value;
            norm += density;
        }

        return sum / norm;

        // p = (v^k) / 2 on the left half: density p^(a−1) (1−p)^(b−1) dp/dv.
        static (double P, double Q, double Density) Left(double v, double k, double a, double b)
        {
            double p = Math.Pow(v, k) / 2;
            return (p, 1 - p, Math.Pow(p, a - 1) * Math.Pow(1 - p, b - 1) * k * Math.Pow(v, k - 1) / 2);
        }

        static (double, double, double) Swap((double P, double Q, double Density) one) => (one.Q, one.P, one.Density);
    }

    [Fact]
    public void Special_functions_are_right_where_their_values_are_known()
    {
        Assert.Equal(0, SpecialFunctions.LogGamma(1), 1e-14);
        Assert.Equal(Math.Log(Math.Sqrt(Math.PI)), SpecialFunctions.LogGamma(0.5), 1e-14);
        Assert.Equal(Math.Log(3_628_800), SpecialFunctions.LogGamma(11), 1e-13);
        Assert.Equal(359.1342053695754, SpecialFunctions.LogGamma(100), 1e-11);
        Assert.True(double.IsNaN(SpecialFunctions.LogGamma(0)));

        // ₂F₁(1, 1; 2; z) = −ln(1 − z) / z; ₂F₁(a, b; b; z) = (1 − z)^−a; ₂F₁(1/2, 1; 3/2; z²) = atanh(z) / z.
        foreach (double z in (double[])[0, 1e-9, 0.1, 0.5, 0.9, 0.99])
        {
            Assert.Equal(z == 0 ? 1 : -Math.Log(1 - z) / z, SpecialFunctions.ScaledHypergeometric(1, 1, 2, z, 0), 1e-7);
            Assert.Equal(1, SpecialFunctions.ScaledHypergeometric(2.3, 4.1, 4.1, z, 2.3), 1e-11);
            Assert.Equal(z == 0 ? 1 : Math.Atanh(z) / z, SpecialFunctions.ScaledHypergeometric(0.5, 1, 1.5, z * z, 0), 1e-12);
        }
    }

    [Fact]
    public void Expected_spend_is_between_the_customers_mean_and_everybodys()
    {
        var model = new GammaGamma(6.25, 3.74, 15.44);
        double everybodys = model.Expected(0, 0);
        Assert.Equal(6.25 * 15.44 / 2.74, everybodys, 1e-12);
        Assert.InRange(model.Expected(1, 100), everybodys, 100);
        Assert.InRange(model.Expected(50, 100), model.Expected(1, 100), 100);
        Assert.True(double.IsNaN(new GammaGamma(1, 0.5, 1).Expected(0, 0)));
    }

    [Fact]
    public void Too_little_to_go_by_gives_no_model()
    {
        Assert.Null(ModelFit.BgNbd([]));
        Assert.Null(ModelFit.BgNbd([.. Enumerable.Repeat(new BuyingHistory(0, 0, 10), 100)]));
        Assert.Null(ModelFit.GammaGamma([.. Enumerable.Repeat((0.0, 0.0), 100)]));
    }
}
