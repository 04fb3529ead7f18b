namespace StreamInsight.Redis;

/// <summary>
/// The one script that writes a customer's update. It compares the seq of every fact with the last one applied, so a repeated or older update changes nothing; streams,
/// sets and the record change together or not at all.
/// </summary>
internal static class CustomerScript
{
    /// <summary>How long the last applied seq is remembered without an update, in seconds (7 days): far beyond the time in which a fact may be told again.</summary>
    public const int CursorSeconds = 7 * 24 * 3600;

    // What a change does with its key. One letter each: they travel with every fact.
    public const string Enter = "e"; // ZADD key <at> customer
    public const string Leave = "l"; // ZREM key customer
    public const string Append = "a"; // XADD key … <count of fields and values> …
    public const string Nothing = "n"; // only the seq moves on

    // What becomes of the record.
    public const string Keep = "k"; // no view came with these facts
    public const string Set = "s"; // <seq of the fact that told it> and how the customer stands
    public const string End = "d"; // the customer was merged away: its record goes, its cursor stays
    public const string Erase = "x"; // the customer was erased: its record goes, RedisEraser removes the rest

    /// <summary>
    /// KEYS: record, cursor, holdings, warm, then the key of each change that has one. ARGV: customer, greatest seq, about how many stream entries to keep, cursor seconds,
    /// what becomes of the record [, seq, <see cref="RecordScript.Arguments"/>], then the changes: seq, letter, …
    /// </summary>
    public const string Text = RecordScript.Functions + """
        local customer, newest, length, remember, verb = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
        local applied = math.max(tonumber(redis.call('GET', KEYS[2]) or 0), tonumber(redis.call('HGET', KEYS[1], 'seq') or 0))
        if newest <= applied then return 0 end

        local at = 6
        local view
        if verb == 's' then
          local isNew = tonumber(ARGV[at]) > applied
          view, at = read(at + 1)
          if not isNew then view = nil end
        end

        local key, done = 5, 0
        while at <= #ARGV do
          local isNew, letter = tonumber(ARGV[at]) > applied, ARGV[at + 1]
          at = at + 2
          if letter == 'e' then
            if isNew then redis.call('ZADD', KEYS[key], ARGV[at], customer) end
            at = at + 1
            key = key + 1
          elseif letter == 'l' then
            if isNew then redis.call('ZREM', KEYS[key], customer) end
            key = key + 1
          elseif letter == 'a' then
            local count = tonumber(ARGV[at])
            if isNew then
              local entry = {}
              for i = 1, count do entry[i] = ARGV[at + i] end
              redis.call('XADD', KEYS[key], 'MAXLEN', '~', length, '*', unpack(entry))
            end
            at = at + count + 1
            key = key + 1
          end
          if isNew then done = done + 1 end
        end

        redis.call('SET', KEYS[2], newest, 'EX', remember)
        if verb == 'x' or verb == 'd' then
          release(customer)
          redis.call('DEL', KEYS[1])
          return done
        end
        if view then
          place(customer, view)
          write(newest, view)
        elseif redis.call('EXISTS', KEYS[1]) == 1 then
          redis.call('HSET', KEYS[1], 'seq', newest)
        end
        return done
        """;
}
