package loom.dispatch.gateway.backlog;

import loom.dispatch.gateway.ShardSnapshot;
import loom.dispatch.gateway.machine.ShardState;

import java.time.Instant;
import java.util.Optional;

/**
 * Publishes a shard's state to other threads.
 *
 * <p>The shard's thread writes, any thread reads. Each field is independent of the others. The
 * shard makes no decision by them.
 */
public final class ShardStats {
    private volatile ShardState state = new ShardState.Idle();
    private volatile int latencyMillis;
    private volatile Optional<Instant> lastAck = Optional.empty();
    private volatile long lastEventNanos;
    private volatile long receivedSequence;
    private volatile long receivedEvents;
    private volatile boolean withholding;

    public void state(ShardState now) {
        state = now;
    }

    ShardState state() {
        return state;
    }

    public void acknowledged(Instant at, long latencyNanos) {
        lastAck = Optional.of(at);
        if (latencyNanos >= 0) {
            latencyMillis = (int) Math.min(Integer.MAX_VALUE, latencyNanos / 1_000_000);
        }
    }

    void event(long sequence, long count, long nowNanos) {
        receivedEvents = count;
        receivedSequence = sequence;
        lastEventNanos = nowNanos;
    }

    void sequence(long sequence) {
        receivedSequence = sequence;
    }

    public void withholding(boolean now) {
        withholding = now;
    }

    public long receivedEvents() {
        return receivedEvents;
    }

    /**
     * The values that the watchdog compares from tick to tick.
     *
     * @param receives whether the shard is ready and decodes what arrives
     * @param epoch the number of the connection
     * @param events the number of events received since the start
     */
    public record Sample(boolean receives, int epoch, long events) {
        public static final Sample NONE = new Sample(false, 0, 0);
    }

    public Sample sample() {
        ShardState now = state;
        return new Sample(
                now instanceof ShardState.Ready && !withholding, now.epoch(), receivedEvents);
    }

    public ShardSnapshot snapshot(int shard, Backlog backlog) {
        return new ShardSnapshot(
                shard,
                status(),
                latencyMillis,
                lastAck,
                lastEventNanos,
                receivedSequence,
                backlog.settled(),
                backlog.events(),
                backlog.bytes(),
                withholding);
    }

    private ShardSnapshot.Status status() {
        return switch (state) {
            case ShardState.WithoutConnection _ -> ShardSnapshot.Status.DISCONNECTED;
            case ShardState.Opening _ -> ShardSnapshot.Status.HANDSHAKING;
            case ShardState.AwaitingPermit _, ShardState.Identifying _ ->
                    ShardSnapshot.Status.IDENTIFYING;
            case ShardState.Resuming _ -> ShardSnapshot.Status.RESUMING;
            case ShardState.Ready _ -> ShardSnapshot.Status.CONNECTED;
        };
    }
}
