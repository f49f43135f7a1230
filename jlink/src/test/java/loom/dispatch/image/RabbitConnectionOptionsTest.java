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

/** The ways to RabbitMQ besides a host and a port, and the queues besides the classic one. */
final class RabbitConnectionOptionsTest {
    private static final String PASSWORD = "p@ss/w:o%rd#?é";
    private static final String ENCODED = "p%40ss%2Fw%3Ao%25rd%23%3F%C3%A9";

    private static void assertDelivers(ImageTestSetup stage, String queueType) throws Exception {
        stage.awaitReady();
        stage.simulator().events().rate(1_000);
        stage.awaitEvents(2_000);
        System.out.println(queueType + ": " + stage.assertPromiseKept());
        String queues = stage.rabbit().rabbitmqctl("list_queues", "name", "type");
        assertTrue(queues.matches("(?s).*gateway\\.recv\\s+" + queueType + "\\b.*"), queues);
    }

    @Test
    void aQuorumQueueIsReachedByThePasswordAndTheHostOfOneTextThatWork() throws Exception {
        try (var stage = ImageTestSetup.withOwnRabbit()) {
            assumeTrue(stage.rabbit().isRabbitMq(), "NOT TESTED: the stand-in has no quorum");
            stage.rabbit().rabbitmqctl("add_user", "a bot", PASSWORD);
            stage.rabbit().rabbitmqctl("set_permissions", "a bot", ".*", ".*", ".*");
            VirtualHost host = stage.host();
            // nobody listens on port 1
            String uri = "amqp://a%%20bot:%s@127.0.0.1:1,%s:%d/%%2F";
            stage.startImage(
                    Map.of(
                            "RABBIT_URI",
                            uri.formatted(ENCODED, host.host(), host.port()),
                            "RABBIT_QUEUE_TYPE",
                            "quorum"));
            assertDelivers(stage, "quorum");
            String users = stage.rabbit().rabbitmqctl("list_connections", "user");
            assertTrue(users.contains("a bot"), users);
            assertTrue(!stage.image().output().contains("p@ss"), "a password in the log");
        }
    }

    @Test
    void aStreamIsReachedThroughTlsWhoseAuthorityIsNamed(@TempDir Path folder) throws Exception {
        TestCertificateAuthority authority = TestCertificateAuthority.in(folder);
        try (var stage = ImageTestSetup.withOwnRabbit(Map.of("x-stream-offset", "first"));
                var tls = new TlsProxy(authority, stage.host().port())) {
            assumeTrue(stage.rabbit().isRabbitMq(), "NOT TESTED: the stand-in has no streams");
            Map<String, String> stream = new HashMap<>();
            stream.put("RABBIT_PORT", Integer.toString(tls.port()));
            stream.put("RABBIT_TLS", "true");
            stream.put("RABBIT_QUEUE_TYPE", "stream");
            stream.put("RABBIT_QUEUE_MB", "100");
            stage.startImage(stream);
            assertEquals(4, stage.image().awaitExit(ImageTestSetup.PATIENCE), "trusts anybody");
            assertTrue(stage.image().output().contains("TLS"), stage.image()::output);
            stream.put("RABBIT_TLS_CA", authority.pem().toString());
            stage.startImage(stream);
            assertDelivers(stage, "stream");
        }
    }
}
