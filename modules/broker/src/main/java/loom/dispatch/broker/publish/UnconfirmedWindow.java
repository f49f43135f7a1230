package loom.dispatch.broker.publish;

import loom.dispatch.broker.EventMessage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ring of a lane's messages that RabbitMQ has not confirmed yet, and what is settled.
 *
 * <p>Slots are counted from 0 for ever; slot {@code n} lives at {@code n % capacity}. {@code [head,
 * tail)} is in flight. Within an epoch (one channel) the publish tag of slot {@code n} is {@code n
 * - base + 1}: tags need no table because slots are written exactly once per epoch, in order. A
 * skipped position hangs on the slot before it.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
public final class UnconfirmedWindow {
    private final int capacity;
    private final long capacityBytes;
    private final EventMessage[] messages;
    private final long[] settles;
    private final boolean[] confirmed;
    private long base;
    private long head;
    private long tail;
    private long bytes;
    private long settled = Long.MIN_VALUE;

    public UnconfirmedWindow(int capacity, long capacityBytes) {
        this.capacity = capacity;
        this.capacityBytes = capacityBytes;
        this.messages = new EventMessage[capacity];
        this.settles = new long[capacity];
        this.confirmed = new boolean[capacity];
    }

    /** Whether a message of that size may be added; a single one larger than the window may. */
    boolean hasRoom(int sizeBytes) {
        return head == tail || (tail - head < capacity && bytes + sizeBytes <= capacityBytes);
    }

    public void append(EventMessage message) {
        int slot = slot(tail++);
        messages[slot] = message;
        settles[slot] = message.position();
        confirmed[slot] = false;
        bytes += message.sizeBytes();
    }

    void skip(long position) {
        if (head == tail) {
            settled = position;
        } else {
            settles[slot(tail - 1)] = position;
        }
    }

    /**
     * Starts an epoch: the first message in flight gets tag 1, and single confirms beyond it are
     * forgotten because everything from there is written again.
     *
     * @return what to write, in order
     */
    List<EventMessage> restart() {
        base = head;
        for (long n = head; n < tail; n++) {
            confirmed[slot(n)] = false;
        }
        return unconfirmed();
    }

    /** What is in flight, in order. */
    List<EventMessage> unconfirmed() {
        List<EventMessage> flying = new ArrayList<>((int) (tail - head));
        for (long n = head; n < tail; n++) {
            flying.add(messages[slot(n)]);
        }
        return flying;
    }

    /** Of the first message in flight. */
    Optional<Long> oldestPosition() {
        return head == tail ? Optional.empty() : Optional.of(messages[slot(head)].position());
    }

    /**
     * Takes a confirm of this epoch.
     *
     * @return how many messages left the window: confirmed, and every one before them too
     */
    public int confirm(long tag, boolean multiple) {
        long last = base + tag - 1;
        if (last >= tail) {
            throw new IllegalStateException("confirm for tag " + tag + " that was never written");
        }
        for (long n = multiple ? head : Math.max(head, last); n <= last; n++) {
            confirmed[slot(n)] = true;
        }
        long first = head;
        while (head < tail && confirmed[slot(head)]) {
            int slot = slot(head++);
            bytes -= messages[slot].sizeBytes();
            messages[slot] = null;
            settled = settles[slot];
        }
        return (int) (head - first);
    }

    /** The last settled position, {@link Long#MIN_VALUE} before the first. */
    long settled() {
        return settled;
    }

    int inFlight() {
        return (int) (tail - head);
    }

    long inFlightBytes() {
        return bytes;
    }

    private int slot(long n) {
        return (int) (n % capacity);
    }
}
