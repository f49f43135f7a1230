package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.servers.proxy.FaultProxy;
import loom.dispatch.simulator.LedgerCheck;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Interrupts RabbitMQ, and the network to it, while events flow. */
final class RabbitOutageTest {
    private static final int EVENTS_PER_SECOND = 2_000;
    private static final long OUTAGE_NANOS = 4_000_000_000L;
    // A heartbeat that waits for the end of the outage is two intervals late; the rest is a busy
    // machine's.
    private static final double MAX_HEARTBEAT_INTERVALS = 1.5;

    /** Outages of the server itself: each test has its own RabbitMQ. */
    enum ServerOutage {
        KILL,
        STOP,
        FREEZE,
        MEMORY_ALARM
    }

    /** Outages that other users of the server do not notice: the tests share one RabbitMQ. */
    enum PrivateOutage {
        NETWORK_CUT,
        EXCHANGE_DELETED
    }

    @ParameterizedTest
    @EnumSource
    void losesNoEventInAnOutageOfRabbitMq(ServerOutage outage) throws Exception {
        try (var setup = ImageTestSetup.withOwnRabbit()) {
            assumeTrue(
                    setup.rabbit().isRabbitMq() && setup.rabbit().keepsData(),
                    "NOT TESTED: RabbitMQ is not installed; the stand-in keeps no data");
            setup.startImage();
            awaitFlow(setup);
            interrupt(outage, setup);
            assertNothingLost(outage, setup);
            setup.assertHeartbeatsOnTime(MAX_HEARTBEAT_INTERVALS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void losesNoEventWhenNetworkIsCutOrExchangeIsDeleted(PrivateOutage outage) throws Exception {
        try (var setup = new ImageTestSetup();
                var proxy = new FaultProxy(setup.host().host(), setup.host().port())) {
            assumeTrue(setup.rabbit().isRabbitMq(), "NOT TESTED: RabbitMQ is not installed");
            setup.startImage(Map.of("RABBIT_PORT", Integer.toString(proxy.port())));
            awaitFlow(setup);
            switch (outage) {
                case NETWORK_CUT -> cut(proxy);
                case EXCHANGE_DELETED -> deleteExchange(setup);
            }
            assertNothingLost(outage, setup);
        }
    }

    private static void awaitFlow(ImageTestSetup setup) throws Exception {
        setup.awaitReady();
        setup.simulator().events().rate(EVENTS_PER_SECOND);
        setup.awaitEvents(3_000);
    }

    private static void interrupt(ServerOutage outage, ImageTestSetup setup) throws Exception {
        switch (outage) {
            case KILL -> {
                setup.rabbit().kill();
                LockSupport.parkNanos(OUTAGE_NANOS);
                setup.rabbit().start();
            }
            case STOP -> {
                setup.rabbit().stop();
                LockSupport.parkNanos(OUTAGE_NANOS);
                setup.rabbit().start();
            }
            case FREEZE -> {
                setup.rabbit().pause();
                LockSupport.parkNanos(OUTAGE_NANOS);
                setup.rabbit().resume();
            }
            case MEMORY_ALARM -> {
                setup.rabbit().rabbitmqctl("set_vm_memory_high_watermark", "absolute", "1");
                setup.await("blocked", () -> setup.image().output().contains("rabbit.blocked"));
                LockSupport.parkNanos(OUTAGE_NANOS);
                setup.rabbit().rabbitmqctl("set_vm_memory_high_watermark", "absolute", "1GB");
            }
        }
    }

    private static void cut(FaultProxy proxy) throws IOException {
        proxy.refuse();
        proxy.reset();
        LockSupport.parkNanos(OUTAGE_NANOS);
        proxy.accept();
    }

    private static void deleteExchange(ImageTestSetup setup) throws Exception {
        var factory = new ConnectionFactory();
        factory.setUri(setup.host().uri());
        try (Connection connection = factory.newConnection()) {
            connection.createChannel().exchangeDelete("gateway");
        }
        setup.await(
                "the lane lost its channel",
                () -> setup.image().output().contains("rabbit.lane_detached"));
    }

    private static void assertNothingLost(Enum<?> outage, ImageTestSetup setup) throws Exception {
        setup.awaitEvents(3_000);
        LedgerCheck.Report report = setup.assertNoEventLost();
        System.out.println(outage + ": " + report);
        assertTrue(setup.image().isRunning());
        assertEquals(ImageTestSetup.SHARDS, setup.simulator().recorder().count(2), "identifies");
        assertEquals(0, setup.simulator().recorder().count(6), "resumes");
    }
}
