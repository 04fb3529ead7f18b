namespace StreamInsight.Server.Demo;

/// <summary>Lengths of time in milliseconds, as the simulation counts.</summary>
internal static class Spans
{
    public const long Second = 1_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;
}
