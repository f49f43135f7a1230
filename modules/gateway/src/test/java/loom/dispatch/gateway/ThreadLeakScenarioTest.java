package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Checks that reconnects leak no thread and pin none. */
final class ThreadLeakScenarioTest {
    private static final int SHARDS = 20;
    private static final int WARM_UP_ROUNDS = 5;
    private static final int ROUNDS = 50;

    /** Longer than the two seconds after which either side cuts a closed connection. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private static void reconnect(GatewayTestSetup scenario, int rounds)
            throws InterruptedException {
        for (int round = 0; round < rounds; round++) {
            long wanted = scenario.count("Resumed[") + SHARDS;
            switch (round % 3) {
                case 0 -> scenario.faults().requestReconnect(_ -> true);
                case 1 -> scenario.faults().close(_ -> true, 4000);
                default -> scenario.faults().reset(_ -> true);
            }
            scenario.await(
                    "all resumed",
                    () -> scenario.count("Resumed[") >= wanted && scenario.allReady());
        }
    }

    private static boolean quiet(GatewayTestSetup scenario) {
        return scenario.recorder().connections().stream()
                        .filter(each -> each.closedNanos().isEmpty())
                        .count()
                == SHARDS;
    }

    private static List<String> platformThreads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).sorted().toList();
    }

    @Test
    void thousandReconnectsLeakAndPinNoThread() throws Exception {
        try (var scenario = GatewayTestSetup.of(SHARDS).startReady();
                var threads = new RecordingStream()) {
            threads.enable("jdk.VirtualThreadStart").withoutStackTrace();
            threads.enable("jdk.VirtualThreadEnd").withoutStackTrace();
            threads.enable("jdk.VirtualThreadPinned").withoutThreshold();
            threads.startAsync();
            // the JDK starts some threads once, and loads classes on the first reconnects
            reconnect(scenario, WARM_UP_ROUNDS);
            scenario.await("old connections end", () -> quiet(scenario));
            scenario.awaitPassing(GRACE);
            List<String> before = platformThreads();
            AtomicLong started = new AtomicLong();
            AtomicLong ended = new AtomicLong();
            Queue<RecordedEvent> pinned = new ConcurrentLinkedQueue<>();
            threads.onEvent("jdk.VirtualThreadStart", _ -> started.incrementAndGet());
            threads.onEvent("jdk.VirtualThreadEnd", _ -> ended.incrementAndGet());
            threads.onEvent("jdk.VirtualThreadPinned", pinned::add);
            scenario.simulator().events().rate(500);
            reconnect(scenario, ROUNDS);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
            scenario.await("old connections end", () -> quiet(scenario));
            scenario.await(
                    "as many virtual threads as before",
                    () -> started.get() == ended.get() && started.get() >= ROUNDS * SHARDS);
            scenario.await(
                    "as many platform threads as before: " + before + platformThreads(),
                    () -> platformThreads().size() <= before.size());
            assertTrue(pinned.isEmpty(), pinned::toString);
            assertTrue(scenario.resumes() >= SHARDS * (WARM_UP_ROUNDS + ROUNDS));
        }
    }
}
