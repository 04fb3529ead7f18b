namespace StreamInsight.Scores;

/// <summary>Outcomes whose true probability is known: numbers in several units, a heavy tail, a flag, a category, values that are missing.</summary>
internal sealed class GeneratedOutcomes(ulong seed, int count, GeneratedOutcomes.Truth truth)
{
    /// <summary>Margin of an outcome. <paramref name="z"/>: six numbers around 0; <paramref name="category"/>: 0 to 5; <paramref name="place"/>: 0 to 1, where in the stream.</summary>
    public delegate double Truth(double[] z, int category, double place);

    public const int Inputs = 7;

    private static readonly double[] Weights = [0.8, -0.6, 0.5, 0.9, -0.4, 0.7];
    private static readonly double[] Categories = [0.9, -0.8, 0.3, -0.2, 0.6, -1];

    public static double Linear(double[] z, int category, double place) => z.Zip(Weights, (x, w) => x * w).Sum() + Categories[category] - 0.5;

    public static double Flips(double[] z, int category, double place) => place < 0.5 ? Linear(z, category, place) : -Linear(z, category, place);

    public IEnumerable<(ScoreInput[] Inputs, double[] Known, double P, bool Success)> All()
    {
        var random = new Draws(seed);
        for (int i = 0; i < count; i++)
        {
            double[] z = [.. Enumerable.Range(0, 6).Select(_ => random.Normal())];
            z[3] = z[3] > 0 ? 1 : 0;
            int category = (int)(random.Next() * 6);
            bool isMissing = random.Next() < 0.1;
            if (isMissing)
                z[4] = 0;
            ScoreInput[] inputs =
            [
                ScoreInput.Number((z[0] * 1000) + 5000), ScoreInput.Number(Math.Exp((2 * z[1]) + 3)), ScoreInput.Number(z[2] / 100), ScoreInput.Flag(z[3] > 0),
                isMissing ? ScoreInput.Missing : ScoreInput.Number(z[4]), ScoreInput.Number(z[5]), ScoreInput.Category($"tier-{category}"),
            ];
            double[] known = [1, .. z, .. Enumerable.Range(0, 6).Select(c => c == category ? 1.0 : 0)];
            double p = 1 / (1 + Math.Exp(-truth(z, category, (double)i / count)));
            yield return (inputs, known, p, random.Next() < p);
        }
    }

    public static double Loss(double p, bool success) => -Math.Log(success ? p : 1 - p);

    /// <summary>xorshift64; a normal is the sum of twelve.</summary>
    internal sealed class Draws(ulong seed)
    {
        private ulong _state = (seed * 2_654_435_761) + 1;

        public double Next()
        {
            _state ^= _state << 13;
            _state ^= _state >> 7;
            _state ^= _state << 17;
            return (_state >> 11) * (1.0 / (1UL << 53));
        }

        public double Normal()
        {
            double sum = -6;
            for (int i = 0; i < 12; i++)
                sum += Next();
            return sum;
        }
    }
}
