package loom.dispatch.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** Tests addresses, back-off delays and the arguments of declared queues. */
class BrokerSettingsTest {

    @Test
    void parsesEveryFormOfAddress() {
        RabbitUri full = RabbitUri.parse("amqps://us%2Fer:p%40ss@a:1,[::1]:2,c/my%2fhost");
        assertTrue(full.tls());
        assertEquals(
                List.of(new Endpoint("a", 1), new Endpoint("::1", 2), new Endpoint("c", 5671)),
                full.endpoints());
        assertEquals("us/er", full.username());
        assertEquals("p@ss", full.password().reveal());
        assertEquals("my/host", full.virtualHost());
        RabbitUri bare = RabbitUri.parse("amqp://h");
        assertEquals(List.of(new Endpoint("h", 5672)), bare.endpoints());
        assertEquals("/", bare.virtualHost());
        RabbitUri raw = RabbitUri.parse("amqp://u:p/w@100%+x@h:9/%2f");
        assertEquals("p/w@100%+x", raw.password().reveal());
        assertEquals("/", raw.virtualHost());
    }

    @Test
    void rejectsInvalidAddressWithoutPrintingPassword() {
        for (String wrong : List.of("http://u:pw@h", "amqp://u:pw@h:x", "amqp://u:pw@,h")) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> RabbitUri.parse(wrong));
            assertFalse(refused.getMessage().contains("pw"), refused.getMessage());
        }
        assertFalse(RabbitUri.parse("amqp://u:s3cret@h").toString().contains("s3cret"));
    }

    @Test
    void declaresStreamAndQueueWithLimitsAndDeadLetters() throws Exception {
        assumeTrue(Servers.sharedRabbit().isRabbitMq());
        EventQueueArguments limited =
                new EventQueueArguments(
                        EventQueueArguments.Type.CLASSIC,
                        7,
                        1_000_000,
                        EventQueueArguments.Overflow.REJECT_PUBLISH,
                        "dead");
        EventQueueArguments stream =
                new EventQueueArguments(
                        EventQueueArguments.Type.STREAM,
                        0,
                        1_000_000,
                        EventQueueArguments.Overflow.DROP_HEAD,
                        "");
        assertDeclared(
                limited,
                "x-queue-type\",\"classic",
                "x-max-length\",7",
                "x-max-length-bytes\",1000000",
                "x-overflow\",\"reject-publish",
                "x-dead-letter-exchange\",\"dead");
        assertDeclared(stream, "x-queue-type\",\"stream", "x-max-length-bytes\",1000000");
    }

    /** Declares and fills gateway.recv, and asserts its arguments with rabbitmqctl. */
    private static void assertDeclared(EventQueueArguments queue, String... arguments)
            throws Exception {
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        Broker broker =
                Broker.connect(TestBrokerConfigs.config(host).eventQueue(queue).build(), _ -> {});
        PublishingLane lane = broker.lane(0, _ -> {});
        lane.publish(List.of(PublishingLoad.message(0, 1)));
        assertTrue(broker.close(Duration.ofSeconds(10)), "confirmed");
        String printed =
                Servers.sharedRabbit()
                        .rabbitmqctl("list_queues", "--vhost", host.name(), "name", "arguments");
        for (String argument : arguments) {
            assertTrue(printed.contains(argument), argument + " in " + printed);
        }
    }

    @Test
    void declaresQuorumQueueOnlyIfConfigured() throws Exception {
        assumeTrue(Servers.sharedRabbit().isRabbitMq());
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        EventQueueArguments quorum = EventQueueArguments.of(EventQueueArguments.Type.QUORUM);
        Broker broker =
                Broker.connect(
                        TestBrokerConfigs.config(host)
                                .uri(RabbitUri.parse(host.uri().toString()))
                                .eventQueue(quorum)
                                .build(),
                        _ -> {});
        String queues =
                Servers.sharedRabbit()
                        .rabbitmqctl("list_queues", "--vhost", host.name(), "name", "type");
        assertTrue(queues.contains("gateway.recv\tquorum"), queues);
        assertTrue(queues.contains("gateway.send\tclassic"), queues);
        assertTrue(broker.close(Duration.ofSeconds(5)));
    }

    @Test
    void guildUsesOneQueueAndDefaultQueueGetsEachEventOnce() throws Exception {
        assumeTrue(Servers.sharedRabbit().isRabbitMq());
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        Broker broker =
                Broker.connect(TestBrokerConfigs.config(host).guildQueues(3).build(), _ -> {});
        PublishingLane lane = broker.lane(5, _ -> {});
        for (int n = 1; n <= 90; n++) {
            String guild = n % 10 == 0 ? "" : Long.toString((long) (n % 10) << 22);
            EventOrigin origin = new EventOrigin(5, n, "s", guild, false);
            lane.publish(List.of(new EventMessage(n, "E", new byte[1], "s:" + n, 0, origin)));
        }
        assertTrue(broker.close(Duration.ofSeconds(5)));
        String queues =
                Servers.sharedRabbit()
                        .rabbitmqctl("list_queues", "--vhost", host.name(), "name", "messages");
        // Guilds 3, 6, 9; guilds 1, 4, 7; guilds 2, 5, 8 and the nine without a guild (shard 5).
        for (String line :
                List.of(
                        "gateway.guild.0\t27",
                        "gateway.guild.1\t27",
                        "gateway.guild.2\t36",
                        "gateway.recv\t90")) {
            assertTrue(queues.contains(line), line + " in " + queues);
        }
    }
}
