package loom.dispatch.broker.publish;

import loom.dispatch.broker.EventMessage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A ring buffer of the messages that a lane has published and RabbitMQ has not yet confirmed.
 *
 * <p>Slot numbers start at 0 and only grow; slot {@code n} is at index {@code n % capacity}. The
 * messages in {@code [head, tail)} are in flight. Within an epoch (one channel) the publish tag of
 * slot {@code n} is {@code n - base + 1}, because the lane writes each slot once per epoch, in
 * order. A skipped position settles together with the slot before it.
 *
 * <p>Not thread-safe: the lane's lock guards it.
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
    private boolean progressed;
    private long settled = Long.MIN_VALUE;

    public UnconfirmedWindow(int capacity, long capacityBytes) {
        this.capacity = capacity;
        this.capacityBytes = capacityBytes;
        this.messages = new EventMessage[capacity];
        this.settles = new long[capacity];
        this.confirmed = new boolean[capacity];
    }

    /**
     * Returns whether a message fits behind others. A single message larger than the window fits.
     *
     * @param messages the number of messages before it
     * @param bytesBefore the bytes of those
     */
    boolean hasRoom(int messages, long bytesBefore, int sizeBytes) {
        return messages == 0 || messages < capacity && bytesBefore + sizeBytes <= capacityBytes;
    }

    public void append(EventMessage message) {
        int slot = slot(tail++);
        messages[slot] = message;
        settles[slot] = message.position();
        confirmed[slot] = false;
        bytes += message.sizeBytes();
    }

    /** Settles a position as soon as all messages before it are confirmed. */
    void skip(long position) {
        if (head == tail) {
            settled = position;
        } else {
            settles[slot(tail - 1)] = position;
        }
    }

    /**
     * Starts an epoch: the first message in flight gets tag 1. The confirms of later messages no
     * longer count, because the lane writes all messages from the first one again.
     */
    void restart() {
        base = head;
        progressed = false;
        for (long n = head; n < tail; n++) {
            confirmed[slot(n)] = false;
        }
    }

    /** Returns the messages in flight, in order. */
    List<EventMessage> unconfirmed() {
        List<EventMessage> unconfirmed = new ArrayList<>((int) (tail - head));
        for (long n = head; n < tail; n++) {
            unconfirmed.add(messages[slot(n)]);
        }
        return unconfirmed;
    }

    /** Returns the position of the first message in flight. */
    Optional<Long> oldestPosition() {
        return head == tail ? Optional.empty() : Optional.of(messages[slot(head)].position());
    }

    /**
     * Handles a confirm of this epoch. A message leaves the window when it and all messages before
     * it are confirmed.
     *
     * @return the number of messages that left the window
     */
    public int confirm(long tag, boolean multiple) {
        long last = base + tag - 1;
        if (last >= tail) {
            throw new IllegalStateException("confirm for tag " + tag + " that was never written");
        }
        progressed = true;
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

    /** Returns whether RabbitMQ has confirmed anything in this epoch. */
    boolean progressed() {
        return progressed;
    }

    /** Returns the last settled position, {@link Long#MIN_VALUE} before the first. */
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
