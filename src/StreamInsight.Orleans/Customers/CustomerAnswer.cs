using StreamInsight.Orleans.Wire;

namespace StreamInsight.Orleans.Customers;

/// <summary>What a step of one customer gave.</summary>
[GenerateSerializer, Immutable]
public sealed record CustomerAnswer
{
    /// <summary>The grain does not hold the state that was meant, and has done nothing: call again and give it.</summary>
    [Id(0)]
    public bool NeedsState { get; init; }

    /// <summary>The encoded state after the step; null = there is no customer.</summary>
    [Id(1)]
    public byte[]? Row { get; init; }

    /// <summary>When its next timer is due, UTC ms; <see cref="long.MaxValue"/> = none.</summary>
    [Id(2)]
    public long NextTimerMs { get; init; }

    /// <summary>Its journey stage; null where the model has no journey.</summary>
    [Id(3)]
    public string? Stage { get; init; }

    [Id(4)]
    public StepParcel Step { get; init; } = new();

    /// <summary>Why the caller is refused; null = it is not.</summary>
    [Id(5)]
    public string? Problem { get; init; }
}
