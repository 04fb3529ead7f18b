namespace StreamInsight.Redis;

/// <summary>
/// Writes a record again as it stands, with more time. Changes nothing where Redis knows newer facts, or does not know all of the customer's yet, or has the record with as much
/// time already; and nothing of a customer that was erased: of that one nothing is there.
/// </summary>
internal static class RefreshScript
{
    // What came of it.
    public const int Skipped = 0;
    public const int Written = 1;
    public const int Behind = 2; // facts up to this seq have not come, or were left out as too old

    /// <summary>
    /// KEYS: record, cursor, holdings, warm. ARGV: customer, seq, cursor seconds, 1 = all facts up to seq were delivered (else 0), when to try again if it is not
    /// written (epoch ms), valid until as text ('' = no routing), then <see cref="RecordScript.Arguments"/>.
    /// </summary>
    public const string Text = RecordScript.Functions + """
        local customer, seq, settled, again, valid_until = ARGV[1], tonumber(ARGV[2]), ARGV[4] == '1', ARGV[5], ARGV[6]
        local cursor = redis.call('GET', KEYS[2])
        local record = redis.call('HMGET', KEYS[1], 'seq', 'valid_until')
        if not (cursor or record[1] or redis.call('ZSCORE', KEYS[4], customer)) then return 0 end

        local applied = math.max(tonumber(cursor or 0), tonumber(record[1] or 0))
        if applied > seq or (applied < seq and not settled) then
          redis.call('ZADD', KEYS[4], 'XX', again, customer)
          return applied > seq and 0 or 2
        end
        -- Instants of one form compare as texts.
        if valid_until ~= '' and record[2] and record[2] > valid_until then
          redis.call('ZADD', KEYS[4], 'XX', again, customer)
          return 0
        end
        local view = read(7)
        redis.call('SET', KEYS[2], seq, 'EX', ARGV[3])
        place(customer, view)
        write(seq, view)
        return 1
        """;
}
