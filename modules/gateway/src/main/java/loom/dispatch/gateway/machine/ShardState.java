package loom.dispatch.gateway.machine;

import loom.dispatch.gateway.Session;

/**
 * Where a shard is in its life; each state holds exactly what is true in it.
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
 * Every state knows the epoch of its latest connection: events of older ones are no-ops.
 */
public sealed interface ShardState {
    /** The number of the latest connection, 0 before the first. */
    int epoch();

    /** A shard without a connection. */
    sealed interface Unlinked extends ShardState {}

    /** A shard with a connection, open or about to be. */
    sealed interface Linked extends ShardState {
        /** What the next connection would do if nothing but this one were lost. */
        HandshakePlan plan();

        /** Connections in a row that did not become ready; the back-off grows with it. */
        int failures();
    }

    /** A shard that has a place among those that open a connection, or queues for one. */
    sealed interface Opening extends Linked {}

    /** A shard whose WebSocket is open. */
    sealed interface Open extends Linked {}

    /** A shard that heard HELLO and sends heartbeats. */
    sealed interface Beating extends Open {
        /** Between two heartbeats. */
        long intervalMillis();
    }

    /** Made and not yet started. */
    record Idle() implements Unlinked {
        @Override
        public int epoch() {
            return 0;
        }
    }

    /** Without a connection until the pause timer fires. */
    record Paused(int epoch, HandshakePlan plan, int failures) implements Unlinked {}

    /** Over, for this process. */
    record Stopped(int epoch, Why why) implements Unlinked {}

    /** Queued for a place; no deadline, for the gate gives each one its turn. */
    record AwaitingPlace(int epoch, HandshakePlan plan, int failures) implements Opening {}

    /** A connection is being opened; the deadline timer runs. */
    record Connecting(int epoch, HandshakePlan plan, int failures) implements Opening {}

    /** The socket is open; the deadline timer runs. */
    record AwaitingHello(int epoch, HandshakePlan plan, int failures) implements Opening, Open {}

    /** Queued for the right to IDENTIFY; no deadline, for the queue may be long. */
    record AwaitingPermit(int epoch, long intervalMillis, int failures) implements Beating {
        @Override
        public HandshakePlan plan() {
            return new HandshakePlan.Identify();
        }
    }

    /** IDENTIFY is sent; the deadline timer runs until READY. */
    record Identifying(int epoch, long intervalMillis, int failures) implements Beating {
        @Override
        public HandshakePlan plan() {
            return new HandshakePlan.Identify();
        }
    }

    /** RESUME is sent; replayed events arrive; the deadline timer runs until RESUMED. */
    record Resuming(int epoch, long intervalMillis, HandshakePlan.Resume plan, int failures)
            implements Beating {}

    /** Live. */
    record Ready(int epoch, long intervalMillis, Session session) implements Beating {
        @Override
        public HandshakePlan plan() {
            return HandshakePlan.resume(session);
        }

        @Override
        public int failures() {
            return 0;
        }
    }

    /** Why a shard stopped. */
    sealed interface Why {
        /** The service is shutting down; the session can be resumed. */
        record Drained() implements Why {}

        /** Discord refused for good; trying again would do harm. */
        record Refused(int closeCode) implements Why {}
    }
}
