package loom.dispatch.gateway.machine;

import loom.dispatch.gateway.Session;

/**
 * The state of a shard's connection. Each state holds exactly the values that are valid in it.
 *
 * <pre>
 *            Start
 *   Idle ───────────► AwaitingPlace ◄── PauseOver ── Paused
 *                            │ PlaceGranted
 *                            ▼        Opened                Hello, no session
 *                       Connecting ──────────────► AwaitingHello ──────────────► AwaitingPermit
 *                            │ lost, deadline      │   │ Hello, session              │ PermitGranted
 *                            ▼                     │   ▼                             ▼
 *                      Paused ◄────────────────────┘ Resuming                   Identifying
 *                       ▲  ▲  ▲   lost, deadline       │ RESUMED                     │ READY
 *                       │  │  └────────────────────────┤                             │
 *                       │  └───────────────────────────┼─────────────────────────────┤
 *                       │   op 7, op 9, close, zombie  ▼                             │
 *                       └─────────────────────────── Ready ◄──────────────────────────┘
 *
 *   any ── Drain ──► Stopped(Drained)        any ── fatal close code ──► Stopped(Refused)
 * </pre>
 *
 * Every state knows the epoch of its latest connection. Events of older connections change nothing.
 */
public sealed interface ShardState {
    /** Returns the number of the latest connection, 0 before the first. */
    int epoch();

    /** The shard has no connection. */
    sealed interface WithoutConnection extends ShardState {}

    /** The shard has a connection, or is about to open one. */
    sealed interface WithConnection extends ShardState {
        /** Returns the plan of the next connection if only this connection is lost. */
        HandshakePlan plan();

        /**
         * Returns the number of consecutive connections that did not become ready. The back-off
         * grows with it.
         */
        int failures();
    }

    /** The shard opens a connection, or queues for a place to do so. */
    sealed interface Opening extends WithConnection {}

    /** The WebSocket connection is open. */
    sealed interface Open extends WithConnection {}

    /** The shard has received HELLO and sends heartbeats. */
    sealed interface SendingHeartbeats extends Open {
        /** Returns the heartbeat interval. */
        long intervalMillis();
    }

    /** Created and not yet started. */
    record Idle() implements WithoutConnection {
        @Override
        public int epoch() {
            return 0;
        }
    }

    /** No connection until the pause timer fires. */
    record Paused(int epoch, HandshakePlan plan, int failures) implements WithoutConnection {}

    /** Stopped, for the rest of this process. */
    record Stopped(int epoch, StopReason reason) implements WithoutConnection {}

    /**
     * Queued for a place to connect. No deadline runs, because the limiter gives every shard its
     * turn.
     */
    record AwaitingPlace(int epoch, HandshakePlan plan, int failures) implements Opening {}

    /** Opening a connection. The deadline timer runs. */
    record Connecting(int epoch, HandshakePlan plan, int failures) implements Opening {}

    /** Waiting for HELLO. The deadline timer runs. */
    record AwaitingHello(int epoch, HandshakePlan plan, int failures) implements Opening, Open {}

    /** Queued for a turn to IDENTIFY. No deadline runs, because the queue may be long. */
    record AwaitingPermit(int epoch, long intervalMillis, int failures)
            implements SendingHeartbeats {
        @Override
        public HandshakePlan plan() {
            return new HandshakePlan.Identify();
        }
    }

    /** IDENTIFY was sent. The deadline timer runs until READY. */
    record Identifying(int epoch, long intervalMillis, int failures) implements SendingHeartbeats {
        @Override
        public HandshakePlan plan() {
            return new HandshakePlan.Identify();
        }
    }

    /** RESUME was sent and Discord replays events. The deadline timer runs until RESUMED. */
    record Resuming(int epoch, long intervalMillis, HandshakePlan.Resume plan, int failures)
            implements SendingHeartbeats {}

    /** The session is ready and receives events. */
    record Ready(int epoch, long intervalMillis, Session session) implements SendingHeartbeats {
        @Override
        public HandshakePlan plan() {
            return HandshakePlan.resume(session);
        }

        @Override
        public int failures() {
            return 0;
        }
    }

    /** The reason why a shard stopped. */
    sealed interface StopReason {
        /** The service drains. The session can be resumed. */
        record Drained() implements StopReason {}

        /** Discord refused the shard for good. Another attempt would do harm. */
        record Refused(int closeCode) implements StopReason {}
    }
}
