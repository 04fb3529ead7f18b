using StreamInsight.Routing;
using StreamInsight.Segments;

namespace StreamInsight.Pipeline;

/// <summary>Makes views of customers' states. One caller at a time.</summary>
public sealed class CustomerViews(CustomerEngine engine)
{
    private readonly CustomerLookups _lookups = new(engine.Model);

    public CustomerView Of(CustomerState state) => new()
    {
        Customer = state.Id,
        Seq = state.Seq,
        ClockMs = state.ClockMs,
        HoldsUntilMs = state.NextTimerMs,
        Routing = CustomerEngine.RoutingOf(state),
        Actions = engine.ActionsOf(state),
        Lookups = _lookups.Of(state),
        Stage = engine.Model.Journey?.Stages[state.Stage],
        Segments = [.. engine.Model.SegmentsOf(state).Select(segment => segment.Name)],
        Model = engine.Model.Id,
    };
}
