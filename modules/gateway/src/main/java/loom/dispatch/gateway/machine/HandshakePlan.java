package loom.dispatch.gateway.machine;

import loom.dispatch.gateway.Session;

import java.net.URI;

/** Tells what a shard's next connection does after HELLO: IDENTIFY or RESUME. */
public sealed interface HandshakePlan {
    /** Returns whether the connection uses the main URL instead of the session's own. */
    boolean onMainUrl();

    /**
     * Returns the plan after a connection that did not become ready: the same session, on the main
     * URL.
     */
    HandshakePlan afterFailedConnect();

    /** Returns the URL to connect to, given the main one. */
    URI url(URI main);

    /** Returns the plan to resume on the session's own URL, if it has one. */
    static HandshakePlan resume(Session session) {
        return new Resume(session, session.resumeUrl().isEmpty());
    }

    /** Starts a new session. */
    record Identify() implements HandshakePlan {
        @Override
        public boolean onMainUrl() {
            return true;
        }

        @Override
        public URI url(URI main) {
            return main;
        }

        @Override
        public HandshakePlan afterFailedConnect() {
            return this;
        }
    }

    /**
     * Resumes a session.
     *
     * @param onMainUrl whether the session's own URL failed or is unknown; Discord also accepts the
     *     main URL, but disconnects more often there
     */
    record Resume(Session session, boolean onMainUrl) implements HandshakePlan {
        @Override
        public URI url(URI main) {
            return onMainUrl ? main : session.resumeUrl().orElse(main);
        }

        @Override
        public HandshakePlan afterFailedConnect() {
            return new Resume(session, true);
        }
    }
}
