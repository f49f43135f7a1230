package loom.dispatch.cache.stores;

/**
 * Lua scripts that update the {@link loom.dispatch.cache.IdentifyLedger} atomically, because
 * several processes share it. The scripts use only the clock of Redis. Each one uses one hash.
 *
 * <p>Fields of the hash, with times in milliseconds since 1970:
 *
 * <ul>
 *   <li>{@code total}, {@code remaining}, {@code concurrency}, {@code reset_at}, {@code asked_at}:
 *       Discord's latest answer, less the IDENTIFYs granted since
 *   <li>{@code owner:K}, {@code free_at:K}: for each rate limit key
 *   <li>{@code spent:S}, {@code last:S}: for each shard
 *   <li>{@code slow_until}: the next IDENTIFY when few are left
 * </ul>
 */
public final class IdentifyScripts {
    private static final String COMMON =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local function number(field)
              return tonumber(redis.call('HGET', KEYS[1], field) or '')
            end
            local function write(...)
              redis.call('HSET', KEYS[1], ...)
            end
            """;

    /**
     * ARGV: total, remaining, milliseconds to the reset, concurrency. Within one budget window the
     * lower count is right, because Discord does not know the IDENTIFYs that are about to be sent.
     */
    public static final String OBSERVE =
            COMMON
                    + """
                    local remaining, reset_at = tonumber(ARGV[2]), now + ARGV[3]
                    local known, known_reset = number('remaining'), number('reset_at')
                    local same_window = known and known_reset and now < known_reset
                        and reset_at <= known_reset + 60000
                    if same_window then
                      remaining = math.min(remaining, known)
                    end
                    write('total', ARGV[1], 'remaining', remaining, 'reset_at', reset_at,
                        'concurrency', ARGV[4], 'asked_at', now)
                    """;

    /**
     * ARGV: shard, owner, fresh (negative: accept an answer of any age), hold, reservePart,
     * leastReserve, slowReserves, freeLoops, firstPause, longestPause, forgive.
     *
     * <p>Returns {@code granted} and the number left, {@code ask} and 0, or the reason to wait and
     * the milliseconds. A time later than the rules allow is ignored: the clock was set back.
     */
    public static final String TAKE =
            COMMON
                    + """
                    local arg = {}
                    for i = 3, #ARGV do arg[i] = tonumber(ARGV[i]) end
                    local remaining, asked_at = number('remaining'), number('asked_at')
                    if not remaining or not asked_at then return {'ask', 0} end
                    if arg[3] >= 0 and (asked_at > now or now - asked_at > arg[3]) then
                      return {'ask', 0}
                    end

                    local shard, last = ARGV[1], number('last:' .. ARGV[1]) or 0
                    local spent = number('spent:' .. shard) or 0
                    if last > now or now - last >= arg[11] then spent = 0 end
                    if spent >= arg[8] then
                      local pause = math.min(arg[10], arg[9] * 2 ^ math.min(spent - arg[8], 30))
                      if last + pause > now then
                        return {'loop', math.ceil(last + pause - now)}
                      end
                    end

                    local key = tonumber(shard) % math.max(1, number('concurrency') or 1)
                    local free_at = math.min(number('free_at:' .. key) or 0, now + arg[4])
                    if free_at > now then return {'key', free_at - now} end

                    local reserve = math.max(arg[6], math.floor((number('total') or 0) / arg[5]))
                    local spendable = remaining - reserve
                    local to_reset = math.max(0, (number('reset_at') or 0) - now)
                    if spendable <= 0 then return {'reserve', to_reset} end
                    if remaining < arg[7] * reserve then
                      local slow_until = math.min(number('slow_until') or 0, now + to_reset)
                      if slow_until > now then return {'slow', slow_until - now} end
                      write('slow_until', now + math.floor(to_reset / spendable))
                    end

                    write('remaining', remaining - 1, 'owner:' .. key, ARGV[2],
                        'free_at:' .. key, now + arg[4], 'spent:' .. shard, spent + 1,
                        'last:' .. shard, now)
                    return {'granted', remaining - 1}
                    """;

    /** ARGV: shard, owner, interval. */
    public static final String LEFT =
            COMMON
                    + """
                    local key = tonumber(ARGV[1]) % math.max(1, number('concurrency') or 1)
                    if redis.call('HGET', KEYS[1], 'owner:' .. key) == ARGV[2] then
                      write('free_at:' .. key, now + ARGV[3])
                      redis.call('HDEL', KEYS[1], 'owner:' .. key)
                    end
                    """;

    /** Returns total, remaining, milliseconds to the reset and concurrency; or nothing. */
    public static final String STANDING =
            COMMON
                    + """
                    if not number('remaining') then return {} end
                    return {number('total'), number('remaining'),
                        math.max(0, number('reset_at') - now), number('concurrency')}
                    """;

    private IdentifyScripts() {}
}
