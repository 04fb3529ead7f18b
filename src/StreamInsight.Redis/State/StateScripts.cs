namespace StreamInsight.Redis.State;

/// <summary>The Lua of the state store. KEYS are those of <see cref="StateKeys"/>, in that order, wherever it does not say otherwise.</summary>
internal static class StateScripts
{
    /// <summary>Answers of <see cref="Commit"/>.</summary>
    public const int Done = 1, Fenced = 2, WentBack = 3;

    /// <summary>
    /// One commit, or nothing of it. ARGV: writer, generation, number of the commit, then operations: name, key (1-based), count of arguments, these.
    /// A number that was committed before is told as done, and nothing is done. Gives the outcome, the generation and commit that are there (those asked for, when it is done), and the writer. The first write is one that Redis refuses when it is out of memory or may not write:
    /// after it, Redis refuses no other of the script.
    /// </summary>
    public const string Commit = """
        -- Redis before 7: replicate what it did, not how.
        if redis.replicate_commands then redis.replicate_commands() end

        local meta = redis.call('HMGET', KEYS[1], 'writer', 'generation', 'commit')
        local generation, commit, number = tonumber(meta[2] or 0), tonumber(meta[3] or 0), tonumber(ARGV[3])
        if meta[1] ~= ARGV[1] then
          if generation >= tonumber(ARGV[2]) then return { 2, generation, commit, ARGV[1] } end
          return { 3, generation, commit, ARGV[1] }
        end
        if number <= commit then return { 1, generation, number, ARGV[1] } end
        if number > commit + 1 then return { 3, generation, commit, ARGV[1] } end
        redis.call('HSET', KEYS[1], 'commit', ARGV[3])

        local CHUNK = 4000 -- even; Lua's stack ends at 8000

        local function each_chunk(from, to, work)
          for at = from, to, CHUNK do work(at, math.min(at + CHUNK - 1, to)) end
        end

        local function bulk(command, key, list)
          for at = 1, #list, CHUNK do redis.call(command, key, unpack(list, at, math.min(at + CHUNK - 1, #list))) end
        end

        -- The length and the id that a value begins with.
        local function head(value)
          local a, b, c, d = string.byte(value, 1, 4)
          return string.sub(value, 1, 4 + ((a * 256 + b) * 256 + c) * 256 + d)
        end

        local special = {}

        -- Pairs: id and row; '' = forget the id. A row's link stands from its 6th byte on.
        function special.IDS(key, from, to)
          local links, gone, put, unlinked, linked = KEYS[5], {}, {}, {}, {}
          local names = {}
          for i = from, to, 2 do names[#names + 1] = ARGV[i] end
          local old = {}
          for at = 1, #names, CHUNK do
            local rows = redis.call('HMGET', key, unpack(names, at, math.min(at + CHUNK - 1, #names)))
            for i = 1, #rows do old[at + i - 1] = rows[i] end
          end
          for i = 1, #names do
            local id, row, was = names[i], ARGV[from + 2 * i - 1], old[i]
            if was and #was > 5 and string.sub(was, 6) ~= string.sub(row, 6) then unlinked[#unlinked + 1] = string.sub(was, 6) .. id end
            if row == '' then
              gone[#gone + 1] = id
            else
              put[#put + 1] = id
              put[#put + 1] = row
              if #row > 5 then
                linked[#linked + 1] = '0'
                linked[#linked + 1] = string.sub(row, 6) .. id
              end
            end
          end
          bulk('ZREM', links, unlinked)
          bulk('HDEL', key, gone)
          bulk('HSET', key, put)
          bulk('ZADD', links, linked)
        end

        -- The last number of a list, then numbers whose entries become empty.
        function special.BLANK(key, from, to)
          local last, length = tonumber(ARGV[from]), redis.call('LLEN', key)
          for i = from + 1, to do
            local index = tonumber(ARGV[i]) - last - 1
            if index < 0 and index >= -length then redis.call('LSET', key, index, '') end
          end
        end

        -- How long (ms) and how many are kept, then triples: id, when, decision. As many of the oldest go as came, and some more.
        function special.DECIDE(key, from, to)
          local times, by_customer = KEYS[15], KEYS[16]
          local function forget(ids)
            for i = 1, #ids do
              local old = redis.call('HGET', key, ids[i])
              if old then redis.call('ZREM', by_customer, head(old) .. ids[i]) end
              redis.call('HDEL', key, ids[i])
              redis.call('ZREM', times, ids[i])
            end
          end
          local most = 500
          for i = from + 2, to, 3 do
            forget({ ARGV[i] })
            redis.call('HSET', key, ARGV[i], ARGV[i + 2])
            redis.call('ZADD', times, ARGV[i + 1], ARGV[i])
            redis.call('ZADD', by_customer, '0', head(ARGV[i + 2]) .. ARGV[i])
            most = most + 2
          end
          local newest = redis.call('ZRANGE', times, -1, -1, 'WITHSCORES')
          if newest[2] then
            local too_old = string.format('(%.0f', tonumber(newest[2]) - tonumber(ARGV[from]))
            forget(redis.call('ZRANGEBYSCORE', times, '-inf', too_old, 'LIMIT', 0, most))
          end
          local too_many = math.min(redis.call('ZCARD', times) - tonumber(ARGV[from + 1]), most)
          if too_many > 0 then forget(redis.call('ZRANGE', times, 0, too_many - 1)) end
        end

        -- An instant: finished erasures and tombstones whose time is over by then.
        function special.OVER(key, from)
          redis.call('ZREMRANGEBYSCORE', KEYS[17], '-inf', ARGV[from])
          bulk('HDEL', key, redis.call('ZRANGEBYSCORE', KEYS[20], '-inf', ARGV[from]))
          redis.call('ZREMRANGEBYSCORE', KEYS[20], '-inf', ARGV[from])
        end

        local at = 4
        while at <= #ARGV do
          local operation, key, count = ARGV[at], KEYS[tonumber(ARGV[at + 1])], tonumber(ARGV[at + 2])
          local from, to = at + 3, at + 2 + count
          if special[operation] then
            special[operation](key, from, to)
          elseif count == 0 then
            redis.call(operation, key)
          else
            each_chunk(from, to, function(a, b) redis.call(operation, key, unpack(ARGV, a, b)) end)
          end
          at = to + 1
        end
        return { 1, generation, number, ARGV[1] }
        """;

