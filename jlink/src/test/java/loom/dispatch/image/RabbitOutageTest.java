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

import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * What else happens to RabbitMQ and on the way to it, under load: nothing is lost, all is in order.
 */
final class RabbitOutageTest {
    private static final int EVENTS_PER_SECOND = 2_000;
    private static final long AWAY_NANOS = 3_000_000_000L;

    /** The outages that an image is put through here; {@link StoreOutageTest} has ends of it. */
    enum Outage {
        FROZEN {
            @Override
            void happen(ImageTestSetup stage, FaultProxy way) {
                stage.rabbit().pause();
                LockSupport.parkNanos(AWAY_NANOS);
                stage.rabbit().resume();
            }
        },
        NETWORK_CUT {
            @Override
            void happen(ImageTestSetup stage, FaultProxy way) {
                way.refuse();
                way.reset();
                LockSupport.parkNanos(AWAY_NANOS);
                way.accept();
            }
        },
        MEMORY_ALARM {
            @Override
            void happen(ImageTestSetup stage, FaultProxy way) throws Exception {
                stage.rabbit().rabbitmqctl("set_vm_memory_high_watermark", "absolute", "1");
                stage.await("blocked", () -> stage.image().output().contains("rabbit.blocked"));
                LockSupport.parkNanos(AWAY_NANOS);
                stage.rabbit().rabbitmqctl("set_vm_memory_high_watermark", "absolute", "1GB");
            }
        },
        EXCHANGE_DELETED {
            @Override
            void happen(ImageTestSetup stage, FaultProxy way) throws Exception {
                var factory = new ConnectionFactory();
                factory.setUri(stage.host().uri());
                try (Connection connection = factory.newConnection()) {
                    connection.createChannel().exchangeDelete("gateway");
                }
                stage.await("told", () -> stage.image().output().contains("rabbit.lane_detached"));
            }
        };

        abstract void happen(ImageTestSetup stage, FaultProxy way) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostAndAllIsInOrderWhenRabbitIs(Outage outage) throws Exception {
        try (var stage = ImageTestSetup.withOwnRabbit();
                var way = new FaultProxy(stage.host().host(), stage.host().port())) {
            assumeTrue(stage.rabbit().isRabbitMq(), "NOT TESTED: the stand-in has no alarms");
            stage.startImage(Map.of("RABBIT_PORT", Integer.toString(way.port())));
            stage.awaitReady();
            stage.simulator().events().rate(EVENTS_PER_SECOND);
            stage.awaitEvents(3_000);
            outage.happen(stage, way);
            stage.awaitEvents(3_000);
            LedgerCheck.Report report = stage.assertPromiseKept();
            System.out.println(outage + ": " + report);
            assertTrue(stage.image().isRunning());
            assertEquals(
                    ImageTestSetup.SHARDS, stage.simulator().recorder().count(2), "identifies");
            assertEquals(0, stage.simulator().recorder().count(6), "no connection was lost");
        }
    }
}
