namespace StreamInsight.Definitions.Shapes;

/// <summary>One key of a map: its name, what may stand there, and one sentence for people.</summary>
internal sealed record Key(string Name, Shape Shape, string Doc)
{
    public bool IsRequired { get; init; }

    /// <summary>The value when the key is left out, as it would be written; null = nothing.</summary>
    public string? Default { get; init; }
}
