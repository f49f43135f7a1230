package loom.dispatch.gateway;

import java.time.Duration;
import java.util.List;

/**
 * A process's two gates: shards that resume a session connect through one, and those that will
 * IDENTIFY through the other, where no more go at a time than may IDENTIFY at once.
 *
 * <p>So nobody who resumes waits for one who would only queue for his IDENTIFY afterwards, five
 * seconds for each; and the first IDENTIFY of a start has the processor to itself, where fifteen
 * handshakes beside its own cost it a fifth of the start.
 */
final class ConnectGates {
    private final ConnectGate resumes;
    private final ConnectGate identifies;
    private List<Thread> threads = List.of();

    /**
     * @param concurrency how many may IDENTIFY at once
     * @param lapse after which an attempt's place is the next one's
     */
    ConnectGates(int concurrency, Duration lapse) {
        int identifying = Math.min(concurrency, ConnectGate.PLACES);
        resumes = new ConnectGate(ConnectGate.PLACES, lapse, System::nanoTime);
        identifies = new ConnectGate(identifying, lapse, System::nanoTime);
    }

    /** A shard's place at either gate; its methods are called by the shard's thread. */
    static final class Place {
        private final ConnectGate.Place resume;
        private final ConnectGate.Place identify;

        private Place(ConnectGate.Place resume, ConnectGate.Place identify) {
            this.resume = resume;
            this.identify = identify;
        }

        /** Queues up; {@code turn} runs on a gate's thread when the attempt may begin. */
        void ask(Plan plan, Runnable turn) {
            free();
            (plan instanceof Plan.Resume ? resume : identify).ask(turn);
        }

        /** The attempt is over, however it went, or no longer wanted; does nothing if it was. */
        void free() {
            resume.free();
            identify.free();
        }
    }

    /** A place for a shard; it is free. */
    Place place() {
        return new Place(resumes.place(), identifies.place());
    }

    /** Opens both, once. */
    void start() {
        threads =
                List.of(
                        Thread.ofVirtual().name("resume-gate").start(resumes),
                        Thread.ofVirtual().name("identify-gate").start(identifies));
    }

    /** Closes both: who still queues is not let through. */
    void stop() {
        threads.forEach(Thread::interrupt);
    }
}
