package loom.dispatch.gateway.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import loom.dispatch.gateway.GatewayConfig;
import loom.dispatch.gateway.OutboundFrame;
import loom.dispatch.gateway.Session;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonSyntaxException;

import java.io.IOException;
import java.io.StringWriter;
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
import java.util.function.Function;

/** Writes the payloads that a shard sends, and reads the fields of HELLO and READY. */
public final class GatewayPayloads {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> WEB_SOCKET = Set.of("ws", "wss");

    private final GatewayConfig config;

    public GatewayPayloads(GatewayConfig config) {
        this.config = config;
    }

    /**
     * Writes IDENTIFY (op 2, protocol section 1.8).
     *
     * @param presence replaces the configured presence if the frame does not become too long
     */
    public String identify(int shard, Optional<Map<String, Object>> presence) {
        Map<String, Object> configured = config.presence().toJson(shard);
        String payload = identify(shard, presence.orElse(configured));
        return payload.getBytes(StandardCharsets.UTF_8).length <= OutboundFrame.MOST_BYTES
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

    /** Writes RESUME (op 6, protocol section 1.10). */
    public String resume(Session session, long sequence) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("token", config.token().authorization());
        data.put("session_id", session.id());
        data.put("seq", sequence);
        return payload(Opcode.RESUME, data);
    }

    /**
     * Writes a heartbeat (op 1).
     *
     * @param sequence the last received sequence, 0 if none
     */
    public static String heartbeat(long sequence) {
        return "{\"op\":1,\"d\":" + (sequence == 0 ? "null" : Long.toString(sequence)) + "}";
    }

    private static String payload(int op, Map<String, Object> data) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("op", op);
        payload.put("d", data);
        var text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            write(out, payload);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        if (value instanceof Map<?, ?> object) {
            out.writeStartObject();
            for (Map.Entry<?, ?> field : object.entrySet()) {
                out.writeFieldName((String) field.getKey());
                write(out, field.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof List<?> array) {
            out.writeStartArray();
            for (Object one : array) {
                write(out, one);
            }
            out.writeEndArray();
        } else {
            out.writePOJO(value);
        }
    }

    /** Reads the heartbeat interval of HELLO. */
    public static long heartbeatIntervalMillis(byte[] bytes, MessageEnvelope envelope)
            throws MalformedFrameException {
        return read("HELLO", bytes, envelope, hello -> hello.integer("heartbeat_interval"));
    }

    /** Reads the session of READY. */
    public static Session session(byte[] bytes, MessageEnvelope envelope)
            throws MalformedFrameException {
        return read("READY", bytes, envelope, GatewayPayloads::session);
    }

    private static Session session(JsonObject ready) {
        String id = ready.textOrEmpty("session_id");
        if (id.isEmpty()) {
            throw new JsonSyntaxException("session_id is missing", 0);
        }
        return session(id, ready.textOrEmpty("resume_gateway_url"));
    }

    /**
     * Creates the session. An unusable URL does not end the session: it is resumed on the main URL.
     */
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

    private static <T> T read(
            String message, byte[] bytes, MessageEnvelope envelope, Function<JsonObject, T> reader)
            throws MalformedFrameException {
        try {
            return reader.apply(
                    JsonObject.lenient(bytes, envelope.dataStart(), envelope.dataEnd()));
        } catch (JsonSyntaxException e) {
            throw new MalformedFrameException(message + " is malformed: " + e.getMessage());
        }
    }
}
