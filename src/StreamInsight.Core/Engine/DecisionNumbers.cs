using StreamInsight.Decisions;

namespace StreamInsight.Engine;

/// <summary>
/// The numbers of a model's decisions: each is judged, and is settled, on its own. Segments by index, then the journey, each action (whether and on which channels it is
/// open), the ranking of those that are, each field of the routing, and the silence after a showing.
/// </summary>
internal readonly record struct DecisionNumbers(int Segments, int Actions)
{
    public int Journey => Segments;

    public int Ranking => Segments + 1 + Actions;

    public int Silence => OfRouting(RoutingField.Skills) + 1;

    public int OfAction(int action) => Segments + 1 + action;

    public int OfRouting(RoutingField field) => Ranking + 1 + (int)field;
}
