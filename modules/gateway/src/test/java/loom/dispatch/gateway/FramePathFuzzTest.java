package loom.dispatch.gateway;

import loom.dispatch.gateway.machine.ShardTimeouts;
import loom.dispatch.simulator.Faults;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Sends damaged messages, inside and outside of the compression, from the socket to the backlog. No
 * thread of the shard may end, and events must arrive again afterwards.
 */
final class FramePathFuzzTest {
    private static final int MESSAGES = 20;

    /** Pauses that allow dozens of cases per second. The failure counts still grow. */
    private static final ShardTimeouts FAST =
            new ShardTimeouts(
                    ShardTimeouts.STANDARD.place(),
                    Duration.ofMillis(1_000),
                    Duration.ofMillis(600),
                    Duration.ofMillis(600),
                    Duration.ofMillis(1),
                    Duration.ofMillis(2),
                    Duration.ofMillis(1),
                    Duration.ofMillis(1),
                    Duration.ofMillis(4),
                    ShardTimeouts.STANDARD.idle(),
                    ShardTimeouts.STANDARD.answer(),
                    ShardTimeouts.STANDARD.watch());

    @ParameterizedTest
    @EnumSource
    void noMessageEndsAShardThread(Compression compression) throws Exception {
        InputMutator mutator = new InputMutator(FuzzRunner.envelopes());
        var simulated =
                GatewayTestSetup.discord(1)
                        .withStartsTotal(10_000_000)
                        .withMissedHeartbeatCode(-1)
                        .withIdentifyInterval(Duration.ofMillis(1))
                        .withIdentifyRefusalDelay(Duration.ZERO);
        AtomicInteger marks = new AtomicInteger();
        try (var scenario = GatewayTestSetup.of(simulated).compression(compression).timing(FAST)) {
            scenario.startReady();
            FuzzRunner.run(
                    "frames " + compression,
                    random -> {
                        send(scenario.faults(), mutator, random);
                        awaitMark(scenario, "MARK_" + marks.incrementAndGet());
                    });
        }
    }

    private static void send(Faults faults, InputMutator mutator, RandomGenerator random) {
        for (int i = 0; i < MESSAGES; i++) {
            byte[] message = mutator.next(random);
            if (random.nextInt(50) == 0) {
                faults.sendFrame(_ -> true, random.nextBoolean(), message);
            } else {
                faults.sendRaw(_ -> true, message);
            }
        }
    }

    /**
     * The marker event may be lost together with its session. Then the next marker is sent in the
     * next session.
     */
    private static void awaitMark(GatewayTestSetup scenario, String type)
            throws InterruptedException {
        byte[] d = "{\"mark\":true}".getBytes(StandardCharsets.UTF_8);
        long[] again = {0};
        scenario.await(
                type,
                () -> {
                    if (System.nanoTime() - again[0] > 20_000_000) {
                        again[0] = System.nanoTime();
                        scenario.simulator().events().emitRaw(0, type, d);
                    }
                    return scenario.lives() && scenario.tookLatest(type);
                });
    }
}
