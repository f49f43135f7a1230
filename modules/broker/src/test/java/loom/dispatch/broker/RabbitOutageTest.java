package loom.dispatch.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import loom.dispatch.runtime.RetryBackoff;
import loom.dispatch.runtime.Secret;
import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.servers.proxy.FaultProxy;
import loom.dispatch.servers.proxy.TrafficDirection;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Tests that no event is lost or out of order in outages of RabbitMQ under load. */
class RabbitOutageTest {

    @Test
    void losesNoEventWhenRabbitMqIsKilledAndRestarted() throws Exception {
        try (RabbitServer rabbit = Servers.rabbit()) {
            assumeTrue(rabbit.isRabbitMq() && rabbit.keepsData());
            VirtualHost host = rabbit.virtualHost();
            try (OutageTestSetup outage =
                    OutageTestSetup.underLoad(TestBrokerConfigs.config(host).build(), host)) {
                rabbit.kill();
                OutageTestSetup.pass(300);
                rabbit.start();
                outage.awaitProgress();
                outage.assertNothingLost("");
            }
        }
    }

    /** The outage is longer than the sum of the first waits of the back-off before a start. */
    @Test
    void everyConnectionPublishesWithinSecondAfterRabbitMqAccepts() throws Exception {
        try (RabbitServer rabbit = Servers.rabbit()) {
            assumeTrue(rabbit.isRabbitMq() && rabbit.keepsData());
            VirtualHost host = rabbit.virtualHost();
            BrokerConfig config =
                    TestBrokerConfigs.config(host)
                            .lanesPerConnection(1)
                            .backoff(new RetryBackoff(500, 15_000))
                            .build();
            try (OutageTestSetup outage = OutageTestSetup.underLoad(config, host)) {
                rabbit.kill();
                OutageTestSetup.pass(8_000);
                var accepted = OutageTestSetup.firstAcceptedNanos(host);
                rabbit.start();
                long progressNanos = outage.awaitProgress();
                Duration late = Duration.ofNanos(progressNanos - accepted.get());
                System.out.println("every shard published " + late.toMillis() + " ms after accept");
                assertTrue(late.compareTo(Duration.ofSeconds(1)) <= 0, late::toString);
                outage.assertNothingLost("");
            }
        }
    }

    @Test
    void losesNoEventWhenRabbitMqFreezes() throws Exception {
        try (RabbitServer rabbit = Servers.rabbit()) {
            assumeTrue(rabbit.isRabbitMq(), "only RabbitMQ is frozen here");
            VirtualHost host = rabbit.virtualHost();
            try (OutageTestSetup outage =
                    OutageTestSetup.underLoad(TestBrokerConfigs.config(host).build(), host)) {
                rabbit.pause();
                Eventually.await(
                        "noticed",
                        Duration.ofSeconds(15),
                        () -> outage.broker.stats().connectionsUp() == 0);
                rabbit.resume();
                outage.awaitProgress();
                outage.assertNothingLost("");
            }
        }
    }

    @Test
    void losesNoEventWhenAllConnectionsAreClosed() throws Exception {
        RabbitServer rabbit = Servers.sharedRabbit();
        assumeTrue(rabbit.isRabbitMq());
        VirtualHost host = rabbit.newVirtualHost();
        BrokerConfig config = TestBrokerConfigs.config(host).lanesPerConnection(2).build();
        try (OutageTestSetup outage = OutageTestSetup.underLoad(config, host)) {
            assertEquals(2, outage.broker.stats().connections());
            for (int round = 0; round < 3; round++) {
                rabbit.rabbitmqctl("close_all_connections", "--vhost", host.name(), "test");
                outage.awaitProgress();
            }
            assertTrue(outage.broker.stats().disconnects() >= 6);
            outage.assertNothingLost("");
        }
    }

