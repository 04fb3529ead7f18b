namespace StreamInsight.Pipeline;

/// <summary>One customer as it is stored.</summary>
/// <param name="NextTimerMs">When its next timer is due, UTC ms; <see cref="long.MaxValue"/> = none.</param>
/// <param name="Stage">Its journey stage, for counts; null where the model has no journey.</param>
/// <param name="State">The encoded state. Must stay unchanged until the commit it is part of has returned.</param>
public readonly record struct CustomerRow(string Id, long NextTimerMs, string? Stage, ReadOnlyMemory<byte> State);
