namespace StreamInsight.Decisions;

/// <summary>What can keep an action from being taken, in the order it is asked.</summary>
public enum Gate : byte
{
    /// <summary>Nothing: it is ranked.</summary>
    None,

    /// <summary>It is not offered on the channel asked for.</summary>
    Channel,

    Eligibility,
    Consent,
    Holdout,
    Cap,

    /// <summary>Declined too often lately.</summary>
    Pause,

    QuietHours,

    /// <summary>Its queue is below its target.</summary>
    Capacity,

    /// <summary>Its factors are no numbers from 0 up.</summary>
    Value,
}
