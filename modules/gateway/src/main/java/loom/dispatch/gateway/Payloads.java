package loom.dispatch.gateway;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes the payloads that a shard sends and reads those few that it must understand. */
final class Payloads {
    private static final JsonFactory JSON_FACTORY = new JsonFactory();
    private static final Set<String> WEB_SOCKET = Set.of("ws", "wss");

    /** Null is a value here: a presence's {@code since} must be there. */
    private static final JSON WITH_NULLS = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    private final GatewayConfig config;

    Payloads(GatewayConfig config) {
        this.config = config;
    }

    /**
     * Op 2, protocol section 1.8.
     *
     * @param presence what is shown instead of the configured one, if it fits into the frame
     */
    String identify(int shard, Optional<Map<String, Object>> presence) {
        Map<String, Object> configured = config.presence().toJson(shard);
        String payload = identify(shard, presence.orElse(configured));
        return payload.getBytes(StandardCharsets.UTF_8).length <= Outgoing.MOST_BYTES
                ? payload
                : identify(shard, configured);
    }

    private String identify(int shard, Map<String, Object> presence) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("token", config.token().authorization());
        data.put(
                "properties",
                Map.of(
                        "os",
                        System.getProperty("os.name").toLowerCase(Locale.ROOT),
                        "browser",
                        "loom-dispatch",
                        "device",
                        "loom-dispatch"));
        data.put("compress", false);
        data.put("large_threshold", config.largeThreshold());
        data.put("shard", List.of(shard, config.totalShards()));
        data.put("presence", presence);
        data.put("intents", config.intents());
        return payload(Opcode.IDENTIFY, data);
    }

    /** Op 6, protocol section 1.10. */
    String resume(Session session, long sequence) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("token", config.token().authorization());
        data.put("session_id", session.id());
        data.put("seq", sequence);
        return payload(Opcode.RESUME, data);
    }

    /**
     * Op 1.
     *
     * @param sequence the last one received, 0 if none was
     */
    static String heartbeat(long sequence) {
        return "{\"op\":1,\"d\":" + (sequence == 0 ? "null" : Long.toString(sequence)) + "}";
    }

    private static String payload(int op, Map<String, Object> data) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("op", op);
        payload.put("d", data);
        try {
            return WITH_NULLS.asString(payload);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
    }

    /** The interval in HELLO's data. */
    static long heartbeatIntervalMillis(byte[] bytes, Envelope envelope)
            throws MalformedFrameException {
        try (JsonParser parser = data(bytes, envelope)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && "heartbeat_interval".equals(parser.currentName())) {
                    return parser.getLongValue();
                }
            }
        } catch (IOException e) {
            throw new MalformedFrameException("HELLO is malformed: " + oneLine(e));
        }
        throw new MalformedFrameException("HELLO has no heartbeat_interval");
    }

    /** The session that READY announces. */
    static Session session(byte[] bytes, Envelope envelope) throws MalformedFrameException {
        String id = "";
        String url = "";
        try (JsonParser parser = data(bytes, envelope)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "session_id" -> id = parser.getValueAsString("");
                    case "resume_gateway_url" -> url = parser.getValueAsString("");
                    default -> parser.skipChildren();
                }
            }
            if (id.isEmpty()) {
                throw new MalformedFrameException("READY has no session_id");
            }
            return session(id, url);
        } catch (IOException e) {
            throw new MalformedFrameException("READY is malformed: " + oneLine(e));
        }
    }

    /** A URL that is of no use must not cost the session: it is resumed on the main one. */
    private static Session session(String id, String url) {
        try {
            URI uri = new URI(url);
            boolean usable =
                    uri.getHost() != null && WEB_SOCKET.contains(String.valueOf(uri.getScheme()));
            return usable ? Session.of(id, uri) : Session.withoutUrl(id);
        } catch (URISyntaxException _) {
            return Session.withoutUrl(id);
        }
    }

    /** Jackson's message without the place, which comes on a line of its own. */
    private static String oneLine(IOException e) {
        return e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
    }

    private static JsonParser data(byte[] bytes, Envelope envelope) throws IOException {
        return JSON_FACTORY.createParser(
                bytes, envelope.dataStart(), envelope.dataEnd() - envelope.dataStart());
    }
}
