namespace StreamInsight.Server.Configuration;

/// <summary>What is made of a request's key.</summary>
public enum KeyVerdict
{
    Allowed,

    /// <summary>There is none, it is unknown, or it is for something else.</summary>
    Refused,

    /// <summary>It may, but not so often.</summary>
    TooFast,
}
