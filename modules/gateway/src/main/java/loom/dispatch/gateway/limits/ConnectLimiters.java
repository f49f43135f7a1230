package loom.dispatch.gateway.limits;

import loom.dispatch.gateway.machine.HandshakePlan;
import loom.dispatch.runtime.SupervisedThread;
import loom.dispatch.runtime.SupervisedThreads;

import java.time.Duration;
import java.util.List;

/**
 * Limits connection attempts separately for shards that RESUME and shards that will IDENTIFY. Of
 * the latter no more connect at the same time than may IDENTIFY at once.
 *
 * <p>A RESUME so never waits behind a shard that would only queue for its IDENTIFY, five seconds
 * each. The first IDENTIFY of a start has the processor to itself: fifteen parallel handshakes
 * would cost a fifth of the start.
 */
public final class ConnectLimiters {
    private final ConnectLimiter resumes;
    private final ConnectLimiter identifies;
    private List<SupervisedThread> running = List.of();

    /**
     * Creates both limiters.
     *
     * @param concurrency the number of shards that may IDENTIFY at the same time
     * @param lapse the time after which the place of an attempt passes to the next one
     */
    public ConnectLimiters(int concurrency, Duration lapse) {
        int identifying = Math.min(concurrency, ConnectLimiter.PLACES);
        resumes = new ConnectLimiter(ConnectLimiter.PLACES, lapse, System::nanoTime);
        identifies = new ConnectLimiter(identifying, lapse, System::nanoTime);
    }

    /** The place of one shard at either limiter. The shard's thread calls its methods. */
    public static final class Place {
        private final ConnectLimiter.Place resume;
        private final ConnectLimiter.Place identify;

        private Place(ConnectLimiter.Place resume, ConnectLimiter.Place identify) {
            this.resume = resume;
            this.identify = identify;
        }

        /**
         * Queues for a place. {@code onGranted} runs on a limiter's thread when the attempt may
         * begin.
         */
        public void request(HandshakePlan plan, Runnable onGranted) {
            release();
            (plan instanceof HandshakePlan.Resume ? resume : identify).request(onGranted);
        }

        /** Returns the place, or leaves the queue. Does nothing if the shard has neither. */
        public void release() {
            resume.release();
            identify.release();
        }
    }

    /** Creates the place of one shard, which is not taken yet. */
    public Place place() {
        return new Place(resumes.place(), identifies.place());
    }

    /** Starts both limiters, once. */
    public void start(SupervisedThreads threads) {
        running =
                List.of(
                        threads.start("connect-limiter-resume", resumes),
                        threads.start("connect-limiter-identify", identifies));
    }

    /** Stops both limiters. Waiting attempts never begin. */
    public void stop() {
        running.forEach(SupervisedThread::stop);
    }
}
