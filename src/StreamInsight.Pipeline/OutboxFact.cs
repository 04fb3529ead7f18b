using StreamInsight.Facts;

namespace StreamInsight.Pipeline;

/// <summary>
/// A fact on its way out: the head fields, and the fact line as contracts write it. Immutable.
/// </summary>
public sealed record OutboxFact
{
    /// <summary>Its place in the outbox: 1, 2, 3 … of this store.</summary>
    public required long Position { get; init; }

    /// <summary>The fact's id (hex).</summary>
    public required string Id { get; init; }

    public required string Customer { get; init; }

    public required long Seq { get; init; }

    public required long AtMs { get; init; }

    public required FactKind Kind { get; init; }

    /// <summary><c>event:…</c>, <c>timer</c>, <c>merge</c> or <c>erase</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>The segment, the trigger, or the id merged from; null otherwise.</summary>
    public string? Subject { get; init; }

    /// <summary>Of a trigger: the sinks it is for, as the model names them; null = every sink.</summary>
    public IReadOnlyList<string>? To { get; init; }

    /// <summary>Of a trigger: not to be sent any more from this instant on; <see cref="long.MaxValue"/> = never too old.</summary>
    public long ExpiresAtMs { get; init; } = long.MaxValue;

    /// <summary>The fact as one line of JSON (UTF-8, no line end).</summary>
    public required ReadOnlyMemory<byte> Line { get; init; }

    /// <summary>
    /// How the customer stands after the commit this fact belongs to; set on the customer's last non-trigger fact of a commit, null on all others.
    /// </summary>
    public CustomerView? After { get; init; }
}
