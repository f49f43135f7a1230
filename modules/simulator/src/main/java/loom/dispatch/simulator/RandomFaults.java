package loom.dispatch.simulator;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * Injects random faults, one after another, from a seed that it logs. It runs on its own thread
 * from {@link #start} to {@link #close}. The same seed gives the same faults in the same order.
 */
public final class RandomFaults implements AutoCloseable {
    /** A selection of faults. Scripts and the command line use its name. */
    public enum Kind {
        /** Resumable close codes, TCP resets and closed sockets. */
        DROPS,
        /** Op 7 to one shard or to all. */
        RECONNECTS,
        /** Op 9, resumable or not. Sessions can be lost. */
        INVALIDATIONS,
        /** Op 1, late and missing acknowledgements. */
        HEARTBEATS,
        /** Messages that cannot be decoded. */
        CORRUPTION,
        /** All faults after which the session can still be resumed. */
        RESUMABLE,
        /** All faults. */
        EVERYTHING
    }

    /** A named fault that applies to some shards. */
    private record Fault(String name, Consumer<IntPredicate> action) {}

    private static final System.Logger LOG = System.getLogger("loom.dispatch.simulator");

    /** Close codes after which a session can be resumed (protocol section 1.5). */
    private static final int[] RESUMABLE_CODES = {1000, 1001, 4000, 4001, 4002, 4008};

    private final Kind kind;
    private final long seed;
    private final RandomGenerator random;
    private final int shards;
    private final long meanPauseMillis;
    private final Faults switches;
    private final List<Fault> faults = new ArrayList<>();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final Thread thread;

    private RandomFaults(SimulatorControl simulator, Kind kind, long seed, Duration meanPause) {
        this.kind = kind;
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.shards = simulator.config().shards();
        this.meanPauseMillis = Math.max(1, meanPause.toMillis());
        this.switches = simulator.faults();
        collect(switches);
        LOG.log(Level.INFO, "faults.started kind={0} seed={1}", kind, Long.toString(seed));
        thread = Thread.ofVirtual().name("simulator-faults").unstarted(this::run);
    }

    /**
     * Starts the thread.
     *
     * @param meanPause mean time between two faults
     */
    public static RandomFaults start(
            SimulatorControl simulator, Kind kind, long seed, Duration meanPause) {
        RandomFaults schedule = new RandomFaults(simulator, kind, seed, meanPause);
        schedule.thread.start();
        return schedule;
    }

    public Kind kind() {
        return kind;
    }

    /** Returns the seed that reproduces these faults. */
    public long seed() {
        return seed;
    }

    /** Returns the faults injected so far, in order. */
    public List<String> done() {
        return List.copyOf(done);
    }

    /** Stops the thread and turns every switched fault off. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void collect(Faults on) {
        boolean all = kind == Kind.EVERYTHING || kind == Kind.RESUMABLE;
        if (all || kind == Kind.DROPS) {
            for (int code : RESUMABLE_CODES) {
                faults.add(new Fault("close " + code, some -> on.close(some, code)));
            }
            faults.add(new Fault("reset", on::reset));
            faults.add(new Fault("cut", on::cut));
        }
        if (all || kind == Kind.RECONNECTS) {
            faults.add(new Fault("op 7", on::requestReconnect));
        }
        if (all || kind == Kind.HEARTBEATS) {
            faults.add(new Fault("op 1", on::requestHeartbeat));
            faults.add(new Fault("no acks", some -> on.acknowledge(false)));
            faults.add(new Fault("acks", some -> on.acknowledge(true)));
        }
        if (all || kind == Kind.CORRUPTION) {
            faults.add(new Fault("corrupt", on::corruptNext));
        }
        if (all || kind == Kind.INVALIDATIONS) {
            faults.add(new Fault("op 9 true", some -> on.invalidate(some, true)));
        }
        if (kind == Kind.EVERYTHING || kind == Kind.INVALIDATIONS) {
            faults.add(new Fault("op 9 false", some -> on.invalidate(some, false)));
            faults.add(new Fault("drop sessions", on::dropSessions));
        }
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(random.nextLong(2 * meanPauseMillis + 1));
                Fault fault = faults.get(random.nextInt(faults.size()));
                boolean everybody = random.nextInt(4) == 0;
                int shard = random.nextInt(shards);
                done.add(fault.name() + (everybody ? " all" : " shard " + shard));
                fault.action().accept(s -> everybody || s == shard);
            }
        } catch (InterruptedException e) {
            switches.acknowledge(true);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "faults.failed", e);
            switches.acknowledge(true);
        }
    }
}
