namespace StreamInsight.Cluster.Tests;

/// <summary>The topics and the group of one run.</summary>
public sealed record TopicNames(string Events, string Handover, string Facts, string Dead, string Group)
{
    public static readonly TopicNames Usual = new("insight.events", "insight.handover", "insight.facts", "insight.dead", "streaminsight");
}
