using System.Globalization;

namespace StreamInsight.Server.Http;

/// <summary>Which dead letter: its number, and of a cluster its partition before it (<c>7/17</c>).</summary>
/// <param name="Partition">Null = of one process.</param>
internal readonly record struct DeadLetterId(int? Partition, long Number)
{
    /// <summary>Null = it is none.</summary>
    public static DeadLetterId? Parse(string text)
    {
        int slash = text.IndexOf('/');
        int partition = 0;
        bool isOne = long.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && (slash < 0 || int.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out partition));
        return isOne ? new DeadLetterId(slash < 0 ? null : partition, number) : null;
    }

    public override string ToString() => Partition is { } partition ? string.Create(CultureInfo.InvariantCulture, $"{partition}/{Number}") : Number.ToString(CultureInfo.InvariantCulture);
}
