namespace StreamInsight.Decisions;

/// <summary>The parts of a routing; each is judged on its own.</summary>
internal enum RoutingField
{
    Queue,
    Score,
    Reasons,
    Agent,
    Skills,
}
