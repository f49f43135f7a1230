package loom.dispatch.cache;

import java.util.Objects;

/**
 * A dispatch event for the state cache.
 *
 * @param sessionId the event's session, empty if unknown; with the sequence it identifies replays
 * @param sequence the event's sequence in that session
 * @param type the event type, {@code t}
 * @param data the bytes of {@code d} as Discord sent them; neither side changes them
 */
public record StateEvent(String sessionId, long sequence, String type, byte[] data) {
    /** Refuses nulls. */
    public StateEvent {
        Objects.requireNonNull(sessionId);
        Objects.requireNonNull(type);
        Objects.requireNonNull(data);
    }
}
