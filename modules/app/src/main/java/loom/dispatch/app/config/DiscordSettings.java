package loom.dispatch.app.config;

import static loom.dispatch.app.config.EnvironmentVariable.choice;
import static loom.dispatch.app.config.EnvironmentVariable.number;
import static loom.dispatch.app.config.EnvironmentVariable.text;
import static loom.dispatch.app.config.EnvironmentVariable.url;

import loom.dispatch.gateway.BotToken;
import loom.dispatch.gateway.Compression;
import loom.dispatch.gateway.Presence;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of the bot and of its connection to Discord.
 *
 * @param gatewayUrl empty for the URL that Discord answers
 * @param logChannel id of the channel for messages about shards; 0 for none
 * @param logGuildChannel id of the channel for messages about guilds; 0 for none
 */
public record DiscordSettings(
        BotToken token,
        URI apiUrl,
        Optional<URI> gatewayUrl,
        Compression compression,
        long intents,
        int largeThreshold,
        Presence presence,
        long logChannel,
        long logGuildChannel) {
    /** HTTP headers allow no other characters. */
    private static final Pattern PRINTABLE = Pattern.compile("(Bot )?[!-~]+|");

    static final EnvironmentVariable<String> BOT_TOKEN =
            new EnvironmentVariable<>(
                    "BOT_TOKEN",
                    "",
                    "a secret without spaces",
                    "token of the bot, from Discord's developer portal",
                    true,
                    DiscordSettings::printable);
    static final EnvironmentVariable<Long> INTENTS =
            new EnvironmentVariable<>(
                    "INTENTS",
                    "53575421",
                    "a number, or names joined by commas, for example GUILDS,GUILD_MESSAGES",
                    "gateway intents; the default is all intents that need no approval",
                    false,
                    IntentsParser::parse);
    static final EnvironmentVariable<Long> LARGE_THRESHOLD =
            new EnvironmentVariable<>(
                    "LARGE_THRESHOLD",
                    "250",
                    "members, 50 to 250",
                    "guilds with more members arrive without offline members; a value out of"
                            + " range is set to the nearest limit",
                    false,
                    text -> Math.clamp(Long.parseLong(text), 50L, 250L));
    static final EnvironmentVariable<String> STATUS =
            choice(
                    "STATUS",
                    "online",
                    "status of the bot",
                    List.of("online", "idle", "dnd", "invisible", "offline"),
                    text -> text);
    static final EnvironmentVariable<Long> ACTIVITY_TYPE =
            number(
                    "ACTIVITY_TYPE",
                    "0",
                    0,
                    5,
                    "",
                    "0 playing, 1 streaming, 2 listening, 3 watching, 4 custom, 5 competing");
    static final EnvironmentVariable<String> ACTIVITY_NAME =
            text(
                    "ACTIVITY_NAME",
                    "",
                    "any text",
                    "text of the activity; {{shard}} becomes the shard's number");
    static final EnvironmentVariable<String> ACTIVITY_URL =
            new EnvironmentVariable<>(
                    "ACTIVITY_URL",
                    "",
                    "a URL beginning with https://, or empty",
                    "stream URL for ACTIVITY_TYPE=1, on twitch.tv or youtube.com",
                    false,
                    DiscordSettings::activityUrl);
    public static final EnvironmentVariable<URI> DISCORD_API_URL =
            url(
                    "DISCORD_API_URL",
                    "https://discord.com/api/v10",
                    "base URL of Discord's REST API",
                    "https://",
                    "http://");
    static final EnvironmentVariable<String> GATEWAY_URL =
            new EnvironmentVariable<>(
                    "GATEWAY_URL",
                    "",
                    "a URL beginning with wss:// or ws://, or empty",
                    "gateway to connect to; empty = as Discord answers",
                    false,
                    DiscordSettings::gatewayUrl);
    static final EnvironmentVariable<Compression> GATEWAY_COMPRESSION =
            choice(
                    "GATEWAY_COMPRESSION",
                    "zlib-stream",
                    "transport compression; zstd-stream needs less CPU and 0.4 MiB more"
                            + " memory for each shard",
                    List.of("zlib-stream", "zstd-stream", "none"),
                    text -> Compression.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_')));
    static final EnvironmentVariable<Long> LOG_CHANNEL =
            number(
                    "LOG_CHANNEL",
                    "0",
                    0,
                    Long.MAX_VALUE,
                    "channel id",
                    "Discord channel for messages about connecting and disconnecting shards;"
                            + " 0 = none");
    static final EnvironmentVariable<Long> LOG_GUILD_CHANNEL =
            number(
                    "LOG_GUILD_CHANNEL",
                    "0",
                    0,
                    Long.MAX_VALUE,
                    "channel id",
                    "Discord channel for messages about guilds joined and left; 0 = none");

    /** All variables of this part, in the order of the help. */
    static final List<EnvironmentVariable<?>> VARIABLES =
            List.of(
                    BOT_TOKEN,
                    INTENTS,
                    LARGE_THRESHOLD,
                    STATUS,
                    ACTIVITY_TYPE,
                    ACTIVITY_NAME,
                    ACTIVITY_URL,
                    DISCORD_API_URL,
                    GATEWAY_URL,
                    GATEWAY_COMPRESSION,
                    LOG_CHANNEL,
                    LOG_GUILD_CHANNEL);

    static DiscordSettings from(Environment env) {
        String gateway = env.get(GATEWAY_URL);
        return new DiscordSettings(
                token(env),
                env.get(DISCORD_API_URL),
                gateway.isEmpty() ? Optional.empty() : Optional.of(URI.create(gateway)),
                env.get(GATEWAY_COMPRESSION),
                env.get(INTENTS),
                env.get(LARGE_THRESHOLD).intValue(),
                new Presence(
                        env.get(STATUS),
                        env.get(ACTIVITY_TYPE).intValue(),
                        env.get(ACTIVITY_NAME),
                        env.get(ACTIVITY_URL)),
                env.get(LOG_CHANNEL),
                env.get(LOG_GUILD_CHANNEL));
    }

    private static BotToken token(Environment env) {
        int problems = env.problems().size();
        String token = env.get(BOT_TOKEN);
        if (token.isEmpty() && env.problems().size() == problems) {
            env.problem(
                    "BOT_TOKEN is missing: set it in the environment or in .env, or set"
                            + " BOT_TOKEN_FILE to the path of a file");
        }
        return new BotToken(token.isEmpty() ? "missing" : token);
    }

    /**
     * Returns the bot's id for the keys in Redis; a fixed word if the token does not contain the
     * id.
     */
    public String bot() {
        return token.botId().orElse("bot");
    }

    private static String printable(String text) {
        if (!PRINTABLE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a token");
        }
        return text;
    }

    private static String activityUrl(String text) {
        if (!text.isEmpty() && !text.startsWith("https://")) {
            throw new IllegalArgumentException("wrong scheme");
        }
        return URI.create(text).toString();
    }

    private static String gatewayUrl(String text) {
        if (!text.isEmpty() && !text.startsWith("ws://") && !text.startsWith("wss://")) {
            throw new IllegalArgumentException("wrong scheme");
        }
        return URI.create(text).toString();
    }
}
