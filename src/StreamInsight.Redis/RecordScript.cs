namespace StreamInsight.Redis;

/// <summary>The part that both scripts share: what a customer's record says, and the places it is found in.</summary>
internal static class RecordScript
{
    /// <summary>As the record's time left, ms: it does not expire. The model has no routing.</summary>
    public const long ForEver = -1;

    /// <summary>As the instant to write it again: nobody keeps it warm.</summary>
    public const long NotWarm = -1;

    /// <summary>
    /// Arguments from <c>at</c>: time left (ms), when to write it again (epoch ms), key of the queue ('' = none), score, count and keys of aliases, count of fields and values, these.
    /// </summary>
    public const string Arguments = "left, due, queue, score, aliases, fields";

    /// <summary>
    /// Lua. <c>read(at)</c> reads the arguments above and returns them with the place behind; <c>place</c> puts the customer into its queue and under its aliases; <c>release</c>
    /// takes it out of everything; <c>write</c> makes the record. KEYS: record, cursor, holdings, warm.
    /// An alias that is claimed anew is taken from whoever had it; one that is held already is only put back where it is missing.
    /// </summary>
    public const string Functions = """
        -- Redis before 7: replicate what it did, not how (entry ids and times come from the clock).
        if redis.replicate_commands then redis.replicate_commands() end

        local function read(at)
          local view = { left = tonumber(ARGV[at]), due = tonumber(ARGV[at + 1]), queue = ARGV[at + 2], score = ARGV[at + 3], aliases = {}, fields = {} }
          local count = tonumber(ARGV[at + 4])
          at = at + 5
          for i = 1, count do view.aliases[i] = ARGV[at + i - 1] end
          at = at + count
          count = tonumber(ARGV[at])
          for i = 1, count do view.fields[i] = ARGV[at + i] end
          return view, at + count + 1
        end

        local function held()
          local pairs_ = redis.call('HGETALL', KEYS[3])
          local holdings = {}
          for i = 1, #pairs_, 2 do holdings[pairs_[i]] = pairs_[i + 1] end
          return holdings
        end

        local function let_go(key, value, customer)
          if key == 'queue' then
            redis.call('ZREM', value, customer)
          elseif redis.call('GET', key) == customer then
            redis.call('DEL', key)
          end
        end

        local function release(customer)
          for key, value in pairs(held()) do let_go(key, value, customer) end
          redis.call('DEL', KEYS[3])
          redis.call('ZREM', KEYS[4], customer)
        end

        local function place(customer, view)
          local holdings, wanted = held(), {}
          for _, alias in ipairs(view.aliases) do
            wanted[alias] = true
            if holdings[alias] then
              redis.call('SET', alias, customer, 'NX')
            else
              redis.call('SET', alias, customer)
              redis.call('HSET', KEYS[3], alias, '')
            end
          end
          for key, value in pairs(holdings) do
            if (key == 'queue' and value ~= view.queue) or (key ~= 'queue' and not wanted[key]) then
              let_go(key, value, customer)
              redis.call('HDEL', KEYS[3], key)
            end
          end
          if view.queue ~= '' then
            redis.call('ZADD', view.queue, view.score, customer)
            if holdings.queue ~= view.queue then redis.call('HSET', KEYS[3], 'queue', view.queue) end
          end
          if view.due >= 0 then
            redis.call('ZADD', KEYS[4], view.due, customer)
          else
            redis.call('ZREM', KEYS[4], customer)
          end
        end

        local function write(seq, view)
          redis.call('DEL', KEYS[1])
          if view.left == 0 then return end
          redis.call('HSET', KEYS[1], 'seq', seq, unpack(view.fields))
          if view.left > 0 then redis.call('PEXPIRE', KEYS[1], view.left) end
        end

        """;
}