    /// <summary>
    /// Sets fields of a hash if others are as they are thought to be; gives all of it, or nothing when it was otherwise. KEYS: the hash. ARGV: count of expectations, these as field and value
    /// ('' = not there), name of a field to count up ('' = none), count of fields to set, these as field and value, then fields and values to set where there is none.
    /// </summary>
    public const string Identify = """
        if redis.replicate_commands then redis.replicate_commands() end
        local expected = tonumber(ARGV[1])
        for i = 2, 2 * expected, 2 do
          if (redis.call('HGET', KEYS[1], ARGV[i]) or '') ~= ARGV[i + 1] then return false end
        end
        local at = 2 + 2 * expected
        if ARGV[at] ~= '' then redis.call('HINCRBY', KEYS[1], ARGV[at], 1) end
        local sets = tonumber(ARGV[at + 1])
        at = at + 2
        for i = at, #ARGV, 2 do
          redis.call(i < at + 2 * sets and 'HSET' or 'HSETNX', KEYS[1], ARGV[i], ARGV[i + 1])
        end
        return redis.call('HGETALL', KEYS[1])
        """;

    /// <summary>
    /// A part of a list whose last entry's number stands in meta. KEYS: meta, the list. ARGV: the field of meta, after which number, how many at most.
    /// Gives the number before the first, the last number there is, and the entries.
    /// </summary>
    public const string ReadList = """
        local last, length = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0), redis.call('LLEN', KEYS[2])
        local after = math.max(tonumber(ARGV[2]), last - length)
        if after >= last then return { last, last, {} } end
        return { after, last, redis.call('LRANGE', KEYS[2], after - last, math.min(after + tonumber(ARGV[3]), last) - last - 1) }
        """;

