package loom.dispatch.gateway.shard;

import loom.dispatch.gateway.backlog.ShardStats;
import loom.dispatch.gateway.machine.ShardEvent;
import loom.dispatch.gateway.machine.ShardTimeouts;

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
public final class SilenceWatchdog implements Runnable {
    /** The greatest factor of patience: ten minutes become about ten hours. */
    private static final int MOST_PATIENCE = 64;

    /** The number of ticks with events after which a shard has recovered. */
    private static final int CONVALESCENCE = 10;

    private final List<Watched> all;
    private final ShardTimeouts timing;

    public SilenceWatchdog(List<Shard> shards, ShardTimeouts timing) {
        this.all = shards.stream().map(Watched::new).toList();
        this.timing = timing;
    }

    /** The watchdog's record of one shard. */
    private static final class Watched {
        private final Shard shard;
        private final EventRateModel rhythm = new EventRateModel();
        private ShardStats.Sight before = ShardStats.Sight.NONE;
        private int patience = 1;
        private int recovery;

        private Watched(Shard shard) {
            this.shard = shard;
        }

        /**
         * Records one tick. A tick in which the shard was not on one ready connection counts as
         * nothing.
         */
        private void look() {
            ShardStats.Sight now = shard.vitals().sight();
            boolean comparable = now.listens() && before.listens() && now.epoch() == before.epoch();
            if (comparable && now.events() > before.events()) {
                rhythm.event();
                recovery++;
                if (recovery >= CONVALESCENCE) {
                    patience = 1;
                }
            } else if (comparable) {
                rhythm.silence();
            }
            before = now;
        }

        private boolean isBroken() {
            return before.listens() && rhythm.isBroken(patience);
        }

        private void act(boolean giveUpSession, long tickMillis) {
            shard.tell(new ShardEvent.Silent(rhythm.silent() * tickMillis, giveUpSession));
            rhythm.listenAnew();
            recovery = 0;
            patience = Math.min(patience * 2, MOST_PATIENCE);
        }
    }

    @Override
    public void run() {
        try {
            while (true) {
                Thread.sleep(timing.watch());
                tick();
            }
        } catch (InterruptedException _) {
            // the gateway closes
        }
    }

    private void tick() {
        all.forEach(Watched::look);
        List<Watched> broken = all.stream().filter(Watched::isBroken).toList();
        long lively = all.stream().filter(shard -> shard.rhythm.isLively()).count();
        boolean alone = all.size() == 1;
        for (Watched silent : broken) {
            if (alone) {
                silent.act(false, timing.watch().toMillis());
            } else if (lively * 2 >= all.size() - 1) {
                silent.act(silent.patience > 1, timing.watch().toMillis());
            }
        }
    }
}
