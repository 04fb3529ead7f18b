namespace StreamInsight.Definitions;

/// <summary>Which facts a trigger answers.</summary>
public enum TriggerOn : byte
{
    Entered,
    Left,
    Stage,
}
