package loom.dispatch.gateway.limits;

import loom.dispatch.gateway.machine.ShardTimeouts;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets a few shards connect at a time, first come, first served: a thousand TLS handshakes side by
 * side all end too late, and what each has cost by then is lost.
 *
 * <p>An attempt takes its place when it begins and gives it back with HELLO or when it is given up.
 * One that has neither after a while waits for the other end and no longer for our processor, so
 * its place is the next one's: a Discord that takes connections and answers none holds up nobody
 * for long.
 *
 * <p>Invariant: a shard stands in {@link #waiting} or in {@link #taken} or in neither, once, and
 * only who stands in {@link #taken} takes a place. So no place is lost, and none is given back
 * twice.
 *
 * <p>Owner of both: the gate's own thread; all else goes through its inbox, which holds at most two
 * messages for each attempt.
 */
public final class ConnectLimiter implements Runnable {
    /**
     * A handshake costs 2 to 5 ms of processor: 64 x 5 ms = 0.32 s for as many as begin together,
     * which a thirtieth of one processor does within the 10 s of {@link ShardTimeouts#connect}.
     * With a Discord 200 ms away 64 / 0.2 s = 320 shards connect in a second.
     */
    public static final int PLACES = 64;

    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();

    /** At most one for each shard. */
    private final Queue<Place> waiting = new ArrayDeque<>();

    /** At most {@link #places}; the one that was granted first stands first. */
    private final Queue<Place> taken = new ArrayDeque<>();

    private final int places;
    private final long lapseNanos;
    private final LongSupplier nanoTime;

    /**
     * @param lapse after which an attempt's place is the next one's, whatever became of it
     */
    ConnectLimiter(int places, Duration lapse, LongSupplier nanoTime) {
        this.places = places;
        this.lapseNanos = lapse.toNanos();
        this.nanoTime = nanoTime;
    }

    /**
     * One shard's place, for one attempt after the other. Its methods are called by the shard's
     * thread.
     */
    final class Place {
        /** Owner: the shard's thread. */
        private boolean wanted;

        /** Owner of this and the next: the gate's thread. */
        private Runnable granted = () -> {};

        private long grantedNanos;

        private Place() {}

        /** Queues up; {@code turn} runs on the gate's thread when the attempt may begin. */
        void ask(Runnable turn) {
            free();
            wanted = true;
            inbox.add(() -> {
                granted = turn;
                waiting.add(this);
            });
        }

        /** The attempt is over, however it went, or no longer wanted; does nothing if it was. */
        void free() {
            if (wanted) {
                wanted = false;
                inbox.add(() -> {
                    waiting.remove(this);
                    taken.remove(this);
                });
            }
        }
    }

    /** A place for a shard; it is free. */
    Place place() {
        return new Place();
    }

    @Override
    public void run() {
        try {
            while (true) {
                Runnable message = next();
                if (message != null) {
                    message.run();
                }
                grant();
            }
        } catch (InterruptedException _) {
            // the gateway is closing
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
