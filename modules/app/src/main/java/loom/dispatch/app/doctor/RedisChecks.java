package loom.dispatch.app.doctor;

import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.ProcessIdentity;
import loom.dispatch.app.process.RedisErrorRemedy;
import loom.dispatch.cache.RedisClient;
import loom.dispatch.cache.RedisConfig;
import loom.dispatch.cache.RedisInspection;
import loom.dispatch.cache.RedisInspection.Server;
import loom.dispatch.cache.RedisRefusedException;
import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.cache.ShardLeaseHolder;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Looks at Redis: login, version, memory and what happens at its end, time, and whether it takes
 * writes.
 */
final class RedisChecks {
    private static final String REDIS = "redis";
    private static final String NO_ANSWER = "no answer now, a start waits for it: ";

    /** UNLINK came with it. */
    private static final int LEAST_MAJOR = 4;

    private static final Duration SLOW = Duration.ofMillis(20);

    private RedisChecks() {}

    static void look(RedisConfig config, Consumer<DoctorFinding> found) {
        try (RedisClient redis = RedisClient.attempt(config)) {
            RedisInspection seen = RedisInspection.of(redis);
            seen.servers()
                    .forEach(server -> {
                        found.accept(server(config, server, seen));
                        found.accept(memory(server));
                        found.accept(persistence(server));
                        found.accept(
                                DiscordChecks.clock(
                                        "Redis", server.clock(), server.asked(), server.asked()));
                    });
            found.accept(writes(seen));
            seen.holders().stream()
                    .filter(holder -> !ProcessIdentity.isDead(holder))
                    .forEach(holder -> found.accept(held(holder)));
        } catch (RedisRefusedException refused) {
            found.accept(
                    DoctorFinding.fail(
                            REDIS, RedisErrorRemedy.to(refused.getMessage()), ExitCode.TOPOLOGY));
        } catch (RedisUnavailableException away) {
            found.accept(
                    DoctorFinding.fail(
                            REDIS,
                            NO_ANSWER + RedisErrorRemedy.away(config, away.getMessage()),
                            ExitCode.FAILED));
        }
    }

    static DoctorFinding server(RedisConfig config, Server server, RedisInspection seen) {
        if (server.version().isEmpty()) {
            return DoctorFinding.warn(REDIS, config.target() + ": the user may not ask INFO");
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
            return DoctorFinding.fail(
                    REDIS, text + ": it is too old, 4.0 is needed", ExitCode.TOPOLOGY);
        }
        return seen.roundTrip().compareTo(SLOW) > 0
                ? DoctorFinding.warn(REDIS, text + ": every event waits for two of them")
                : DoctorFinding.ok(REDIS, text);
    }

    static DoctorFinding memory(Server server) {
        String subject = "redis memory";
        String used = mega(server.usedBytes()) + " MB used";
        if (server.limitBytes().isEmpty()) {
            return DoctorFinding.ok(subject, used + ", no limit");
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
            return DoctorFinding.warn(
                    subject,
                    text
                            + ": when full it drops keys, checkpoints among them; set"
                            + " maxmemory-policy noeviction");
        }
        return server.usedBytes() > limit / 5 * 4
                ? DoctorFinding.warn(subject, text + ": when full, events wait")
                : DoctorFinding.ok(subject, text);
    }

    static DoctorFinding persistence(Server server) {
        String subject = "redis persistence";
        return server.appendOnly()
                ? DoctorFinding.ok(subject, "append-only file")
                : DoctorFinding.warn(
                        subject,
                        "no append-only file: what a crash of Redis takes with it, checkpoints"
                                + " among them, is not there again; set appendonly yes");
    }

    /** Nothing is wrong with that; but a start may have to stand by. */
    private static DoctorFinding held(ShardLeaseHolder holder) {
        return DoctorFinding.ok(
                "shards held",
                "%d to %d of %d by process %d on %s; who wants one of them stands by"
                        .formatted(
                                holder.firstShard(),
                                holder.lastShard(),
                                holder.shardsTotal(),
                                holder.pid(),
                                holder.host()));
    }

    private static DoctorFinding writes(RedisInspection seen) {
        return seen.refusal()
                .map(reason ->
                        DoctorFinding.fail(
                                "redis writes",
                                "nothing can be written: " + RedisErrorRemedy.to(reason),
                                ExitCode.FAILED))
                .orElseGet(() -> DoctorFinding.ok("redis writes", "are taken"));
    }

    private static long mega(long bytes) {
        return bytes / 1_000_000;
    }
}
