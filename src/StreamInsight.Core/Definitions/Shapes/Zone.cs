namespace StreamInsight.Definitions.Shapes;

/// <summary>Checks names of time zones.</summary>
internal static class Zone
{
    /// <summary>Null if the zone is known, else what is wrong.</summary>
    public static string? Problem(string name)
    {
        if (name == "UTC" || TimeZoneInfo.TryFindSystemTimeZoneById(name, out _))
            return null;
        var closest = Spelling.Closest(name, TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id));
        return $"is no known time zone; allowed are names such as Europe/Berlin or UTC.{(closest is null ? "" : $" Did you mean {Faults.Quote(closest)}?")}";
    }
}
