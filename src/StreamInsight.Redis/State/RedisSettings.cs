using StackExchange.Redis;

namespace StreamInsight.Redis.State;

/// <summary>What a Redis that holds state has to be set to.</summary>
internal static class RedisSettings
{
    /// <summary>One line for each that is not so.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(IDatabase database, string where)
    {
        var faults = new List<string>();
        Dictionary<string, string> info;
        try
        {
            info = Parse((string?)await database.ExecuteAsync("INFO", "memory").ConfigureAwait(false) + (string?)await database.ExecuteAsync("INFO", "persistence").ConfigureAwait(false));
        }
        catch (RedisServerException e) when (e.Message.Contains("NOPERM", StringComparison.Ordinal))
        {
            return [$"Redis at {where}: this user may not ask INFO, so nobody has looked whether state is safe there. Allow it (+info), or see to it: maxmemory-policy noeviction, appendonly yes."];
        }
        if (info.TryGetValue("maxmemory_policy", out string? policy) && policy != "noeviction")
            faults.Add($"Redis at {where} has maxmemory-policy {policy}: when its memory is full it throws customers away. Set maxmemory-policy noeviction.");
        if (info.TryGetValue("aof_enabled", out string? appends) && appends == "0")
            faults.Add($"Redis at {where} has appendonly no: after a crash it comes back without what was committed since its last snapshot. Set appendonly yes.");
        return faults;
    }

    private static Dictionary<string, string> Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                values[line[..colon]] = line[(colon + 1)..];
        }
        return values;
    }
}
