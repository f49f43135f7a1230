package loom.dispatch.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import loom.dispatch.runtime.Secret;
import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.servers.proxy.FaultProxy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;

/** Tests that the start waits for an unreachable RabbitMQ, and reports a rejection in one line. */
class BrokerStartTest {

    private static BrokerStartException refusal(BrokerConfig config) {
        return assertThrows(BrokerStartException.class, () -> Broker.connect(config, _ -> {}));
    }

    @Test
    void reportsWrongPasswordWithoutPrintingIt() {
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        BrokerConfig config =
                TestBrokerConfigs.config(host)
                        .credentials(host.user(), new Secret("s3cret"))
                        .build();
        BrokerStartException refused = refusal(config);
        assertEquals(BrokerRefusal.AUTHENTICATION, refused.reason());
        assertTrue(refused.getMessage().contains("password"), refused.getMessage());
        assertTrue(!(refused.getMessage() + config).contains("s3cret"));
    }

    @Test
    void explainsQueueWithDifferentArguments() throws Exception {
        assumeTrue(Servers.sharedRabbit().isRabbitMq());
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(host.uri());
        try (Connection connection = factory.newConnection()) {
            connection
                    .createChannel()
                    .queueDeclare("gateway.recv", true, false, false, Map.of("x-max-length", 9));
        }
        BrokerStartException refused = refusal(TestBrokerConfigs.config(host).build());
        assertEquals(BrokerRefusal.TOPOLOGY, refused.reason());
        for (String part : List.of("queue 'gateway.recv'", "'x-max-length'", "'9'", "delete")) {
            assertTrue(refused.getMessage().contains(part), refused.getMessage());
        }
    }

    @Test
    void explainsUnknownVirtualHost() {
        assumeTrue(Servers.sharedRabbit().isRabbitMq());
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        BrokerStartException refused =
                refusal(TestBrokerConfigs.config(host).virtualHost("no such host").build());
        assertEquals(BrokerRefusal.VIRTUAL_HOST, refused.reason());
        assertTrue(refused.getMessage().contains("no such host"), refused.getMessage());
    }

    @Test
    void explainsMissingPermission() {
        assumeTrue(Servers.sharedRabbit().isRabbitMq());
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        String user = "reader-" + host.name().hashCode();
        Servers.sharedRabbit().rabbitmqctl("add_user", user, "pw");
        Servers.sharedRabbit()
                .rabbitmqctl("set_permissions", "-p", host.name(), user, "^$", "", ".*");
        BrokerStartException refused =
                refusal(TestBrokerConfigs.config(host).credentials(user, new Secret("pw")).build());
        assertEquals(BrokerRefusal.PERMISSION, refused.reason());
        assertTrue(refused.getMessage().contains("configure"), refused.getMessage());
    }

    @Test
    void waitsForRabbitMqThatStartsLater() throws Exception {
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        try (FaultProxy proxy = new FaultProxy(host.host(), host.port())) {
            proxy.refuse();
            List<BrokerEvent> events = new CopyOnWriteArrayList<>();
            FutureTask<Broker> start =
                    new FutureTask<>(() ->
                            Broker.connect(
                                    TestBrokerConfigs.config(host, proxy.port()).build(),
                                    events::add));
            Thread.startVirtualThread(start);
            Eventually.await("three attempts", Duration.ofSeconds(10), () -> events.size() >= 3);
            proxy.accept();
            Broker broker = start.get();
            assertEquals(1, broker.stats().connectionsUp());
            assertTrue(broker.close(Duration.ofSeconds(5)));
        }
    }

    @Test
    void interruptEndsWaitForRabbitMq() throws Exception {
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        try (FaultProxy proxy = new FaultProxy(host.host(), host.port())) {
            proxy.refuse();
            BrokerConfig config = TestBrokerConfigs.config(host, proxy.port()).build();
            FutureTask<InterruptedException> start =
                    new FutureTask<>(() ->
                            assertThrows(
                                    InterruptedException.class,
                                    () -> Broker.connect(config, _ -> {})));
            Thread waiting = Thread.startVirtualThread(start);
            waiting.interrupt();
            start.get();
        }
    }
}
