namespace StreamInsight.Redis;

/// <summary>Takes a customer that was merged away out of everything. What it has seen stays known, so its facts change nothing when they come again.</summary>
internal static class EndScript
{
    /// <summary>KEYS: record, cursor, holdings, warm. ARGV: customer.</summary>
    public const string Text = RecordScript.Functions + """
        release(ARGV[1])
        return redis.call('DEL', KEYS[1])
        """;
}
