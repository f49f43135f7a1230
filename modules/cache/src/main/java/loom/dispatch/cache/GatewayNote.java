package loom.dispatch.cache;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What Discord last said of its gateway, noted in Redis for a start at which its API does not
 * answer. One note a bot, the latest.
 *
 * <p>Safe for many threads. Blocks for a round trip; never waits for Redis to come back.
 */
public final class GatewayNote {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.cache");

    private final Redis redis;
    private final String key;

    /**
     * The note of one bot.
     *
     * @param redis the connections
     * @param bot the bot's id
     */
    public GatewayNote(Redis redis, String bot) {
        this.redis = redis;
        this.key = Keys.gatewayOf(bot);
    }

    /**
     * Of {@code GET /gateway/bot}, what does not change from one hour to the next.
     *
     * @param url where to connect
     * @param shards how many Discord recommends
     * @param maxConcurrency IDENTIFYs at a time
     */
    public record Content(URI url, int shards, int maxConcurrency) {}

    /**
     * Notes it in place of what was noted before.
     *
     * @throws RedisUnavailable when Redis does not answer
     */
    public void write(Content content) {
        String json =
                "{\"url\":"
                        + JsonText.quoted(content.url().toString())
                        + ",\"shards\":"
                        + content.shards()
                        + ",\"max_concurrency\":"
                        + content.maxConcurrency()
                        + "}";
        redis.exchange(List.of(Command.set(key, json.getBytes(StandardCharsets.UTF_8))));
    }

    /**
     * What was noted last; empty if nothing was, or somebody else uses the key.
     *
     * @throws RedisUnavailable when Redis does not answer
     */
    public Optional<Content> read() {
        Object reply = redis.exchange(List.of(Command.get(key))).getFirst();
        return Reply.bytes(reply).flatMap(this::parsed);
    }

    private Optional<Content> parsed(byte[] json) {
        try {
            Fields fields = Fields.of(json);
            return Optional.of(
                    new Content(
                            webSocket(fields.require("url")),
                            positive(fields.require("shards")),
                            positive(fields.require("max_concurrency"))));
        } catch (JsonFault | URISyntaxException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "redis.foreign_value key={0} reason=\"{1}\"",
                    key,
                    e.getMessage());
            return Optional.empty();
        }
    }

    private static URI webSocket(Slice value) throws URISyntaxException {
        URI url = new URI(value.text());
        if (!"wss".equals(url.getScheme()) && !"ws".equals(url.getScheme())) {
            throw new JsonFault("should be a WebSocket's URL: " + value);
        }
        return url;
    }

    private static int positive(Slice value) {
        long number = value.integer();
        if (number < 1 || number != (int) number) {
            throw new JsonFault("should be a positive number: " + value);
        }
        return (int) number;
    }
}
