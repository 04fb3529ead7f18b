using System.Globalization;
using System.Text;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Cluster.Tests;

/// <summary>
/// What one person does, in order: orders, browses under an id that is not theirs yet, signs in or is merged, sends nonsense. An id that was linked is not used alone again: what comes for it
/// by way of its old home could arrive after what comes for its new one, and for that no order is promised.
/// </summary>
/// <param name="number">Which.</param>
/// <param name="partitionOf">Which partition an id of theirs may have as its home; null = any.</param>
/// <param name="homes">Where ids live.</param>
public sealed class Person(int number, int? partitionOf, HomePartitions homes)
{
    private const int MaxLinks = 6;

    private string? _other;
    private bool _isOtherAUser;
    private int _links;

    public int Number => number;

    public string User { get; } = Id($"u{number}", partitionOf, homes);

    /// <summary>An id that was merged into them, whose stragglers find them; null = none yet.</summary>
    public string? Merged { get; private set; }

    /// <summary>Merges that may have crossed partitions.</summary>
    public int Links => _links;

    public string Next(string messageId, Random random)
    {
        int dice = random.Next(100);
        if (_other is null && _links < MaxLinks && dice < 12)
            Open(random);
        if (_other is not { } other)
            return Own(messageId, random);
        if (dice < 50)
            return Track(messageId, _isOtherAUser ? $"\"userId\":\"{other}\"" : $"\"anonymousId\":\"{other}\"", random);
        return dice < 65 ? Link(messageId, other) : Own(messageId, random);
    }

    /// <summary>An event under an id that was merged long ago; null = there is none.</summary>
    public string? Straggler(string messageId, Random random) => Merged is { } id ? Track(messageId, $"\"anonymousId\":\"{id}\"", random) : null;

    /// <summary>An event under their own id.</summary>
    public string Own(string messageId, Random random) => random.Next(40) switch
    {
        0 => $$"""{"messageId":"{{messageId}}","type":"identify","userId":"{{User}}","traits":{"tier":"{{(random.Next(2) == 0 ? "gold" : "tin")}}"} }""",
        1 => $$"""{"messageId":"{{messageId}}","type":"nonsense","userId":"{{User}}"}""",
        _ => Track(messageId, $"\"userId\":\"{User}\"", random),
    };

    private void Open(Random random)
    {
        _isOtherAUser = random.Next(4) == 0;
        _other = Id(string.Create(CultureInfo.InvariantCulture, $"{(_isOtherAUser ? "v" : "a")}{number}.{_links}"), partitionOf, homes);
    }

    private string Link(string messageId, string other)
    {
        bool isAlias = _isOtherAUser || _links % 3 == 2;
        Merged = other;
        _other = null;
        _links++;
        return isAlias
            ? $$"""{"messageId":"{{messageId}}","type":"alias","previousId":"{{other}}","userId":"{{User}}"}"""
            : $$"""{"messageId":"{{messageId}}","type":"identify","userId":"{{User}}","anonymousId":"{{other}}","traits":{"tier":"gold"} }""";
    }

    private static string Track(string messageId, string who, Random random) => random.Next(3) == 0
        ? $$"""{"messageId":"{{messageId}}","type":"track","event":"Product Viewed",{{who}} }"""
        : $$"""{"messageId":"{{messageId}}","type":"track","event":"Order Completed",{{who}},"properties":{"total":{{random.Next(100)}} } }""";

    /// <summary>Whose id it is.</summary>
    public static int NumberOf(string id) => int.Parse(id.AsSpan(1, (id.IndexOfAny(['.', '-']) is var end and > 0 ? end : id.Length) - 1), CultureInfo.InvariantCulture);

    /// <summary>The name, with an ending that gives it the home wanted.</summary>
    private static string Id(string name, int? partition, HomePartitions homes)
    {
        if (partition is not { } wanted)
            return name;
        for (int i = 0; ; i++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}");
            if (homes.Of(Encoding.UTF8.GetBytes(id)) == wanted)
                return id;
        }
    }
}
