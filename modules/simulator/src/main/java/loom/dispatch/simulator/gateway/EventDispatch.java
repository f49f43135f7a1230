package loom.dispatch.simulator.gateway;

import loom.dispatch.simulator.world.IdentifyRequest;
import loom.dispatch.simulator.world.Json;

import java.util.Map;
import java.util.Optional;

/**
 * An event to dispatch. Sessions with the same payload share its bytes. Used by one thread under
 * the gateway's lock.
 */
public final class EventDispatch {
    private final String type;
    private final String guildId;
    private final Map<String, Object> d;
    private Optional<byte[]> whole = Optional.empty();
    private Optional<byte[]> stripped = Optional.empty();

    /** Creates an event. An empty {@code guildId} means no guild: the event goes to shard 0. */
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

    /**
     * Returns the payload for a session with this identity; empty if its intents exclude the event.
     */
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
