namespace StreamInsight.Pipeline.Partitions;

/// <summary>The bytes of messages between partitions.</summary>
public static class HandoverCodec;
