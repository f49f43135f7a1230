package loom.dispatch.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;

import loom.dispatch.servers.process.ReadinessCheck;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Assertions for brokers of every source. */
final class RabbitServerTests {
    private static final int MESSAGES = 200;

    private RabbitServerTests() {}

    static Connection connect(VirtualHost virtualHost) throws Exception {
        var factory = new ConnectionFactory();
        factory.setUri(virtualHost.uri());
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }

    static void publish(VirtualHost virtualHost, String queue) throws Exception {
        try (var connection = connect(virtualHost);
                var channel = connection.createChannel()) {
            channel.queueDeclare(queue, true, false, false, null);
            channel.confirmSelect();
            for (int i = 0; i < MESSAGES; i++) {
                byte[] body = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
                channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, body);
            }
            channel.waitForConfirmsOrDie(10_000);
        }
    }

    static long count(VirtualHost virtualHost, String queue) throws Exception {
        try (var connection = connect(virtualHost);
                var channel = connection.createChannel()) {
            channel.queueDeclare(queue, true, false, false, null);
            return channel.messageCount(queue);
        }
    }

    static void virtualHostsAreIsolated(RabbitServer rabbit) throws Exception {
        VirtualHost one = rabbit.newVirtualHost();
        VirtualHost other = rabbit.newVirtualHost();
        publish(one, "q");
        assertEquals(MESSAGES, count(one, "q"));
        assertEquals(0, count(other, "q"));
        assertEquals(0, count(rabbit.virtualHost(), "q"));
    }

    static void restartsOnItsPortAfterKillAndStop(RabbitServer rabbit) throws Exception {
        int port = rabbit.port();
        publish(rabbit.virtualHost(), "kept");
        // RabbitMQ 3 writes a declaration to disk some time after its reply
        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
        rabbit.kill();
        assertEnded(rabbit);
        rabbit.start();
        assertEquals(port, rabbit.port());
        assertEquals(rabbit.keepsData() ? MESSAGES : 0, count(rabbit.virtualHost(), "kept"));
        rabbit.stop();
        assertEnded(rabbit);
        rabbit.start();
        assertEquals(rabbit.keepsData() ? MESSAGES : 0, count(rabbit.virtualHost(), "kept"));
    }

    static void repliesAgainAfterPause(RabbitServer rabbit) {
        rabbit.pause();
        assertTrue(rabbit.isRunning());
        // a thread of the server may still run for a moment after the signal
        Eventually.await(
                "no reply", () -> !ReadinessCheck.AMQP.answers(rabbit.host(), rabbit.port()));
        rabbit.resume();
        Eventually.await(
                "an answer", () -> ReadinessCheck.AMQP.answers(rabbit.host(), rabbit.port()));
    }

    private static void assertEnded(RabbitServer rabbit) {
        assertFalse(rabbit.isRunning());
        assertThrows(
                java.io.IOException.class,
                () -> {
                    try (var socket = new Socket()) {
                        socket.connect(new InetSocketAddress(rabbit.host(), rabbit.port()), 1_000);
                    }
                });
    }
}
