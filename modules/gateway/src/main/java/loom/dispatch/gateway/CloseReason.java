package loom.dispatch.gateway;

import java.util.Arrays;
import java.util.Optional;

/**
 * The reasons for which a shard closes its connection, each with its own close code (protocol
 * section 1.6).
 *
 * <p>Only {@link #SESSION_OVER} ends the session: Discord ends it after 1000 and 1001.
 */
public enum CloseReason {
    ZOMBIE(4900, "heartbeat not acknowledged"),
    RECONNECT(4901, "reconnect requested"),
    INVALID_SESSION(4902, "session invalidated"),
    CORRUPTED(4903, "stream corrupted"),
    COMMANDED(4904, "reconnect commanded"),
    DRAINED(4905, "service restarts"),
    TIMED_OUT(4906, "timed out"),
    SILENT(4907, "no events"),
    SESSION_OVER(1000, "session ended");

    private final int code;
    private final String reason;

    CloseReason(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    /** Returns the reason that has this close code. */
    static Optional<CloseReason> of(int code) {
        return Arrays.stream(values()).filter(candidate -> candidate.code == code).findFirst();
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }
}
