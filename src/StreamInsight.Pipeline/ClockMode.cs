namespace StreamInsight.Pipeline;

/// <summary>Which clock fires customers' timers.</summary>
public enum ClockMode
{
    /// <summary>The wall clock, when it passes due plus grace: for events that happen now.</summary>
    Wall,

    /// <summary>The record times of the sources: for history that is fed in, whose "now" is where the feed stands. At its end the clock stands still.</summary>
    Records,
}
