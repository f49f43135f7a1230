package loom.dispatch.app.config;

import static loom.dispatch.app.config.EnvironmentVariable.choice;
import static loom.dispatch.app.config.EnvironmentVariable.number;
import static loom.dispatch.app.config.EnvironmentVariable.secret;

import loom.dispatch.app.log.LogRecordFormat;
import loom.dispatch.metrics.BearerToken;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The settings of the process: HTTP endpoint, memory, drain and log. */
public record ServiceSettings(
        InetSocketAddress http,
        Optional<BearerToken> httpToken,
        long backlogBytes,
        Duration shutdownTimeout,
        System.Logger.Level logLevel,
        LogRecordFormat logFormat) {
    static final EnvironmentVariable<InetAddress> PROMETHEUS_HOST =
            new EnvironmentVariable<>(
                    "PROMETHEUS_HOST",
                    "127.0.0.1",
                    "an address of this machine, or its name",
                    "address of the HTTP endpoint; 0.0.0.0 = all addresses",
                    false,
                    ServiceSettings::address);
    public static final EnvironmentVariable<Long> PROMETHEUS_PORT =
            number(
                    "PROMETHEUS_PORT",
                    "8005",
                    0,
                    65535,
                    "port",
                    "port of the HTTP endpoint; 0 = any free port");
    static final EnvironmentVariable<String> PROMETHEUS_TOKEN =
            secret(
                    "PROMETHEUS_TOKEN",
                    "",
                    "bearer token for all paths except the health checks; empty = no token"
                            + " needed");
    static final EnvironmentVariable<Long> BACKLOG_MB =
            number(
                    "BACKLOG_MB",
                    "64",
                    1,
                    1_000_000,
                    "MB",
                    "maximum size of unsettled events in memory, all shards together");
    public static final EnvironmentVariable<Long> SHUTDOWN_TIMEOUT =
            number("SHUTDOWN_TIMEOUT", "20", 1, 3600, "seconds", "maximum duration of a drain");
    static final EnvironmentVariable<System.Logger.Level> LOG_LEVEL =
            choice(
                    "LOG_LEVEL",
                    "info",
                    "lowest level that is logged",
                    List.of("trace", "debug", "info", "warn", "error", "off"),
                    ServiceSettings::level);

    public static final EnvironmentVariable<LogRecordFormat> LOG_FORMAT =
            choice(
                    "LOG_FORMAT",
                    "text",
                    "key=value lines, or one JSON object on each line",
                    List.of("text", "json"),
                    LogRecordFormat::of);

    /** All variables of this part, in the order of the help. */
    static final List<EnvironmentVariable<?>> VARIABLES =
            List.of(
                    PROMETHEUS_HOST,
                    PROMETHEUS_PORT,
                    PROMETHEUS_TOKEN,
                    BACKLOG_MB,
                    SHUTDOWN_TIMEOUT,
                    LOG_LEVEL,
                    LOG_FORMAT);

    static ServiceSettings from(Environment env) {
        String token = env.get(PROMETHEUS_TOKEN);
        return new ServiceSettings(
                new InetSocketAddress(
                        env.get(PROMETHEUS_HOST), env.get(PROMETHEUS_PORT).intValue()),
                token.isEmpty() ? Optional.empty() : Optional.of(new BearerToken(token)),
                env.get(BACKLOG_MB) * 1_000_000,
                Duration.ofSeconds(env.get(SHUTDOWN_TIMEOUT)),
                logLevel(env),
                env.get(LOG_FORMAT));
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Returns LOG_LEVEL, or the first level in RUST_LOG of twilight-dispatch. */
    private static System.Logger.Level logLevel(Environment env) {
        if (env.raw(LOG_LEVEL.name()).isEmpty()) {
            for (String word : env.raw("RUST_LOG").toLowerCase(Locale.ROOT).split("[,=]")) {
                if (List.of("trace", "debug", "info", "warn", "error", "off").contains(word)) {
                    return LOG_LEVEL.parser().apply(word);
                }
            }
        }
        return env.get(LOG_LEVEL);
    }

    private static System.Logger.Level level(String text) {
        return text.equals("warn")
                ? System.Logger.Level.WARNING
                : System.Logger.Level.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
