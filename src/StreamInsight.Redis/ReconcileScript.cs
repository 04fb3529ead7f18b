namespace StreamInsight.Redis;

/// <summary>
/// Makes everything of one customer what it should be, as of a seq: its cursor, record, queue, aliases and its place in every set of a segment. Changes nothing where Redis
/// knows newer facts. Facts told again after it are recognised as always.
/// </summary>
internal static class ReconcileScript
{
    public const int Newer = 0;
    public const int Right = 1;
    public const int Written = 2;

    /// <summary>
    /// KEYS: record, cursor, holdings, warm, then the sets of segments. ARGV: customer, seq, cursor seconds, then for each set the time of entry ('' = no member), then
    /// <see cref="RecordScript.Arguments"/>. Redis has all facts up to seq: what is told after it is still to come.
    /// </summary>
    public const string Text = RecordScript.Functions + """
        local customer, seq = ARGV[1], tonumber(ARGV[2])
        local cursor = tonumber(redis.call('GET', KEYS[2]) or 0)
        local applied = math.max(cursor, tonumber(redis.call('HGET', KEYS[1], 'seq') or 0))
        if applied > seq then return 0 end
        local changed = cursor ~= seq
        for i = 5, #KEYS do
          local since, has = ARGV[i - 1], redis.call('ZSCORE', KEYS[i], customer)
          if since == '' then
            if has then redis.call('ZREM', KEYS[i], customer) changed = true end
          elseif not has or tonumber(has) ~= tonumber(since) then
            redis.call('ZADD', KEYS[i], since, customer)
            changed = true
          end
        end
        redis.call('SET', KEYS[2], seq, 'EX', ARGV[3])
        local view = read(#KEYS)
        if view.left ~= 0 and redis.call('EXISTS', KEYS[1]) == 0 then changed = true end
        place(customer, view)
        write(seq, view)
        return changed and 2 or 1
        """;
}
