using StreamInsight.State;
using Xunit;

namespace StreamInsight.Scores;

public sealed class OnlineScoreTests
{
    private static OnlineScore Fresh(double rate = 0.2, double weight = 50) => new(GeneratedOutcomes.Inputs, rate, weight);

    [Fact]
    public void Answers_the_prior_until_there_is_evidence()
    {
        OnlineScore score = Fresh(0.05, 50);
        var outcomes = new GeneratedOutcomes(1, 500, GeneratedOutcomes.Linear).All().ToList();
        Assert.Equal(0.05, score.Predict(outcomes[0].Inputs));

        foreach (var outcome in outcomes.Take(5))
            score.Learn(outcome.Inputs, outcome.Success);
        Assert.InRange(score.Predict(outcomes[5].Inputs), 0.04, 0.06);

        foreach (var outcome in outcomes.Skip(5))
            score.Learn(outcome.Inputs, outcome.Success);
        Assert.True(outcomes.Average(o => score.Predict(o.Inputs)) > 0.3);
    }

    [Fact]
    public void On_a_steady_stream_it_loses_little_to_the_best_batch_regression()
    {
        var outcomes = new GeneratedOutcomes(7, 15_000, GeneratedOutcomes.Linear).All().ToList();
        OnlineScore score = Fresh();
        double loss = 0;
        foreach (var outcome in outcomes)
        {
            loss += GeneratedOutcomes.Loss(score.Predict(outcome.Inputs), outcome.Success) / outcomes.Count;
            score.Learn(outcome.Inputs, outcome.Success);
        }

        double batch = BatchLogistic.MeanLoss([.. outcomes.Select(o => (o.Known, o.Success))]);
        Assert.True(loss < batch * 1.03, $"online {loss:F4}, batch {batch:F4}");
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("other")]
    [InlineData("gradual")]
    [InlineData("rate")]
    public void After_a_drift_it_beats_the_frozen_model_by_far(string drift)
    {
        GeneratedOutcomes.Truth truth = drift switch
        {
            "flip" => GeneratedOutcomes.Flips,
            "other" => (z, c, place) => GeneratedOutcomes.Linear(place < 0.5 ? z : [.. z.Reverse()], place < 0.5 ? c : 5 - c, place),
            "gradual" => (z, c, place) => (1 - (2 * place)) * GeneratedOutcomes.Linear(z, c, place),
            _ => (z, c, place) => GeneratedOutcomes.Linear(z, c, place) - (place < 0.5 ? 2.5 : 0),
        };
        const int Count = 12_000;
        (OnlineScore score, OnlineScore frozen) = (Fresh(), Fresh());
        double known = 0, loss = 0, frozenLoss = 0;
        int i = 0;
        foreach (var outcome in new GeneratedOutcomes(3, Count, truth).All())
        {
            if (i >= Count / 2)
            {
                known += GeneratedOutcomes.Loss(outcome.P, outcome.Success);
                loss += GeneratedOutcomes.Loss(score.Predict(outcome.Inputs), outcome.Success);
                frozenLoss += GeneratedOutcomes.Loss(frozen.Predict(outcome.Inputs), outcome.Success);
            }

            score.Learn(outcome.Inputs, outcome.Success);
            if (i++ < Count / 3)
                frozen.Learn(outcome.Inputs, outcome.Success);
        }

        Assert.True(loss - known < 0.25 * (frozenLoss - known), $"above the truth: {(loss - known) / Count * 2:F4}, frozen {(frozenLoss - known) / Count * 2:F4}");
    }

