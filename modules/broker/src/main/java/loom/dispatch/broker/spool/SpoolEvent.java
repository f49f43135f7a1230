package loom.dispatch.broker.spool;

/** What happens to a lane with a spool. */
sealed interface SpoolEvent {

    /** The lane starts. */
    record Started(boolean spoolIsEmpty) implements SpoolEvent {}

    /** The dispatch thread has a batch. */
    record Offered() implements SpoolEvent {}

    /** The window had no room for the dispatch thread's batch for some time. */
    record WindowFull(boolean memoryIsShort) implements SpoolEvent {}

    /**
     * The dispatch thread has nothing to publish.
     *
     * @param unconfirmed whether RabbitMQ has confirmed nothing since the last such event, although
     *     messages are in flight
     */
    record Idle(boolean unconfirmed, boolean memoryIsShort) implements SpoolEvent {}

    /** The spool holds everything up to this position. */
    record Appended(long lastPosition) implements SpoolEvent {}

    /** The spool could not be written; nothing of the batch counts. */
    record AppendFailed() implements SpoolEvent {}

    /**
     * The replay thread begins a round.
     *
     * @param drained whether RabbitMQ has confirmed everything in the spool
     */
    record ReplayRound(boolean drained) implements SpoolEvent {}

    /** Checkpoints are saved that were taken after so many replays, when none was running. */
    record CheckpointsSaved(int replays) implements SpoolEvent {}

    /** The broker closes. */
    record CloseRequested() implements SpoolEvent {}
}
