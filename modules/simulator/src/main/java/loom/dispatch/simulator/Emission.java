package loom.dispatch.simulator;

import java.util.Map;
import java.util.Optional;

/**
 * An event about to be dispatched; its bytes are made once for all sessions that get the same. Used
 * by one thread under the gateway's lock.
 */
final class Emission {
    private final String type;
    private final String guildId;
    private final Map<String, Object> d;
    private Optional<byte[]> whole = Optional.empty();
    private Optional<byte[]> stripped = Optional.empty();

    /** {@code guildId} is empty for what has no guild and so goes to shard 0. */
    Emission(String type, String guildId, Map<String, Object> d) {
        this.type = type;
        this.guildId = guildId;
        this.d = d;
    }

    String type() {
        return type;
    }

    String guildId() {
        return guildId;
    }

    /** What a session with these intents gets; empty if nothing. */
    Optional<byte[]> bytesFor(Identity identity, String botId) {
        if (!IntentGate.passes(type, d, identity.intents(), botId)) {
            return Optional.empty();
        }
        if (IntentGate.hidesContent(type, d, identity.intents(), botId)) {
            if (stripped.isEmpty()) {
                stripped = Optional.of(Json.bytes(IntentGate.withoutContent(type, d)));
            }
            return stripped;
        }
        if (whole.isEmpty()) {
            whole = Optional.of(Json.bytes(d));
        }
        return whole;
    }
}
