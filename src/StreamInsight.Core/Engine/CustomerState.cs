using StreamInsight.Decisions;
using StreamInsight.Engine;
using StreamInsight.Expressions;
using StreamInsight.Features;
using StreamInsight.Journeys;
using StreamInsight.Segments;

namespace StreamInsight;

/// <summary>
/// Everything the engine remembers of one customer. Changed in place by <see cref="CustomerEngine"/> alone, on the one thread that owns the customer;
/// never shared, never locked. Its size is bounded by the model, not by the number of events.
/// </summary>
public sealed class CustomerState
{
    internal CustomerMemory Memory;
    internal Value[]? Traits;
    internal JourneyState Journey;
    internal Memberships Segments;

    // Null until something was decided or a contact was made.
    internal DecisionState? Decisions;

    // Which decisions (segments by index, then the journey) are as the last evaluation left them, and when that ends.
    internal BitRow Settled;
    internal Flips Flips;

    internal CustomerState(string id, CompiledModel model, long bornMs)
    {
        Id = id;
        BornMs = ClockMs = bornMs;
        Memory = new CustomerMemory(model.Memory);
        Journey = JourneyState.At(model.Journey?.Initial ?? 0, bornMs);
    }

    /// <summary>The root id; facts carry it.</summary>
    public string Id { get; private set; }

    /// <summary>The customer's clock, UTC ms; it never goes back and the engine reads no other.</summary>
    public long ClockMs { get; internal set; }

    /// <summary>The clock at its first accepted record; part of its facts' ids.</summary>
    public long BornMs { get; internal set; }

    /// <summary>Number of its last fact; 0 = none yet.</summary>
    public long Seq { get; internal set; }

    /// <summary>When it must be looked at again if nothing happens, UTC ms; <see cref="long.MaxValue"/> = never. May be early, never late.</summary>
    public long NextTimerMs { get; internal set; } = long.MaxValue;

    /// <summary>Index of its journey stage in the model; 0 where there is no journey.</summary>
    public int Stage => Journey.Stage;

    /// <summary>The same customer under another id, with facts numbered anew; this one may not be used afterwards.</summary>
    internal CustomerState WithId(string id)
    {
        var copy = (CustomerState)MemberwiseClone();
        copy.Id = id;
        copy.Seq = 0;
        return copy;
    }

    /// <summary>Its segments and those it waits for, by index in the model.</summary>
    public ReadOnlySpan<Membership> Memberships => Segments.Items;
}
