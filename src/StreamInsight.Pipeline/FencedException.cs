namespace StreamInsight.Pipeline;

/// <summary>Another node has taken the partition since: nothing of this one's may be written any more. It will not pass.</summary>
public sealed class FencedException(string message) : Exception(message);
