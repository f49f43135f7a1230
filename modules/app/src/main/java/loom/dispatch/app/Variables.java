package loom.dispatch.app;

import static loom.dispatch.app.Variable.choice;
import static loom.dispatch.app.Variable.flag;
import static loom.dispatch.app.Variable.number;
import static loom.dispatch.app.Variable.secret;
import static loom.dispatch.app.Variable.text;
import static loom.dispatch.app.Variable.url;

import loom.dispatch.gateway.Compression;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/** Every variable of the configuration: the one place where they are defined. */
final class Variables {
    private static final int MOST_SHARDS = 1_000_000;

    static final Variable<String> BOT_TOKEN = secret("BOT_TOKEN", "", "the bot's token");
    static final Variable<Long> SHARDS_START =
            number("SHARDS_START", "0", 0, MOST_SHARDS, "shard", "first shard of this process");
    static final Variable<String> SHARDS_END =
            autoOrNumber("SHARDS_END", "last shard of this process, inclusive; auto = the last");
    static final Variable<String> SHARDS_TOTAL =
            autoOrNumber("SHARDS_TOTAL", "shards over all processes; auto = as Discord says");
    static final Variable<Long> SHARDS_CONCURRENCY =
            number(
                    "SHARDS_CONCURRENCY",
                    "1000000",
                    1,
                    MOST_SHARDS,
                    "",
                    "IDENTIFYs at a time; never more than Discord allows");
    static final Variable<Long> SHARDS_WAIT =
            number(
                    "SHARDS_WAIT",
                    "5",
                    0,
                    3600,
                    "s",
                    "between two IDENTIFYs of one key; at least 5 against Discord itself");
    static final Variable<Long> CLUSTERS =
            number(
                    "CLUSTERS",
                    "1",
                    0,
                    MOST_SHARDS,
                    "",
                    "accepted and without effect: a virtual thread a shard needs no grouping");
    static final Variable<Boolean> DEFAULT_QUEUE =
            flag("DEFAULT_QUEUE", "true", "declare gateway.recv and bind it to every event");
    static final Variable<Boolean> RESUME =
            flag("RESUME", "true", "resume the sessions of the last run");
    static final Variable<Long> INTENTS =
            new Variable<>(
                    "INTENTS",
                    "53575421",
                    "a number, or names joined by commas, as GUILDS,GUILD_MESSAGES",
                    "gateway intents; the default is all that need no approval",
                    false,
                    Intents::parse);
    static final Variable<Long> LARGE_THRESHOLD =
            number(
                    "LARGE_THRESHOLD",
                    "250",
                    50,
                    250,
                    "members",
                    "above it a guild comes without its offline members");
    static final Variable<String> STATUS =
            choice(
                    "STATUS",
                    "online",
                    "the bot's status",
                    List.of("online", "idle", "dnd", "invisible", "offline"),
                    text -> text);
    static final Variable<Long> ACTIVITY_TYPE =
            number(
                    "ACTIVITY_TYPE",
                    "0",
                    0,
                    5,
                    "",
                    "0 playing, 1 streaming, 2 listening, 3 watching, 4 custom, 5 competing");
    static final Variable<String> ACTIVITY_NAME =
            text("ACTIVITY_NAME", "", "any text", "the activity; {{shard}} becomes the shard's id");
    static final Variable<URI> DISCORD_API_URL =
            url(
                    "DISCORD_API_URL",
                    "https://discord.com/api/v10",
                    "base of Discord's REST API",
                    "https://",
                    "http://");
    static final Variable<String> GATEWAY_URL =
            new Variable<>(
                    "GATEWAY_URL",
                    "",
                    "a URL beginning with wss:// or ws://, or empty",
                    "gateway to connect to; empty = as Discord says",
                    false,
                    Variables::gatewayUrl);
    static final Variable<Compression> GATEWAY_COMPRESSION =
            choice(
                    "GATEWAY_COMPRESSION",
                    "zlib-stream",
                    "transport compression",
                    List.of("zlib-stream", "none"),
                    text -> Compression.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_')));
    static final Variable<String> RABBIT_HOST =
            text("RABBIT_HOST", "127.0.0.1", "a host", "RabbitMQ's host");
    static final Variable<Long> RABBIT_PORT =
            number("RABBIT_PORT", "5672", 1, 65535, "port", "RabbitMQ's port");
    static final Variable<String> RABBIT_USERNAME =
            text("RABBIT_USERNAME", "guest", "a name", "RabbitMQ's user");
    static final Variable<String> RABBIT_PASSWORD =
            secret("RABBIT_PASSWORD", "guest", "RabbitMQ's password");
    static final Variable<String> REDIS_HOST =
            text("REDIS_HOST", "127.0.0.1", "a host", "Redis's host");
    static final Variable<Long> REDIS_PORT =
            number("REDIS_PORT", "6379", 1, 65535, "port", "Redis's port");
    static final Variable<String> PROMETHEUS_HOST =
            text("PROMETHEUS_HOST", "127.0.0.1", "an address", "where HTTP listens");
    static final Variable<Long> PROMETHEUS_PORT =
            number("PROMETHEUS_PORT", "8005", 0, 65535, "port", "and its port, 0 = any free one");
    static final Variable<Long> LOG_CHANNEL =
            number("LOG_CHANNEL", "0", 0, Long.MAX_VALUE, "channel", "0 = off");
    static final Variable<Long> LOG_GUILD_CHANNEL =
            number("LOG_GUILD_CHANNEL", "0", 0, Long.MAX_VALUE, "channel", "0 = off");
    static final Variable<Boolean> STATE_ENABLED =
            flag("STATE_ENABLED", "true", "keep the state cache");
    static final Variable<Boolean> STATE_MEMBER =
            flag("STATE_MEMBER", "true", "keep members; the bot's own is always kept");
    static final Variable<Long> STATE_MEMBER_TTL = ttl("STATE_MEMBER_TTL", "members");
    static final Variable<Boolean> STATE_MESSAGE = flag("STATE_MESSAGE", "true", "keep messages");
    static final Variable<Long> STATE_MESSAGE_TTL = ttl("STATE_MESSAGE_TTL", "messages");
    static final Variable<Boolean> STATE_PRESENCE =
            flag("STATE_PRESENCE", "true", "keep presences");
    static final Variable<Boolean> STATE_EMOJI = flag("STATE_EMOJI", "true", "keep emojis");
    static final Variable<Boolean> STATE_VOICE = flag("STATE_VOICE", "true", "keep voice states");
    static final Variable<Boolean> STATE_OLD =
            flag("STATE_OLD", "false", "publish with an event the object as it was before");
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
                    Variables::level);

