package loom.dispatch.gateway.machine;

import loom.dispatch.gateway.Session;

/** What a shard's next connection will do once it hears HELLO. */
public sealed interface HandshakePlan {
    /** Whether the connection goes to the main URL and not to the session's own. */
    boolean onMainUrl();

    /**
     * The plan after a connection that did not become ready: the session stays, its URL is left.
     */
    HandshakePlan afterFailedConnect();

    /** Resumes on the session's own URL where it has one. */
    static HandshakePlan resume(Session session) {
        return new Resume(session, session.resumeUrl().isEmpty());
    }

    /** Start a new session. */
    record Identify() implements HandshakePlan {
        @Override
        public boolean onMainUrl() {
            return true;
        }

        @Override
        public HandshakePlan afterFailedConnect() {
            return this;
        }
    }

    /**
     * Continue a session.
     *
     * @param onMainUrl whether the session's own URL failed or is unknown; Discord accepts the main
     *     URL, with more frequent disconnects
     */
    record Resume(Session session, boolean onMainUrl) implements HandshakePlan {
        @Override
        public HandshakePlan afterFailedConnect() {
            return new Resume(session, true);
        }
    }
}
