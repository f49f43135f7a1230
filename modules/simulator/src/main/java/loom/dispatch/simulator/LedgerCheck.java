package loom.dispatch.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Compares what a consumer received with the {@link EventLedger}: finds lost, repeated, reordered
 * and changed events. Thread-safe: one monitor, held for about 100 ns per message. It remembers one
 * bit per message.
 */
public final class LedgerCheck {
    /** The examples kept for each kind of fault. */
    private static final int EXAMPLES = 5;

    private static final class Arrivals {
        final BitSet seen = new BitSet();
        int highest;
        int firstMissing = 1;
    }

    /**
     * The result of a comparison. {@link #toString} prints it for people.
     *
     * @param dispatched events that had to arrive
     * @param received messages that arrived, repeats included
     * @param distinct different message ids among them
     * @param lost events that had to arrive and have not arrived yet
     * @param repeated messages whose id had arrived before
     * @param outOfOrder first arrivals that came after a later event of the same session, or after
     *     an event of a later session of the same shard
     * @param unknown messages that were never dispatched, or were dispatched to another shard
     * @param corrupted messages whose type or body differs from the dispatched one
     * @param unclaimed events that the client could not know of: its connection ended before any
     *     event of the session arrived, it never resumed the session, and it started a later one
     * @param undeliverable events that never left the simulator because their session ended, or
     *     that a later session of the shard got as well
     * @param gaps announcements of a lost session
     * @param p50Nanos median latency of first receipts, at most 3 % too high
     * @param examples the first few of each kind of fault, one a line
     */
    public record Report(
            long dispatched,
            long received,
            long distinct,
            long lost,
            long repeated,
            long outOfOrder,
            long unknown,
            long corrupted,
            long unclaimed,
            long undeliverable,
            long gaps,
            long p50Nanos,
            long p99Nanos,
            long maxNanos,
            List<String> examples) {
        public Report {
            examples = List.copyOf(examples);
        }

        /**
         * Returns true if no event is lost, out of order, unknown or changed. Repeats are allowed.
         */
        public boolean kept() {
            return lost == 0 && outOfOrder == 0 && unknown == 0 && corrupted == 0;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            text.append(
                    String.format(
                            Locale.ROOT,
                            "dispatched %d, received %d, distinct %d, lost %d, repeated %d, out of"
                                + " order %d, unknown %d, corrupted %d, unclaimed %d, undeliverable"
                                + " %d, gaps %d, latency p50 %.1f ms, p99 %.1f ms, max %.1f ms",
                            dispatched,
                            received,
                            distinct,
                            lost,
                            repeated,
                            outOfOrder,
                            unknown,
                            corrupted,
                            unclaimed,
                            undeliverable,
                            gaps,
                            p50Nanos / 1e6,
                            p99Nanos / 1e6,
                            maxNanos / 1e6));
            examples.forEach(example -> text.append(System.lineSeparator()).append(example));
            return text.toString();
        }
    }

    private enum Fault {
        REPEATED,
        OUT_OF_ORDER,
        UNKNOWN,
        CORRUPTED
    }

    private final EventLedger ledger;
    private final Map<String, Arrivals> bySession = new HashMap<>();
    private final Map<Integer, Integer> latestOrdinal = new HashMap<>();
    private final long[] faults = new long[Fault.values().length];
    private final List<String> examples = new ArrayList<>();
    private final LatencyHistogram latency = new LatencyHistogram();
    private long received;
    private long gaps;
    private long distinct;

    public LedgerCheck(EventLedger ledger) {
        this.ledger = ledger;
    }

    /**
     * Records a message that arrived.
     *
     * @param messageId {@code <session id>:<sequence>}
     * @param d the exact bytes of the event's {@code d}
     * @param nanos {@code System.nanoTime()} of the arrival
     */
    public void received(int shard, String messageId, String type, byte[] d, long nanos) {
        received(shard, messageId, type, crc(d), nanos);
    }

    /** Records a message that arrived, given the CRC32 of its {@code d}. */
    public synchronized void received(
            int shard, String messageId, String type, int crc, long nanos) {
        if (type.equals("DISPATCH_GAP")) {
            gaps++;
            return;
        }
        received++;
        int colon = messageId.lastIndexOf(':');
        Optional<SessionLedger> session =
                colon < 0 ? Optional.empty() : ledger.session(messageId.substring(0, colon));
        Optional<SessionLedger.Entry> entry =
                session.filter(s -> s.shard() == shard)
                        .flatMap(s -> s.entry(sequence(messageId.substring(colon + 1))));
        if (entry.isEmpty()) {
            fault(Fault.UNKNOWN, shard, messageId, type);
            return;
        }
        if (!entry.get().type().equals(type) || entry.get().crc() != crc) {
            fault(Fault.CORRUPTED, shard, messageId, type + " sent as " + entry.get().type());
        }
        int sequence = (int) sequence(messageId.substring(colon + 1));
        arrived(session.get(), sequence, messageId, type, nanos - entry.get().nanos());
        notifyAll();
    }

