package loom.dispatch.cache;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonStrings;
import loom.dispatch.runtime.JsonSyntaxException;
import loom.dispatch.runtime.JsonValue;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Stores Discord's latest answer to {@code GET /gateway/bot}, for a start during an outage of
 * Discord's API. Redis holds one answer for each bot.
 *
 * <p>Safe for many threads. Blocks for a round trip and does not retry.
 */
public final class GatewayBotStore {
    private static final EventLog LOG = new EventLog("loom.dispatch.cache");

    private final RedisClient redis;
    private final String key;

    /**
     * Creates a store for one bot.
     *
     * @param redis the connections
     * @param bot the bot's id
     */
    public GatewayBotStore(RedisClient redis, String bot) {
        this.redis = redis;
        this.key = RedisKeys.gatewayOf(bot);
    }

    /**
     * The part of the answer that rarely changes.
     *
     * @param url the gateway's URL
     * @param shards the recommended number of shards
     * @param maxConcurrency how many IDENTIFYs may be sent at a time
     */
    public record Content(URI url, int shards, int maxConcurrency) {}

    /**
     * Replaces the stored answer.
     *
     * @throws RedisUnavailableException if Redis does not answer
     */
    public void write(Content content) {
        String json =
                "{\"url\":"
                        + JsonStrings.quote(content.url().toString())
                        + ",\"shards\":"
                        + content.shards()
                        + ",\"max_concurrency\":"
                        + content.maxConcurrency()
                        + "}";
        redis.exchange(List.of(RedisCommands.set(key, json.getBytes(StandardCharsets.UTF_8))));
    }

    /**
     * Returns the stored answer; empty if there is none, or if another program uses the key.
     *
     * @throws RedisUnavailableException if Redis does not answer
     */
    public Optional<Content> read() {
        Object reply = redis.exchange(List.of(RedisCommands.get(key))).getFirst();
        return RedisReplies.bytes(reply).flatMap(this::parsed);
    }

    private Optional<Content> parsed(byte[] json) {
        try {
            JsonObject fields = JsonObject.of(json);
            return Optional.of(
                    new Content(
                            webSocket(fields.require("url")),
                            positive(fields.require("shards")),
                            positive(fields.require("max_concurrency"))));
        } catch (JsonSyntaxException | URISyntaxException e) {
            LOG.write(CacheLogEvents.REDIS_FOREIGN_VALUE, key + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private static URI webSocket(JsonValue value) throws URISyntaxException {
        URI url = new URI(value.text());
        if (!"wss".equals(url.getScheme()) && !"ws".equals(url.getScheme())) {
            throw new JsonSyntaxException(
                    "expected a WebSocket URL, found " + value, value.start());
        }
        return url;
    }

    private static int positive(JsonValue value) {
        long number = value.integer();
        if (number < 1 || number != (int) number) {
            throw new JsonSyntaxException(
                    "expected a positive integer, found " + value, value.start());
        }
        return (int) number;
    }
}
