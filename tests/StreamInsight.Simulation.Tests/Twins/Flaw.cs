namespace StreamInsight.Simulation.Twins;

/// <summary>How a part is broken on purpose, to see that the checks catch it.</summary>
public enum Flaw
{
    None,

    /// <summary>The store writes positions, then states and facts: killed between the two, it has lost the events.</summary>
    PositionsBeforeState,

    /// <summary>The store writes states and facts, then positions: killed between the two, events are applied twice.</summary>
    StateBeforePositions,

    /// <summary>Facts are not stored: what was not delivered when the process was killed never is.</summary>
    OutboxInMemoryOnly,

    /// <summary>Dead letters are stored without their place in the commit: killed in it, they are there twice.</summary>
    DeadLettersOnTheirOwn,

    /// <summary>Facts go to the sinks before they are committed.</summary>
    DeliveryBeforeCommit,

    /// <summary>A commit returns before it is durable: the source has forgotten what is lost.</summary>
    CommitReturnsEarly,

    /// <summary>A sink's cursor is stored as if it had taken everything.</summary>
    CursorsRunAhead,

    /// <summary>Facts are trimmed that no sink has taken.</summary>
    TrimsTheUndelivered,

    /// <summary>After a start, the last record is applied again.</summary>
    ForgetsTheLastPosition,

    /// <summary>Some changed customer is left out of the commit.</summary>
    ForgetsAChange,

    /// <summary>Timers fire ahead of records that are still on their way.</summary>
    TimersOvertakeRecords,

    /// <summary>A refused delivery counts as delivered.</summary>
    SwallowsRefusals,

    /// <summary>A delivery that was taken in part goes on after it, and its first facts are dropped.</summary>
    RetriesFromTheLast,
}
