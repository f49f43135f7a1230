package loom.dispatch.gateway.shard;

import loom.dispatch.gateway.backlog.ShardStats;
import loom.dispatch.gateway.machine.ShardEvent;
import loom.dispatch.gateway.machine.ShardTimeouts;
import loom.dispatch.runtime.SupervisedLoop;
import loom.dispatch.runtime.ThreadPulse;

import java.util.List;

/**
 * Finds shards that receive no events although Discord acknowledges their heartbeats (protocol
 * section 9). It compares a shard with its own past, and with its neighbours.
 *
 * <ul>
 *   <li>First, a silent shard resumes its session on the main URL. No event is lost.
 *   <li>If it stays silent and its neighbours do not, it gives up the session for a new one, within
 *       the IDENTIFY budget.
 *   <li>The least silence doubles each time until events arrive again.
 *   <li>If most shards are silent, Discord has an outage, and the watchdog does nothing.
 *   <li>A shard without neighbours never gives up its session, because its silence may just be a
 *       quiet night.
 * </ul>
 *
 * <p>Owner of all state: the watchdog's own thread.
 */
public final class SilenceWatchdog implements SupervisedLoop {
    /** The greatest factor of patience: ten minutes become about ten hours. */
    private static final int MOST_PATIENCE = 64;

    /** The number of ticks with events after which a shard has recovered. */
    private static final int RECOVERY_TICKS = 10;

    private final List<Watched> all;
    private final ShardTimeouts timeouts;

    public SilenceWatchdog(List<Shard> shards, ShardTimeouts timeouts) {
        this.all = shards.stream().map(Watched::new).toList();
        this.timeouts = timeouts;
    }

    /** The watchdog's record of one shard. */
    private static final class Watched {
        private final Shard shard;
        private final EventRateModel eventRate = new EventRateModel();
        private ShardStats.Sample before = ShardStats.Sample.NONE;
        private int patience = 1;
        private int recovery;

        private Watched(Shard shard) {
            this.shard = shard;
        }

        /**
         * Records one tick. A tick in which the shard was not on one ready connection counts as
         * nothing.
         */
        private void recordTick() {
            ShardStats.Sample now = shard.stats().sample();
            boolean comparable =
                    now.receives() && before.receives() && now.epoch() == before.epoch();
            if (comparable && now.events() > before.events()) {
                eventRate.event();
                recovery++;
                if (recovery >= RECOVERY_TICKS) {
                    patience = 1;
                }
            } else if (comparable) {
                eventRate.silence();
            }
            before = now;
        }

        private boolean isSilent() {
            return before.receives() && eventRate.isImprobable(patience);
        }

        private void react(boolean giveUpSession, long tickMillis) {
            shard.signal(
                    new ShardEvent.Silent(eventRate.silentTicks() * tickMillis, giveUpSession));
            eventRate.restartSilence();
            recovery = 0;
            patience = Math.min(patience * 2, MOST_PATIENCE);
        }
    }

    @Override
    public void run(ThreadPulse pulse) throws InterruptedException {
        while (true) {
            pulse.expectWithin(timeouts.watch());
            Thread.sleep(timeouts.watch());
            tick();
        }
    }

    private void tick() {
        all.forEach(Watched::recordTick);
        List<Watched> silentShards = all.stream().filter(Watched::isSilent).toList();
        long receiving = all.stream().filter(shard -> shard.eventRate.receivesAsUsual()).count();
        boolean alone = all.size() == 1;
        for (Watched silent : silentShards) {
            if (alone) {
                silent.react(false, timeouts.watch().toMillis());
            } else if (receiving * 2 >= all.size() - 1) {
                silent.react(silent.patience > 1, timeouts.watch().toMillis());
            }
        }
    }
}
