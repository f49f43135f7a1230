package loom.dispatch.gateway.limits;

import loom.dispatch.gateway.machine.HandshakePlan;

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
public final class ConnectLimiters {
    private final ConnectLimiter resumes;
    private final ConnectLimiter identifies;
    private List<Thread> threads = List.of();

    /**
     * @param concurrency how many may IDENTIFY at once
     * @param lapse after which an attempt's place is the next one's
     */
    public ConnectLimiters(int concurrency, Duration lapse) {
        int identifying = Math.min(concurrency, ConnectLimiter.PLACES);
        resumes = new ConnectLimiter(ConnectLimiter.PLACES, lapse, System::nanoTime);
        identifies = new ConnectLimiter(identifying, lapse, System::nanoTime);
    }

    /** A shard's place at either gate; its methods are called by the shard's thread. */
    public static final class Place {
        private final ConnectLimiter.Place resume;
        private final ConnectLimiter.Place identify;

        private Place(ConnectLimiter.Place resume, ConnectLimiter.Place identify) {
            this.resume = resume;
            this.identify = identify;
        }

        /** Queues up; {@code turn} runs on a gate's thread when the attempt may begin. */
        public void ask(HandshakePlan plan, Runnable turn) {
            free();
            (plan instanceof HandshakePlan.Resume ? resume : identify).ask(turn);
        }

        /** The attempt is over, however it went, or no longer wanted; does nothing if it was. */
        public void free() {
            resume.free();
            identify.free();
        }
    }

    /** A place for a shard; it is free. */
    public Place place() {
        return new Place(resumes.place(), identifies.place());
    }

    /** Opens both, once. */
    public void start() {
        threads =
                List.of(
                        Thread.ofVirtual().name("resume-gate").start(resumes),
                        Thread.ofVirtual().name("identify-gate").start(identifies));
    }

    /** Closes both: who still queues is not let through. */
    public void stop() {
        threads.forEach(Thread::interrupt);
    }
}
