package loom.dispatch.broker.spool;

import loom.dispatch.broker.EventMessage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts a {@link SpoolGapEvent} in the place of damaged records, and numbers the events of an
 * earlier process with positions below 0.
 *
 * <p>Owned by the thread that reads the spool.
 */
final class SpoolGaps {
    private long nextFoundPosition;
    private Optional<EventMessage> last = Optional.empty();
    private int damaged;

    /** Reserves positions for records of an earlier process, or for the gaps in their place. */
    void addFound(int records) {
        nextFoundPosition -= records;
    }

    /** Returns the position of the last message, {@link Long#MIN_VALUE} before the first. */
    long lastPosition() {
        return last.map(EventMessage::position).orElse(Long.MIN_VALUE);
    }

    /**
     * Returns the valid records, and a gap in the place of those that are not.
     *
     * @param records how many records were to be read
     * @param found whether an earlier process wrote them
     */
    List<EventMessage> fill(SpoolSegment.Content content, int records, boolean found) {
        List<EventMessage> messages = new ArrayList<>(records);
        for (int i = 0; i < content.valid().size(); i++) {
            EventMessage valid = content.valid().get(i);
            damaged += content.damagedBefore().get(i);
            if (damaged > 0) {
                messages.add(gap(valid, found));
            }
            last = Optional.of(found ? valid.withPosition(nextFoundPosition++) : valid);
            messages.add(last.get());
        }
        damaged += content.damagedAtEnd(records);
        if (damaged > 0 && last.isPresent()) {
            messages.add(gap(last.get(), found));
        }
        return messages;
    }

    /** Returns a gap after the last valid record, or before the first one. */
    private EventMessage gap(EventMessage next, boolean found) {
        int records = damaged;
        damaged = 0;
        if (last.isEmpty()) {
            long before = found ? nextFoundPosition++ : next.position() - 1;
            return SpoolGapEvent.before(next, records, before);
        }
        // The position after the last one belongs to the first damaged record, or to no event.
        EventMessage gap =
                SpoolGapEvent.after(last.get(), found ? nextFoundPosition++ : lastPosition() + 1);
        last = last.map(message -> message.withPosition(gap.position()));
        return gap;
    }
}
