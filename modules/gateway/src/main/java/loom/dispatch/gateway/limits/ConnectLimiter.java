package loom.dispatch.gateway.limits;

import loom.dispatch.gateway.machine.ShardTimeouts;
import loom.dispatch.runtime.SupervisedLoop;
import loom.dispatch.runtime.ThreadPulse;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the number of shards that connect at the same time, in order of arrival. Too many parallel
 * TLS handshakes would delay each other until all time out.
 *
 * <p>An attempt takes a place when it begins. It returns the place after HELLO or when it is given
 * up. An attempt without either after {@code lapse} waits for Discord and no longer uses the
 * processor. Its place then passes to the next attempt, so a server that accepts connections and
 * never answers blocks the others only briefly.
 *
 * <p>Invariant: a shard is in {@link #waiting}, in {@link #taken}, or in neither, and at most once.
 * Only shards in {@link #taken} use a place. So no place is lost, and none is returned twice.
 *
 * <p>Owner of both queues: the limiter's own thread. Other threads put messages into its inbox, at
 * most two per attempt.
 */
public final class ConnectLimiter implements SupervisedLoop {
    /**
     * A handshake costs 2 to 5 ms of processor time: 64 x 5 ms = 0.32 s for all that begin
     * together. A thirtieth of one processor suffices for that within the 10 s of {@link
     * ShardTimeouts#connect}. With a round trip of 200 ms, 64 / 0.2 s = 320 shards connect per
     * second.
     */
    public static final int PLACES = 64;

    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();

    /** At most one entry per shard. */
    private final Queue<Place> waiting = new ArrayDeque<>();

    /** At most {@link #places} entries, in the order in which they were granted. */
    private final Queue<Place> taken = new ArrayDeque<>();

    private final int places;
    private final long lapseNanos;
    private final LongSupplier nanoTime;

    /**
     * Creates a limiter.
     *
     * @param lapse the time after which the place of an attempt passes to the next one
     */
    ConnectLimiter(int places, Duration lapse, LongSupplier nanoTime) {
        this.places = places;
        this.lapseNanos = lapse.toNanos();
        this.nanoTime = nanoTime;
    }

    /**
     * The place of one shard, for one attempt after the other. The shard's thread calls its
     * methods.
     */
    final class Place {
        /** Owner: the shard's thread. */
        private boolean wanted;

        /** Owner of this and the next field: the limiter's thread. */
        private Runnable granted = () -> {};

        private long grantedNanos;

        private Place() {}

        /**
         * Queues for a place. {@code onGranted} runs on the limiter's thread when the attempt may
         * begin.
         */
        void request(Runnable onGranted) {
            release();
            wanted = true;
            inbox.add(() -> {
                granted = onGranted;
                waiting.add(this);
            });
        }

        /** Returns the place, or leaves the queue. Does nothing if the shard has neither. */
        void release() {
            if (wanted) {
                wanted = false;
                inbox.add(() -> {
                    waiting.remove(this);
                    taken.remove(this);
                });
            }
        }
    }

    /** Creates the place of one shard, which is not taken yet. */
    Place place() {
        return new Place();
    }

    @Override
    public void run(ThreadPulse pulse) throws InterruptedException {
        while (true) {
            pulse.waiting();
            Runnable message = next();
            pulse.beat();
            if (message != null) {
                message.run();
            }
            grant();
        }
    }

    private Runnable next() throws InterruptedException {
        return waiting.isEmpty()
                ? inbox.take()
                : inbox.poll(lapseNanos - age(taken.element()), TimeUnit.NANOSECONDS);
    }

    private void grant() {
        while (!waiting.isEmpty() && hasPlace()) {
            Place next = waiting.remove();
            next.grantedNanos = nanoTime.getAsLong();
            taken.add(next);
            next.granted.run();
        }
    }

    private boolean hasPlace() {
        if (taken.size() == places && age(taken.element()) >= lapseNanos) {
            taken.remove();
        }
        return taken.size() < places;
    }

    private long age(Place place) {
        return nanoTime.getAsLong() - place.grantedNanos;
    }
}
