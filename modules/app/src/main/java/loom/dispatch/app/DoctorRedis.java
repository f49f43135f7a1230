package loom.dispatch.app;

import loom.dispatch.cache.Redis;
import loom.dispatch.cache.RedisConfig;
import loom.dispatch.cache.RedisInspection;
import loom.dispatch.cache.RedisInspection.Server;
import loom.dispatch.cache.RedisRefused;
import loom.dispatch.cache.RedisUnavailable;
import loom.dispatch.cache.ShardHolder;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Looks at Redis: login, version, memory and what happens at its end, time, and whether it takes
 * writes.
 */
final class DoctorRedis {
    private static final String REDIS = "redis";
    private static final String NO_ANSWER = "no answer now, a start waits for it: ";

    /** UNLINK came with it. */
    private static final int LEAST_MAJOR = 4;

    private static final Duration SLOW = Duration.ofMillis(20);

    private DoctorRedis() {}

    static void look(RedisConfig config, Consumer<Finding> found) {
        try (Redis redis = Redis.attempt(config)) {
            RedisInspection seen = RedisInspection.of(redis);
            seen.servers()
                    .forEach(server -> {
                        found.accept(server(config, server, seen));
                        found.accept(memory(server));
                        found.accept(persistence(server));
                        found.accept(
                                DoctorDiscord.clock(
                                        "Redis", server.clock(), server.asked(), server.asked()));
                    });
            found.accept(writes(seen));
            seen.holders().stream()
                    .filter(holder -> !ThisProcess.isDead(holder))
                    .forEach(holder -> found.accept(held(holder)));
        } catch (RedisRefused refused) {
            found.accept(
                    Finding.fail(REDIS, RedisAdvice.to(refused.getMessage()), ExitCode.TOPOLOGY));
        } catch (RedisUnavailable away) {
            found.accept(
                    Finding.fail(
                            REDIS,
                            NO_ANSWER + RedisAdvice.away(config, away.getMessage()),
                            ExitCode.FAILED));
        }
    }

    static Finding server(RedisConfig config, Server server, RedisInspection seen) {
        if (server.version().isEmpty()) {
            return Finding.warn(REDIS, config.target() + ": the user may not ask INFO");
        }
        String text =
                String.format(
                        Locale.ROOT,
                        "%s, %s, at %s, %.1f ms a question",
                        server.version(),
                        server.mode(),
                        config.target(),
                        seen.roundTrip().toNanos() / 1e6);
        if (Integer.parseInt(server.version().split("\\.")[0]) < LEAST_MAJOR) {
            return Finding.fail(REDIS, text + ": it is too old, 4.0 is needed", ExitCode.TOPOLOGY);
        }
        return seen.roundTrip().compareTo(SLOW) > 0
                ? Finding.warn(REDIS, text + ": every event waits for two of them")
                : Finding.ok(REDIS, text);
    }

    static Finding memory(Server server) {
        String subject = "redis memory";
        String used = mega(server.usedBytes()) + " MB used";
        if (server.limitBytes().isEmpty()) {
            return Finding.ok(subject, used + ", no limit");
        }
        long limit = server.limitBytes().getAsLong();
        String text =
                used
                        + " of "
                        + mega(limit)
                        + " MB, "
                        + server.policy()
                        + ", "
                        + server.evicted()
                        + " keys evicted so far";
        if (!server.policy().equals("noeviction")) {
            return Finding.warn(
                    subject,
                    text
                            + ": when full it drops keys, checkpoints among them; set"
                            + " maxmemory-policy noeviction");
        }
        return server.usedBytes() > limit / 5 * 4
                ? Finding.warn(subject, text + ": when full, events wait")
                : Finding.ok(subject, text);
    }

    static Finding persistence(Server server) {
        String subject = "redis persistence";
        return server.appendOnly()
                ? Finding.ok(subject, "append-only file")
                : Finding.warn(
                        subject,
                        "no append-only file: what a crash of Redis takes with it, checkpoints"
                                + " among them, is not there again; set appendonly yes");
    }

    /** Nothing is wrong with that; but a start may have to stand by. */
    private static Finding held(ShardHolder holder) {
        return Finding.ok(
                "shards held",
                "%d to %d of %d by process %d on %s; who wants one of them stands by"
                        .formatted(
                                holder.firstShard(),
                                holder.lastShard(),
                                holder.shardsTotal(),
                                holder.pid(),
                                holder.host()));
    }

    private static Finding writes(RedisInspection seen) {
        return seen.refusal()
                .map(reason ->
                        Finding.fail(
                                "redis writes",
                                "nothing can be written: " + RedisAdvice.to(reason),
                                ExitCode.FAILED))
                .orElseGet(() -> Finding.ok("redis writes", "are taken"));
    }

    private static long mega(long bytes) {
        return bytes / 1_000_000;
    }
}
