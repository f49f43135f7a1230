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
 * Checks Redis: login, version, memory policy, persistence, clock, writes, and which processes hold
 * shards.
 */
final class RedisChecks {
    private static final String REDIS = "redis";
    private static final String NO_ANSWER = "no answer; a start would wait: ";

    /** Redis 4.0 added UNLINK. */
    private static final int LEAST_MAJOR = 4;

    private static final Duration SLOW = Duration.ofMillis(20);

    private RedisChecks() {}

    static void check(RedisConfig config, Consumer<DoctorFinding> found) {
        try (RedisClient redis = RedisClient.attempt(config)) {
            RedisInspection inspection = RedisInspection.of(redis);
            inspection
                    .servers()
                    .forEach(server -> {
                        found.accept(server(config, server, inspection));
                        found.accept(memory(server));
                        found.accept(persistence(server));
                        found.accept(
                                DiscordChecks.clock(
                                        "Redis", server.clock(), server.asked(), server.asked()));
                    });
            found.accept(writes(inspection));
            inspection.holders().stream()
                    .filter(holder -> !ProcessIdentity.isDead(holder))
                    .forEach(holder -> found.accept(held(holder)));
        } catch (RedisRefusedException refused) {
            found.accept(
                    DoctorFinding.fail(
                            REDIS, RedisErrorRemedy.to(refused.getMessage()), ExitCode.TOPOLOGY));
        } catch (RedisUnavailableException unavailable) {
            found.accept(
                    DoctorFinding.fail(
                            REDIS,
                            NO_ANSWER + RedisErrorRemedy.away(config, unavailable.getMessage()),
                            ExitCode.FAILED));
        }
    }

    static DoctorFinding server(RedisConfig config, Server server, RedisInspection inspection) {
        if (server.version().isEmpty()) {
            return DoctorFinding.warn(
                    REDIS, config.target() + ": the user has no permission for INFO");
        }
        String text =
                String.format(
                        Locale.ROOT,
                        "%s, %s, at %s, round trip %.1f ms",
                        server.version(),
                        server.mode(),
                        config.target(),
                        inspection.roundTrip().toNanos() / 1e6);
        if (Integer.parseInt(server.version().split("\\.")[0]) < LEAST_MAJOR) {
            return DoctorFinding.fail(
                    REDIS, text + ": too old; 4.0 or newer is required", ExitCode.TOPOLOGY);
        }
        return inspection.roundTrip().compareTo(SLOW) > 0
                ? DoctorFinding.warn(
                        REDIS, text + ": every batch of events waits for two round trips")
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
                        + " keys evicted";
        if (!server.policy().equals("noeviction")) {
            return DoctorFinding.warn(
                    subject,
                    text
                            + ": a full Redis drops keys, also checkpoints; set"
                            + " maxmemory-policy noeviction");
        }
        return server.usedBytes() > limit / 5 * 4
                ? DoctorFinding.warn(subject, text + ": nearly full; events wait when it is full")
                : DoctorFinding.ok(subject, text);
    }

    static DoctorFinding persistence(Server server) {
        String subject = "redis persistence";
        return server.appendOnly()
                ? DoctorFinding.ok(subject, "append-only file")
                : DoctorFinding.warn(
                        subject,
                        "no append-only file: a crash of Redis loses the latest writes, also"
                                + " checkpoints; set appendonly yes");
    }

    /** This is no problem, but a start for one of these shards would wait. */
    private static DoctorFinding held(ShardLeaseHolder holder) {
        return DoctorFinding.ok(
                "shards held",
                "%d to %d of %d by process %d on %s; another process for them would wait"
                        .formatted(
                                holder.firstShard(),
                                holder.lastShard(),
                                holder.shardsTotal(),
                                holder.pid(),
                                holder.host()));
    }

    private static DoctorFinding writes(RedisInspection inspection) {
        return inspection
                .refusal()
                .map(reason ->
                        DoctorFinding.fail(
                                "redis writes",
                                "Redis refuses writes: " + RedisErrorRemedy.to(reason),
                                ExitCode.FAILED))
                .orElseGet(() -> DoctorFinding.ok("redis writes", "accepted"));
    }

    private static long mega(long bytes) {
        return bytes / 1_000_000;
    }
}
