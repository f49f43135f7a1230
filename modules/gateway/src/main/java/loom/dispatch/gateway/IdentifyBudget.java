package loom.dispatch.gateway;

import java.time.Duration;

/**
 * Guards the bot's IDENTIFYs, which all its processes share. Who spends the day's last one has all
 * sessions ended and the token reset (protocol section 1.7), so a loop of failing IDENTIFYs must
 * run into this and not into Discord.
 *
 * <p>Called by the identify limiter's thread alone, which it may block for a request.
 */
public interface IdentifyBudget {
    /** Asks for one IDENTIFY of this shard; {@link #left} follows each that is granted. */
    Verdict take(int shard);

    /** The granted IDENTIFY of this shard has left, or may have: the time to the next begins. */
    void left(int shard);

    /** Whether an IDENTIFY may be spent now. */
    sealed interface Verdict {
        /** It may. */
        record Granted() implements Verdict {}

        /** None of this key may; ask again after this time. */
        record Wait(Duration time) implements Verdict {}

        /** This shard may not, others may; ask for it again after this time. */
        record Pause(Duration time) implements Verdict {}
    }

    /** A budget without an end, for a Discord that counts nothing. */
    static IdentifyBudget unlimited() {
        return new IdentifyBudget() {
            @Override
            public Verdict take(int shard) {
                return new Verdict.Granted();
            }

            @Override
            public void left(int shard) {
                // nobody else identifies
            }
        };
    }
}