    /** In the order of the help. */
    static final List<Variable<?>> ALL =
            List.of(
                    BOT_TOKEN,
                    SHARDS_START,
                    SHARDS_END,
                    SHARDS_TOTAL,
                    SHARDS_CONCURRENCY,
                    SHARDS_WAIT,
                    CLUSTERS,
                    DEFAULT_QUEUE,
                    RESUME,
                    INTENTS,
                    LARGE_THRESHOLD,
                    STATUS,
                    ACTIVITY_TYPE,
                    ACTIVITY_NAME,
                    DISCORD_API_URL,
                    GATEWAY_URL,
                    GATEWAY_COMPRESSION,
                    RABBIT_HOST,
                    RABBIT_PORT,
                    RABBIT_USERNAME,
                    RABBIT_PASSWORD,
                    REDIS_HOST,
                    REDIS_PORT,
                    PROMETHEUS_HOST,
                    PROMETHEUS_PORT,
                    LOG_CHANNEL,
                    LOG_GUILD_CHANNEL,
                    STATE_ENABLED,
                    STATE_MEMBER,
                    STATE_MEMBER_TTL,
                    STATE_MESSAGE,
                    STATE_MESSAGE_TTL,
                    STATE_PRESENCE,
                    STATE_EMOJI,
                    STATE_VOICE,
                    STATE_OLD,
                    BACKLOG_MB,
                    SHUTDOWN_TIMEOUT,
                    LOG_LEVEL);

    private Variables() {}

    private static Variable<Long> ttl(String name, String what) {
        return number(
                name,
                "60000",
                0,
                Long.MAX_VALUE / 1_000_000,
                "ms",
                "how long " + what + " live after their last change, 0 = for ever");
    }

    private static Variable<String> autoOrNumber(String name, String meaning) {
        return new Variable<>(
                name,
                "auto",
                "auto, or a shard number up to " + MOST_SHARDS,
                meaning,
                false,
                text -> {
                    if (!text.equals("auto")) {
                        long value = Long.parseLong(text);
                        if (value < 0 || value > MOST_SHARDS) {
                            throw new IllegalArgumentException("out of range");
                        }
                    }
                    return text;
                });
    }

    private static String gatewayUrl(String text) {
        if (!text.isEmpty() && !text.startsWith("ws://") && !text.startsWith("wss://")) {
            throw new IllegalArgumentException("another scheme");
        }
        return URI.create(text).toString();
    }

    private static System.Logger.Level level(String text) {
        return text.equals("warn")
                ? System.Logger.Level.WARNING
                : System.Logger.Level.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