    /// <summary>
    /// Which facts are of these customers and not told by an erasure. KEYS: meta, facts. ARGV: after which number, how many to look at, heads of the customers (length and id).
    /// Gives the last number looked at, the last there is, and the numbers found.
    /// </summary>
    public const string FindFacts = """
        local last, length = tonumber(redis.call('HGET', KEYS[1], 'facts') or 0), redis.call('LLEN', KEYS[2])
        local after = math.max(tonumber(ARGV[1]), last - length)
        if after >= last then return { last, last, {} } end
        local upto = math.min(after + tonumber(ARGV[2]), last)
        local rows, found = redis.call('LRANGE', KEYS[2], after - last, upto - last - 1), {}
        for i = 1, #rows do
          local row = rows[i]
          if string.sub(row, 1, 1) == '-' then
            for j = 3, #ARGV do
              if string.sub(row, 2, 1 + #ARGV[j]) == ARGV[j] then found[#found + 1] = after + i end
            end
          end
        end
        return { upto, last, found }
        """;

    /// <summary>
    /// A customer's facts, backwards. KEYS: meta, facts. ARGV: before which number, how many to look at, head of the customer. Gives before which number to go on, 1 where there are more to look at,
    /// then number and fact in turn, the newest first.
    /// </summary>
    public const string ReadFactsOf = """
        local last, length = tonumber(redis.call('HGET', KEYS[1], 'facts') or 0), redis.call('LLEN', KEYS[2])
        local first, upto = last - length, math.min(tonumber(ARGV[1]) - 1, last)
        local after = math.max(upto - tonumber(ARGV[2]), first)
        if after >= upto then return { 0, 0 } end
        local rows, answer = redis.call('LRANGE', KEYS[2], after - last, upto - last - 1), { after + 1, after > first and 1 or 0 }
        for i = #rows, 1, -1 do
          if string.sub(rows[i], 2, 1 + #ARGV[3]) == ARGV[3] then
            answer[#answer + 1] = after + i
            answer[#answer + 1] = rows[i]
          end
        end
        return answer
        """;

    /// <summary>A function: whether a text is after another by their bytes, as Redis orders members of equal score; Lua's own order would be that of the server's language.</summary>
    public const string IsAfter = """
        local function is_after(a, b)
          for i = 1, math.min(#a, #b) do
            local x, y = string.byte(a, i), string.byte(b, i)
            if x ~= y then return x > y end
          end
          return #a > #b
        end

        """;

    /// <summary>Timers behind one. KEYS: timers. ARGV: due and customer behind which to begin, how many at most. The order of equals is that of their bytes, as everywhere.</summary>
    public const string ReadTimers = IsAfter + """
        local low = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. ARGV[1])
        local high = redis.call('ZCOUNT', KEYS[1], '-inf', ARGV[1])
        while low < high do
          local middle = math.floor((low + high) / 2)
          if is_after(redis.call('ZRANGE', KEYS[1], middle, middle)[1], ARGV[2]) then high = middle else low = middle + 1 end
        end
        return redis.call('ZRANGE', KEYS[1], low, low + tonumber(ARGV[3]) - 1, 'WITHSCORES')
        """;

    /// <summary>Customers by stage, a page of them. KEYS: customers. ARGV: cursor, about how many. Gives the next cursor, then stage and count in turn.</summary>
    public const string CountStages = """
        local page = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
        local counts, answer = {}, { page[1] }
        for i = 2, #page[2], 2 do
          local row = page[2][i]
          local stage = string.sub(row, 2, 1 + string.byte(row, 1))
          counts[stage] = (counts[stage] or 0) + 1
        end
        for stage, count in pairs(counts) do
          answer[#answer + 1] = stage
          answer[#answer + 1] = count
        end
        return answer
        """;

    /// <summary>What belongs together at one instant. KEYS: meta, counters, cursors. Gives the number of the last fact, the counters, and the cursors.</summary>
    public const string ReadStanding = """
        return { tonumber(redis.call('HGET', KEYS[1], 'facts') or 0), redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3]) }
        """;
}
