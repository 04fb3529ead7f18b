namespace StreamInsight.Events;

/// <summary>What the text of a record or request body is.</summary>
public enum BatchKind : byte
{
    /// <summary>Not JSON: one message, which will be refused.</summary>
    NotJson,

    /// <summary>JSON that is no batch: one message.</summary>
    One,

    /// <summary>A batch: its messages stand in the <see cref="MessageBatch"/>.</summary>
    Batch,
}
