namespace StreamInsight.Decisions;

/// <summary>Which part of an action's score moves without the customer.</summary>
public enum ScoreSampling
{
    /// <summary>None: the score is as the customer is.</summary>
    None,

    /// <summary>Its propensity is a learned score, the rest stands: between 0 and 1, it can move the action among others, never in or out.</summary>
    Learned,

    /// <summary>Anything else that reads learned scores.</summary>
    Any,
}
