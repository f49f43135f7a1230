package loom.dispatch.app;

import static loom.dispatch.app.Variable.choice;
import static loom.dispatch.app.Variable.number;
import static loom.dispatch.app.Variable.text;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The process itself: where it listens, what it may hold, how it ends, what it logs. */
record ServiceSettings(
        String httpHost,
        int httpPort,
        long backlogBytes,
        Duration shutdownTimeout,
        System.Logger.Level logLevel) {
    static final Variable<String> PROMETHEUS_HOST =
            text("PROMETHEUS_HOST", "127.0.0.1", "an address", "where HTTP listens");
    static final Variable<Long> PROMETHEUS_PORT =
            number("PROMETHEUS_PORT", "8005", 0, 65535, "port", "and its port, 0 = any free one");
    static final Variable<Long> BACKLOG_MB =
            number(
                    "BACKLOG_MB",
                    "64",
                    1,
                    1_000_000,
                    "MB",
                    "events held in memory while RabbitMQ or Redis is away, all shards together");
    static final Variable<Long> SHUTDOWN_TIMEOUT =
            number("SHUTDOWN_TIMEOUT", "20", 1, 3600, "s", "the most that a drain may take");
    static final Variable<System.Logger.Level> LOG_LEVEL =
            choice(
                    "LOG_LEVEL",
                    "info",
                    "least level that is logged",
                    List.of("trace", "debug", "info", "warn", "error"),
                    ServiceSettings::level);

    /** In the order of the help. */
    static final List<Variable<?>> VARIABLES =
            List.of(PROMETHEUS_HOST, PROMETHEUS_PORT, BACKLOG_MB, SHUTDOWN_TIMEOUT, LOG_LEVEL);

    static ServiceSettings from(Environment env) {
        return new ServiceSettings(
                env.get(PROMETHEUS_HOST),
                env.get(PROMETHEUS_PORT).intValue(),
                env.get(BACKLOG_MB) * 1_000_000,
                Duration.ofSeconds(env.get(SHUTDOWN_TIMEOUT)),
                logLevel(env));
    }

    /** LOG_LEVEL, or the first word of the predecessor's RUST_LOG that is a level. */
    private static System.Logger.Level logLevel(Environment env) {
        if (env.raw(LOG_LEVEL.name()).isEmpty()) {
            for (String word : env.raw("RUST_LOG").toLowerCase(Locale.ROOT).split("[,=]")) {
                if (List.of("trace", "debug", "info", "warn", "error").contains(word)) {
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