    [Fact]
    public void A_change_is_reported()
    {
        OnlineScore score = Fresh();
        int i = 0;
        double highest = 0;
        foreach (var outcome in new GeneratedOutcomes(5, 8000, GeneratedOutcomes.Flips).All())
        {
            if (i++ == 4000)
                Assert.Equal(0, score.Report.Drifts);
            if (i > 4000)
                highest = Math.Max(highest, score.Report.Drift);
            score.Learn(outcome.Inputs, outcome.Success);
        }

        Assert.True(score.Report.Drifts > 0);
        Assert.True(highest > 3, $"{highest}");
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-4.0)]   // about 2.5 % successes
    public void Predictions_are_calibrated_and_discriminate(double shift)
    {
        OnlineScore score = Fresh(0.05);
        foreach (var outcome in new GeneratedOutcomes(11, 20_000, (z, c, place) => GeneratedOutcomes.Linear(z, c, place) + shift).All())
            score.Learn(outcome.Inputs, outcome.Success);
        ScoreReport report = score.Report;
        Assert.InRange(report.CalibrationError, 0, 0.025);
        Assert.InRange(report.Auc, 0.75, 1);
        Assert.True(report.LogLoss < report.BaselineLogLoss);
        Assert.Equal(20_000, report.Evidence);
    }

    [Fact]
    public void Finds_what_only_the_middle_of_an_input_tells()
    {
        OnlineScore score = Fresh(0.5);
        foreach (var outcome in new GeneratedOutcomes(13, 10_000, (z, _, _) => 2 * ((z[2] * z[2]) - 1)).All())
            score.Learn(outcome.Inputs, outcome.Success);
        Assert.True(score.Report.Auc > 0.75, $"{score.Report.Auc}");
    }

    [Fact]
    public void Falls_back_to_its_prior_when_its_predictions_turn_bad_and_comes_back()
    {
        OnlineScore score = Fresh(0.5);

        // Right for long, then for a while the opposite whenever it has just adapted, then right again.
        var outcomes = new GeneratedOutcomes(17, 12_000, (z, _, place) => (place is < 0.5 or > 0.6 || (int)(place * 12_000 / 25) % 2 == 0 ? 6 : -6) * z[2]).All().ToList();
        foreach (var outcome in outcomes.Take(6000))
            score.Learn(outcome.Inputs, outcome.Success);
        Assert.False(score.Report.IsOutOfBounds);

        int outOfBounds = 0;
        foreach (var outcome in outcomes.Skip(6000))
        {
            score.Learn(outcome.Inputs, outcome.Success);
            if (!score.Report.IsOutOfBounds)
                continue;
            outOfBounds++;
            Assert.Equal(0.5, score.Predict(outcome.Inputs));
        }

        Assert.InRange(outOfBounds, 1, 2000);
        Assert.False(score.Report.IsOutOfBounds);
        Assert.True(score.Report.Auc > 0.8, $"{score.Report.Auc}");
    }

    [Fact]
    public void Parameters_that_are_not_finite_are_the_prior_and_are_learned_anew()
    {
        var outcomes = new GeneratedOutcomes(19, 4000, GeneratedOutcomes.Linear).All().ToList();
        OnlineScore score = Fresh();
        foreach (var outcome in outcomes.Take(1000))
            score.Learn(outcome.Inputs, outcome.Success);
        OnlineScore broken = WithBrokenScale(score);
        Assert.Equal(0.2, broken.Predict(outcomes[0].Inputs));

        foreach (var outcome in outcomes.Skip(1000))
            broken.Learn(outcome.Inputs, outcome.Success);
        Assert.False(broken.Report.IsOutOfBounds);
        Assert.True(broken.Report.LogLoss < broken.Report.BaselineLogLoss);
    }

    [Fact]
    public void Extreme_and_missing_inputs_never_break_it()
    {
        OnlineScore score = Fresh(0.3);
        double[] numbers = [double.MaxValue, double.MinValue, double.Epsilon, 0, 1e-300, 1e300, double.NaN, double.PositiveInfinity];
        var inputs = new ScoreInput[GeneratedOutcomes.Inputs];
        for (int i = 0; i < 5000; i++)
        {
            for (int j = 0; j < inputs.Length; j++)
                inputs[j] = (i + j) % 5 == 0 ? ScoreInput.Missing : (i + j) % 7 == 0 ? ScoreInput.Category((ulong)i) : ScoreInput.Number(numbers[((i * 7) + (j * 3)) % numbers.Length]);
            score.Learn(inputs, i % 3 == 0, i % 4 == 0 ? 1000 : 1);
            Assert.InRange(score.Predict(inputs), 1e-6, 1 - 1e-6);
        }

        Assert.Equal(ScoreInput.Missing, ScoreInput.Number(double.NaN));
    }

    [Fact]
    public void Learns_the_same_to_the_last_bit_and_survives_a_checkpoint_at_any_time()
    {
        var outcomes = new GeneratedOutcomes(23, 3000, GeneratedOutcomes.Flips).All().ToList();
        (OnlineScore one, OnlineScore other) = (Fresh(), Fresh());
        for (int i = 0; i < outcomes.Count; i++)
        {
            Assert.Equal(one.Predict(outcomes[i].Inputs), other.Predict(outcomes[i].Inputs));
            one.Learn(outcomes[i].Inputs, outcomes[i].Success);
            other.Learn(outcomes[i].Inputs, outcomes[i].Success);
            if (i % 100 == 50)
                other = other.Copy();
        }

        Assert.Equal(Bytes(one), Bytes(other));
        Assert.Equal(one.Report, other.Report);
    }

    [Fact]
    public void Predicting_trains_nothing()
    {
        OnlineScore score = Fresh();
        var outcomes = new GeneratedOutcomes(29, 300, GeneratedOutcomes.Linear).All().ToList();
        foreach (var outcome in outcomes)
            score.Learn(outcome.Inputs, outcome.Success);
        byte[] before = Bytes(score);
        foreach (var outcome in outcomes)
            score.Predict(outcome.Inputs);
        Assert.Equal(before, Bytes(score));
    }

    [Fact]
    public void Predicting_and_learning_allocate_nothing()
    {
        OnlineScore score = Fresh();
        var outcomes = new GeneratedOutcomes(31, 2000, GeneratedOutcomes.Linear).All().ToList();
        Learn();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Learn();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Learn()
        {
            for (int i = 0; i < outcomes.Count; i++)
            {
                score.Predict(outcomes[i].Inputs);
                score.Learn(outcomes[i].Inputs, outcomes[i].Success);
            }
        }
    }

    [Fact]
    public void Two_halves_merged_know_about_as_much_as_one_that_saw_all()
    {
        var outcomes = new GeneratedOutcomes(37, 9000, GeneratedOutcomes.Linear).All().ToList();
        (OnlineScore all, OnlineScore left, OnlineScore right) = (Fresh(), Fresh(), Fresh());
        for (int i = 0; i < 6000; i++)
        {
            all.Learn(outcomes[i].Inputs, outcomes[i].Success);
            (i % 2 == 0 ? left : right).Learn(outcomes[i].Inputs, outcomes[i].Success);
        }

        double Loss(OnlineScore score) => outcomes.Skip(6000).Average(o => GeneratedOutcomes.Loss(score.Predict(o.Inputs), o.Success));
        double alone = Loss(left);
        OnlineScore mirrored = right.Copy();
        mirrored.Merge(left);
        left.Merge(right);
        Assert.True(Loss(left) < alone);
        Assert.True(Loss(left) < Loss(all) * 1.01, $"{Loss(left)} {Loss(all)}");
        Assert.Equal(6000, left.Report.Evidence);
        foreach (var outcome in outcomes.Take(100))
            Assert.Equal(left.Predict(outcome.Inputs), mirrored.Predict(outcome.Inputs), 6);
    }

    [Fact]
    public void Merging_with_an_untaught_score_changes_nothing()
    {
        var outcomes = new GeneratedOutcomes(41, 1000, GeneratedOutcomes.Linear).All().ToList();
        OnlineScore taught = Fresh();
        foreach (var outcome in outcomes)
            taught.Learn(outcome.Inputs, outcome.Success);
        byte[] before = Bytes(taught);
        taught.Merge(Fresh());
        Assert.Equal(before, Bytes(taught));

        OnlineScore untaught = Fresh();
        untaught.Merge(taught);
        foreach (var outcome in outcomes.Take(100))
            Assert.Equal(taught.Predict(outcome.Inputs), untaught.Predict(outcome.Inputs), 9);
    }

    [Fact]
    public void A_state_that_is_cut_or_of_another_layout_is_refused()
    {
        byte[] bytes = Bytes(Fresh());
        Assert.Throws<InvalidDataException>(() => Read(bytes[..^5]));
        bytes[0] = 99;
        Assert.Throws<InvalidDataException>(() => Read(bytes));
    }

    private static OnlineScore Read(byte[] bytes)
    {
        var reader = new StateReader(bytes);
        return OnlineScore.Read(ref reader);
    }

    private static byte[] Bytes(OnlineScore score)
    {
        var writer = new StateWriter();
        score.Write(writer);
        return writer.Written.ToArray();
    }

    /// <summary>The same score with a scale whose centre is no number: what a damaged checkpoint would bring.</summary>
    private static OnlineScore WithBrokenScale(OnlineScore score)
    {
        byte[] bytes = Bytes(score);
        int firstMean = 1 + 1 + (4 * 8) + 1 + (6 * 8) + 8;
        BitConverter.GetBytes(double.NaN).CopyTo(bytes, firstMean);
        return Read(bytes);
    }
}
