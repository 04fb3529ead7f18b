namespace StreamInsight.Redis;

/// <summary>Whose keys are under a prefix. <c>default</c> = nobody's.</summary>
public enum RedisPrefixUse
{
    Nobody,

    /// <summary>A demo's: nobody minds when they go.</summary>
    Demo,

    /// <summary>Some installation's.</summary>
    Installation,
}
