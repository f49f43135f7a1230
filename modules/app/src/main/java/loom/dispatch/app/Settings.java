package loom.dispatch.app;

import loom.dispatch.cache.StateConfig;
import loom.dispatch.gateway.Compression;
import loom.dispatch.gateway.Presence;
import loom.dispatch.gateway.Token;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The configuration, checked as a whole.
 *
 * @param lastShard of this process; empty for the last of all
 * @param totalShards empty for what Discord recommends
 * @param gatewayUrl empty for what Discord says
 */
record Settings(
        Token token,
        URI apiUrl,
        Optional<URI> gatewayUrl,
        Compression compression,
        int firstShard,
        OptionalInt lastShard,
        OptionalInt totalShards,
        int identifyConcurrency,
        Duration identifyInterval,
        boolean resume,
        long intents,
        int largeThreshold,
        Presence presence,
        Rabbit rabbit,
        Redis redis,
        StateConfig state,
        String httpHost,
        int httpPort,
        long backlogBytes,
        Duration shutdownTimeout,
        System.Logger.Level logLevel) {

    /** RabbitMQ's settings. */
    record Rabbit(String host, int port, String username, Secret password, boolean defaultQueue) {}

    /** Redis's settings. */
    record Redis(String host, int port) {}

    /** A text that must not be shown. */
    record Secret(String text) {
        @Override
        public String toString() {
            return "***";
        }
    }

    /** Discord's own limit, and some slack for clocks that differ. */
    private static final Duration DISCORD_INTERVAL = Duration.ofMillis(5250);

    /**
     * Reads the configuration.
     *
     * @throws StartFailure with every error in it, a line each
     */
    static Settings from(Environment env) throws StartFailure {
        if (env.get(Variables.BOT_TOKEN).isEmpty()) {
            env.problem("BOT_TOKEN is missing: set it to the bot's token, or put it into .env");
        }
        int first = env.get(Variables.SHARDS_START).intValue();
        OptionalInt last = number(env.get(Variables.SHARDS_END));
        OptionalInt total = number(env.get(Variables.SHARDS_TOTAL));
        checkShards(env, first, last, total);
        URI api = env.get(Variables.DISCORD_API_URL);
        String gateway = env.get(Variables.GATEWAY_URL);
        Presence presence =
                new Presence(
                        env.get(Variables.STATUS),
                        env.get(Variables.ACTIVITY_TYPE).intValue(),
                        env.get(Variables.ACTIVITY_NAME));
        var rabbit =
                new Rabbit(
                        env.get(Variables.RABBIT_HOST),
                        env.get(Variables.RABBIT_PORT).intValue(),
                        env.get(Variables.RABBIT_USERNAME),
                        new Secret(env.get(Variables.RABBIT_PASSWORD)),
                        env.get(Variables.DEFAULT_QUEUE));
        var redis =
                new Redis(env.get(Variables.REDIS_HOST), env.get(Variables.REDIS_PORT).intValue());
        var settings =
                new Settings(
                        token(env),
                        api,
                        gateway.isEmpty() ? Optional.empty() : Optional.of(URI.create(gateway)),
                        env.get(Variables.GATEWAY_COMPRESSION),
                        first,
                        last,
                        total,
                        env.get(Variables.SHARDS_CONCURRENCY).intValue(),
                        identifyInterval(env, api),
                        env.get(Variables.RESUME),
                        env.get(Variables.INTENTS),
                        env.get(Variables.LARGE_THRESHOLD).intValue(),
                        presence,
                        rabbit,
                        redis,
                        state(env),
                        env.get(Variables.PROMETHEUS_HOST),
                        env.get(Variables.PROMETHEUS_PORT).intValue(),
                        env.get(Variables.BACKLOG_MB) * 1_000_000,
                        Duration.ofSeconds(env.get(Variables.SHUTDOWN_TIMEOUT)),
                        logLevel(env));
        List<String> problems = env.problems();
        if (!problems.isEmpty()) {
            throw new StartFailure(ExitCode.CONFIGURATION, String.join("\n", problems));
        }
        return settings;
    }

    private static Token token(Environment env) {
        String token = env.get(Variables.BOT_TOKEN);
        return new Token(token.isEmpty() ? "missing" : token);
    }

    private static StateConfig state(Environment env) {
        return new StateConfig(
                env.get(Variables.STATE_ENABLED),
                env.get(Variables.STATE_MEMBER),
                Duration.ofMillis(env.get(Variables.STATE_MEMBER_TTL)),
                env.get(Variables.STATE_MESSAGE),
                Duration.ofMillis(env.get(Variables.STATE_MESSAGE_TTL)),
                env.get(Variables.STATE_PRESENCE),
                env.get(Variables.STATE_EMOJI),
                env.get(Variables.STATE_VOICE),
                true,
                true,
                true,
                true,
                true,
                env.get(Variables.STATE_OLD),
                StateConfig.Failure.WAIT);
    }

    private static OptionalInt number(String text) {
        return text.equals("auto") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    }

    private static void checkShards(
            Environment env, int first, OptionalInt last, OptionalInt total) {
        if (total.isPresent() && total.getAsInt() < 1) {
            env.problem("SHARDS_TOTAL=" + total.getAsInt() + ": at least 1 shard is needed");
        }
        if (last.isPresent() && last.getAsInt() < first) {
            env.problem(
                    "SHARDS_START="
                            + first
                            + " lies behind SHARDS_END="
                            + last.getAsInt()
                            + ": the range is inclusive and must not be backwards");
        }
        if (total.isPresent()
                && total.getAsInt() > 0
                && Math.max(first, last.orElse(first)) >= total.getAsInt()) {
            env.problem(
                    "SHARDS_TOTAL="
                            + total.getAsInt()
                            + ": SHARDS_START and SHARDS_END must be below it, shards count from"
                            + " 0");
        }
    }

    private static Duration identifyInterval(Environment env, URI api) {
        Duration wanted = Duration.ofSeconds(env.get(Variables.SHARDS_WAIT));
        boolean discord = String.valueOf(api.getHost()).endsWith("discord.com");
        return discord && wanted.compareTo(DISCORD_INTERVAL) < 0 ? DISCORD_INTERVAL : wanted;
    }

    /** LOG_LEVEL, or the first word of the predecessor's RUST_LOG that is a level. */
    private static System.Logger.Level logLevel(Environment env) {
        if (env.raw(Variables.LOG_LEVEL.name()).isEmpty()) {
            for (String word :
                    env.raw("RUST_LOG").toLowerCase(java.util.Locale.ROOT).split("[,=]")) {
                if (List.of("trace", "debug", "info", "warn", "error").contains(word)) {
                    return Variables.LOG_LEVEL.parser().apply(word);
                }
            }
        }
        return env.get(Variables.LOG_LEVEL);
    }
}
