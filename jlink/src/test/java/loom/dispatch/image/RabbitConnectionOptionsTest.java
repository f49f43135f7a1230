package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.simulator.TestCertificateAuthority;
import loom.dispatch.simulator.TlsProxy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Connects to RabbitMQ by URI and over TLS, and publishes to quorum queues and streams. */
final class RabbitConnectionOptionsTest {
    private static final String PASSWORD = "p@ss/w:o%rd#?é";
    private static final String ENCODED = "p%40ss%2Fw%3Ao%25rd%23%3F%C3%A9";

    private static void assertDelivers(ImageTestSetup setup, String queueType) throws Exception {
        setup.awaitReady();
        setup.simulator().events().rate(1_000);
        setup.awaitEvents(2_000);
        System.out.println(queueType + ": " + setup.assertNoEventLost());
        String queues = setup.rabbit().rabbitmqctl("list_queues", "name", "type");
        assertTrue(queues.matches("(?s).*gateway\\.recv\\s+" + queueType + "\\b.*"), queues);
    }

    @Test
    void publishesToQuorumQueueThroughUriWithEncodedPasswordAndTwoHosts() throws Exception {
        try (var setup = ImageTestSetup.withOwnRabbit()) {
            assumeTrue(setup.rabbit().isRabbitMq(), "NOT TESTED: the stand-in has no quorum");
            setup.rabbit().rabbitmqctl("add_user", "a bot", PASSWORD);
            setup.rabbit().rabbitmqctl("set_permissions", "a bot", ".*", ".*", ".*");
            VirtualHost host = setup.host();
            // no server listens on port 1
            String uri = "amqp://a%%20bot:%s@127.0.0.1:1,%s:%d/%%2F";
            setup.startImage(
                    Map.of(
                            "RABBIT_URI",
                            uri.formatted(ENCODED, host.host(), host.port()),
                            "RABBIT_QUEUE_TYPE",
                            "quorum"));
            assertDelivers(setup, "quorum");
            String users = setup.rabbit().rabbitmqctl("list_connections", "user");
            assertTrue(users.contains("a bot"), users);
            assertTrue(!setup.image().output().contains("p@ss"), "a password in the log");
        }
    }

    @Test
    void publishesToStreamThroughTlsWithGivenAuthority(@TempDir Path folder) throws Exception {
        TestCertificateAuthority authority = TestCertificateAuthority.in(folder);
        try (var setup = ImageTestSetup.withOwnRabbit(Map.of("x-stream-offset", "first"));
                var tls = new TlsProxy(authority, setup.host().port())) {
            assumeTrue(setup.rabbit().isRabbitMq(), "NOT TESTED: the stand-in has no streams");
            Map<String, String> stream = new HashMap<>();
            stream.put("RABBIT_PORT", Integer.toString(tls.port()));
            stream.put("RABBIT_TLS", "true");
            stream.put("RABBIT_QUEUE_TYPE", "stream");
            stream.put("RABBIT_QUEUE_MB", "100");
            setup.startImage(stream);
            assertEquals(4, setup.image().awaitExit(ImageTestSetup.TIMEOUT), "trusts anybody");
            assertTrue(setup.image().output().contains("TLS"), setup.image()::output);
            stream.put("RABBIT_TLS_CA", authority.pem().toString());
            setup.startImage(stream);
            assertDelivers(setup, "stream");
        }
    }
}
