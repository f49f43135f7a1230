package loom.dispatch.cache;

import java.util.Objects;

/**
 * One dispatch event for the state cache.
 *
 * @param sessionId the session it came in, empty when unknown; with the sequence it tells replays
 * @param sequence its sequence in that session
 * @param type the event's name, {@code t}
 * @param data Discord's bytes of {@code d}, UTF-8 JSON; never changed, by either side
 */
public record StateEvent(String sessionId, long sequence, String type, byte[] data) {
    /** Refuses nulls. */
    public StateEvent {
        Objects.requireNonNull(sessionId);
        Objects.requireNonNull(type);
        Objects.requireNonNull(data);
    }
}