    private void arrived(
            SessionLedger session, int sequence, String messageId, String type, long delay) {
        Arrivals arrivals = bySession.computeIfAbsent(session.id(), id -> new Arrivals());
        if (arrivals.seen.get(sequence)) {
            fault(Fault.REPEATED, session.shard(), messageId, type);
            return;
        }
        int latest = latestOrdinal.getOrDefault(session.shard(), -1);
        if (sequence < arrivals.highest || session.ordinal() < latest) {
            fault(Fault.OUT_OF_ORDER, session.shard(), messageId, type);
        }
        latestOrdinal.put(session.shard(), Math.max(latest, session.ordinal()));
        arrivals.seen.set(sequence);
        arrivals.highest = Math.max(arrivals.highest, sequence);
        arrivals.firstMissing = arrivals.seen.nextClearBit(arrivals.firstMissing);
        distinct++;
        latency.add(delay);
    }

    /** Returns true if a message with this id arrived before. */
    public synchronized boolean seen(String messageId) {
        int colon = messageId.lastIndexOf(':');
        Arrivals arrivals = bySession.get(messageId.substring(0, Math.max(0, colon)));
        long sequence = sequence(messageId.substring(colon + 1));
        return arrivals != null && sequence >= 0 && arrivals.seen.get((int) sequence);
    }

    /**
     * Waits until every event that was dispatched before the call, and has to arrive, has arrived.
     *
     * @return the report at that time, or when {@code limit} has passed
     */
    public Report awaitComplete(Duration limit) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        Map<SessionLedger, Integer> until = new HashMap<>();
        ledger.all().forEach(session -> until.put(session, session.last()));
        synchronized (this) {
            while (!complete(until)) {
                long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    break;
                }
                // A session can end without an arrival, and no notification follows, so poll every
                // 50 ms.
                wait(Math.min(leftMillis, 50));
            }
            return report();
        }
    }

    private boolean complete(Map<SessionLedger, Integer> until) {
        for (var each : until.entrySet()) {
            SessionLedger session = each.getKey();
            Arrivals arrivals = bySession.get(session.id());
            boolean unclaimed = arrivals == null && session.abandonedUnresumed();
            int needed = Math.min(each.getValue(), session.deliverable());
            int firstMissing = arrivals == null ? 1 : arrivals.firstMissing;
            if (!unclaimed && firstMissing <= needed) {
                return false;
            }
        }
        return true;
    }

    /** Compares the state as of now. Events in flight count as lost. */
    public synchronized Report report() {
        long dispatched = 0;
        long lost = 0;
        long unclaimed = 0;
        long undeliverable = 0;
        List<String> lines = new ArrayList<>(examples);
        for (SessionLedger session : ledger.all()) {
            int last = session.last();
            Arrivals arrivals = bySession.get(session.id());
            if (arrivals == null && session.abandonedUnresumed()) {
                unclaimed += last;
                continue;
            }
            BitSet seen = arrivals == null ? new BitSet() : arrivals.seen;
            int end = Math.min(last, session.deliverable());
            int arrivedInTime = seen.get(1, end + 1).cardinality();
            long beyond = last - end - (seen.cardinality() - arrivedInTime);
            dispatched += last - beyond;
            undeliverable += beyond;
            lost += end - arrivedInTime;
            if (end > arrivedInTime && lines.size() < 50) {
                lines.add(lostLine(session, seen, end - arrivedInTime));
            }
        }
        return new Report(
                dispatched,
                received,
                distinct,
                lost,
                faults[Fault.REPEATED.ordinal()],
                faults[Fault.OUT_OF_ORDER.ordinal()],
                faults[Fault.UNKNOWN.ordinal()],
                faults[Fault.CORRUPTED.ordinal()],
                unclaimed,
                undeliverable,
                gaps,
                latency.quantile(0.5),
                latency.quantile(0.99),
                latency.max(),
                lines);
    }

    private static String lostLine(SessionLedger session, BitSet seen, int count) {
        StringBuilder line = new StringBuilder("lost: shard " + session.shard() + " ");
        int sequence = seen.nextClearBit(1);
        for (int i = 0; i < Math.min(EXAMPLES, count); i++) {
            String type = session.entry(sequence).map(SessionLedger.Entry::type).orElse("?");
            line.append(session.id()).append(':').append(sequence).append(' ').append(type);
            line.append(", ");
            sequence = seen.nextClearBit(sequence + 1);
        }
        return line + "in all " + count + " of " + session.view();
    }

    private void fault(Fault fault, int shard, String messageId, String type) {
        if (faults[fault.ordinal()]++ < EXAMPLES) {
            String name = fault.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            examples.add(name + ": shard " + shard + " " + messageId + " " + type);
        }
    }

    private static long sequence(String digits) {
        boolean valid =
                !digits.isEmpty()
                        && digits.length() <= 10
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return valid ? Long.parseLong(digits) : -1;
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
