package loom.dispatch.gateway.shard;

import loom.dispatch.gateway.backlog.ShardStats;
import loom.dispatch.gateway.machine.ShardEvent;
import loom.dispatch.gateway.machine.ShardTimeouts;

import java.util.List;

/**
 * Finds shards that are silent though their heartbeats are answered (protocol section 9): events
 * stopped against the shard's own past, and its neighbours still have theirs.
 *
 * <p>Such a shard is first resumed on the main URL, which costs nothing and loses nothing. If it
 * stays silent and its neighbours do not, its session is given up for a new one, within the budget
 * of IDENTIFYs. The patience doubles each time until events come again. A silence of most shards is
 * Discord's, and left alone; a shard without neighbours is never identified for its silence, for
 * nobody can tell it from a quiet night.
 *
 * <p>Owner of all that it knows: its own thread.
 */
public final class SilenceWatchdog implements Runnable {
    /** The least silence of ten minutes becomes ten hours at most. */
    private static final int MOST_PATIENCE = 64;

    /** After so many ticks with events the shard is well again. */
    private static final int CONVALESCENCE = 10;

    private final List<Watched> all;
    private final ShardTimeouts timing;

    public SilenceWatchdog(List<Shard> shards, ShardTimeouts timing) {
        this.all = shards.stream().map(Watched::new).toList();
        this.timing = timing;
    }

    /** One shard, from tick to tick. */
    private static final class Watched {
        private final Shard shard;
        private final EventRateModel rhythm = new EventRateModel();
        private ShardStats.Sight before = ShardStats.Sight.NONE;
        private int patience = 1;
        private int recovery;

        private Watched(Shard shard) {
            this.shard = shard;
        }

        /** A tick that was not spent on one live connection says nothing. */
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
            // the gateway is closing
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
