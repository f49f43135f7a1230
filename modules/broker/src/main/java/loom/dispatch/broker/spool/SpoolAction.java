package loom.dispatch.broker.spool;

/** What the lane does after a step. */
enum SpoolAction {
    /** The dispatch thread publishes its batch. */
    PUBLISH,
    /** The dispatch thread appends its batch to the spool. */
    APPEND,
    /** The dispatch thread appends the unconfirmed messages to the spool, and then its batch. */
    APPEND_UNCONFIRMED_FIRST,
    /** The dispatch thread waits for a moment and offers its batch again. */
    RETRY_LATER,
    /** Throws an {@link IllegalStateException} on the dispatch thread. */
    REJECT,
    /** Starts the replay thread. */
    START_REPLAY,
    /** Reports to the listener that the events up to the last position are on disk. */
    REPORT_SPOOLED,
    /** The replay thread publishes the next events of the spool, or waits for some. */
    REPLAY_NEXT,
    /** The replay thread reports the spool as drained and ends. */
    FINISH_REPLAY,
    /** The replay thread ends; the rest stays on disk. */
    ABANDON_REPLAY,
    /** Deletes all files of the spool. */
    DELETE_FILES,
    /** Closes the open file of the spool. */
    CLOSE_FILE
}
