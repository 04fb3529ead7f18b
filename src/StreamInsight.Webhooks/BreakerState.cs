namespace StreamInsight.Webhooks;

/// <summary>Whether a subscriber is posted to. The numbers are those of the metric.</summary>
public enum BreakerState
{
    /// <summary>It is posted to.</summary>
    Closed = 0,

    /// <summary>One request tries whether it is back.</summary>
    HalfOpen = 1,

    /// <summary>It failed too often; nothing is posted for a while.</summary>
    Open = 2,

    /// <summary>It answered 410: nothing is posted until the service is started again.</summary>
    Gone = 3,
}