    @Test
    void losesNoEventWhenNetworkIsCutAtRandomMoments() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        try (FaultProxy proxy = new FaultProxy(host.host(), host.port());
                OutageTestSetup outage =
                        OutageTestSetup.underLoad(
                                TestBrokerConfigs.config(host, proxy.port()).build(), host)) {
            for (int cut = 0; cut < 25; cut++) {
                boolean up = random.nextInt(4) > 0;
                switch (random.nextInt(4)) {
                    case 0 -> proxy.reset();
                    case 1 -> proxy.finish();
                    default ->
                            proxy.cutAfter(
                                    up ? TrafficDirection.TO_SERVER : TrafficDirection.TO_CLIENT,
                                    1 + random.nextInt(up ? 50_000 : 500));
                }
                OutageTestSetup.pass(random.nextInt(200));
            }
            outage.awaitProgress();
            outage.assertNothingLost(" seed " + seed);
        }
    }

    @Test
    void limitsMessagesInFlightDuringMemoryAlarmAndLosesNoEvent() throws Exception {
        RabbitServer rabbit = Servers.sharedRabbit();
        assumeTrue(rabbit.isRabbitMq());
        VirtualHost host = rabbit.newVirtualHost();
        BrokerConfig config = TestBrokerConfigs.config(host).window(50, 1 << 20).build();
        try (OutageTestSetup outage = OutageTestSetup.underLoad(config, host)) {
            rabbit.rabbitmqctl("set_vm_memory_high_watermark", "absolute", "1");
            try {
                Eventually.await(
                        "blocked",
                        Duration.ofSeconds(20),
                        () -> outage.broker.stats().connectionsBlocked() > 0);
                OutageTestSetup.pass(500);
                long inFlight = outage.broker.stats().inFlightMessages();
                assertTrue(inFlight <= 50L * OutageTestSetup.SHARDS, "in flight " + inFlight);
            } finally {
                rabbit.rabbitmqctl("set_vm_memory_high_watermark", "0.6");
            }
            outage.awaitProgress();
            outage.assertNothingLost("");
        }
    }

    @Test
    void declaresDeletedExchangeAgainAndLosesNoEvent() throws Exception {
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        try (OutageTestSetup outage =
                        OutageTestSetup.underLoad(TestBrokerConfigs.config(host).build(), host);
                Connection connection = connect(host)) {
            for (int round = 0; round < 3; round++) {
                connection.createChannel().exchangeDelete("gateway");
                outage.awaitProgress();
            }
            outage.assertNothingLost("");
        }
    }

    @Test
    void retriesWhenPasswordIsRejectedAndLosesNoEvent() throws Exception {
        RabbitServer rabbit = Servers.sharedRabbit();
        assumeTrue(rabbit.isRabbitMq());
        VirtualHost host = rabbit.newVirtualHost();
        BrokerConfig config = asUser(rabbit, host, "changing");
        try (OutageTestSetup outage = OutageTestSetup.underLoad(config, host)) {
            rabbit.rabbitmqctl("change_password", "changing", "other");
            rabbit.rabbitmqctl("close_all_connections", "--vhost", host.name(), "test");
            awaitRefusal(outage, BrokerRefusal.AUTHENTICATION);
            rabbit.rabbitmqctl("change_password", "changing", "pw");
            outage.awaitProgress();
            outage.assertNothingLost("");
        }
    }

    @Test
    void retriesWhenPermissionsAreRevokedAndLosesNoEvent() throws Exception {
        RabbitServer rabbit = Servers.sharedRabbit();
        assumeTrue(rabbit.isRabbitMq());
        VirtualHost host = rabbit.newVirtualHost();
        BrokerConfig config = asUser(rabbit, host, "limited");
        try (OutageTestSetup outage = OutageTestSetup.underLoad(config, host)) {
            rabbit.rabbitmqctl("set_permissions", "-p", host.name(), "limited", "^$", "^$", "^$");
            awaitRefusal(outage, BrokerRefusal.PERMISSION);
            rabbit.rabbitmqctl("set_permissions", "-p", host.name(), "limited", ".*", ".*", ".*");
            outage.awaitProgress();
            outage.assertNothingLost("");
        }
    }

    private static BrokerConfig asUser(RabbitServer rabbit, VirtualHost host, String user) {
        rabbit.rabbitmqctl("add_user", user, "pw");
        rabbit.rabbitmqctl("set_permissions", "-p", host.name(), user, ".*", ".*", ".*");
        return TestBrokerConfigs.config(host).credentials(user, new Secret("pw")).build();
    }

    private static void awaitRefusal(OutageTestSetup outage, BrokerRefusal reason) {
        Eventually.await(
                "refused: " + reason,
                Duration.ofSeconds(30),
                () ->
                        outage.events.stream()
                                .anyMatch(event ->
                                        event instanceof BrokerEvent.Refused refused
                                                && refused.kind() == reason));
    }

    /**
     * Deletes an idle queue: RabbitMQ confirms messages that are on their way into a deleted queue,
     * and loses them with the queue. The substitute server does not notify a consumer of the
     * deletion.
     */
    @Test
    void declaresDeletedQueueAgainBeforeNextEventIsLost() throws Exception {
        assumeTrue(Servers.sharedRabbit().isRabbitMq());
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        Broker broker = Broker.connect(TestBrokerConfigs.config(host).build(), _ -> {});
        PublishingLane lane = broker.lane(0, _ -> {});
        try (ReceivedEvents arrivals = new ReceivedEvents(host, "gateway.recv");
                Connection connection = connect(host)) {
            for (int round = 1; round <= 3; round++) {
                for (int i = 99; i >= 0; i--) {
                    lane.publish(List.of(PublishingLoad.message(0, round * 100 - i)));
                }
                assertTrue(broker.drain(Duration.ofSeconds(10)));
                arrivals.assertComplete(0, round * 100, "");
                connection.createChannel().queueDelete("gateway.recv");
            }
        }
        assertTrue(broker.stats().nacked() + broker.stats().returned() >= 2);
        assertTrue(broker.close(Duration.ofSeconds(5)));
    }

    private static Connection connect(VirtualHost host) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(host.uri());
        return factory.newConnection();
    }
}
