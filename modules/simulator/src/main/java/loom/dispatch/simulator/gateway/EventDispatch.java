package loom.dispatch.simulator.gateway;

import loom.dispatch.simulator.world.IdentifyRequest;
import loom.dispatch.simulator.world.Json;

import java.util.Map;
import java.util.Optional;

/**
 * An event about to be dispatched; its bytes are made once for all sessions that get the same. Used
 * by one thread under the gateway's lock.
 */
public final class EventDispatch {
    private final String type;
    private final String guildId;
    private final Map<String, Object> d;
    private Optional<byte[]> whole = Optional.empty();
    private Optional<byte[]> stripped = Optional.empty();

    /** {@code guildId} is empty for what has no guild and so goes to shard 0. */
    public EventDispatch(String type, String guildId, Map<String, Object> d) {
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
    Optional<byte[]> bytesFor(IdentifyRequest identity, String botId) {
        if (!IntentFilter.passes(type, d, identity.intents(), botId)) {
            return Optional.empty();
        }
        if (IntentFilter.hidesContent(type, d, identity.intents(), botId)) {
            if (stripped.isEmpty()) {
                stripped = Optional.of(Json.bytes(IntentFilter.withoutContent(type, d)));
            }
            return stripped;
        }
        if (whole.isEmpty()) {
            whole = Optional.of(Json.bytes(d));
        }
        return whole;
    }
}
