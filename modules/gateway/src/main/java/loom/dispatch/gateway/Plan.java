package loom.dispatch.gateway;

/** What a shard's next connection will do once it hears HELLO. */
sealed interface Plan {
    /** Whether the connection goes to the main URL and not to the session's own. */
    boolean onMainUrl();

    /**
     * The plan after a connection that did not become ready: the session stays, its URL is left.
     */
    Plan afterFailedConnect();

    /** Resumes on the session's own URL where it has one. */
    static Plan resume(Session session) {
        return new Resume(session, session.resumeUrl().isEmpty());
    }

    /** Start a new session. */
    record Identify() implements Plan {
        @Override
        public boolean onMainUrl() {
            return true;
        }

        @Override
        public Plan afterFailedConnect() {
            return this;
        }
    }

    /**
     * Continue a session.
     *
     * @param onMainUrl whether the session's own URL failed or is unknown; Discord accepts the main
     *     URL, with more frequent disconnects
     */
    record Resume(Session session, boolean onMainUrl) implements Plan {
        @Override
        public Plan afterFailedConnect() {
            return new Resume(session, true);
        }
    }
}
