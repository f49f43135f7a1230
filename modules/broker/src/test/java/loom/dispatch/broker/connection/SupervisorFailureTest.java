package loom.dispatch.broker.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Connection;

import loom.dispatch.broker.BrokerConfig;
import loom.dispatch.broker.TestBrokerConfigs;
import loom.dispatch.runtime.RetryBackoff;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.runtime.ThreadFailure;
import loom.dispatch.servers.Servers;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tests which failures of a channel user the supervisor of a connection handles. */
class SupervisorFailureTest {
    private static final int SECONDS = 20;

    @Test
    void unexpectedExceptionEndsSupervisorAndConnection() throws Exception {
        var failure = new CompletableFuture<ThreadFailure>();
        var cause = new IllegalStateException("thrown by the test");
        RabbitConnection connection = connection(failure);
        connection.adopt(
                new FailingUser() {
                    @Override
                    public int attach(Connection open) {
                        throw cause;
                    }
                });
        connection.start();
        ThreadFailure reported = failure.get(SECONDS, TimeUnit.SECONDS);
        assertEquals("rabbit-supervisor-0", reported.threadName());
        assertSame(cause, reported.cause());
        assertTrue(!connection.isUp(), "the connection is released");
        connection.close();
    }

    @Test
    void attachIsRepeatedAfterFailureOfAmqpClient() throws Exception {
        var failure = new CompletableFuture<ThreadFailure>();
        var attempts = new CountDownLatch(3);
        RabbitConnection connection = connection(failure);
        connection.adopt(
                new FailingUser() {
                    @Override
                    public int attach(Connection open) throws IOException {
                        attempts.countDown();
                        throw new IOException("thrown by the test");
                    }
                });
        connection.start();
        assertTrue(attempts.await(SECONDS, TimeUnit.SECONDS));
        connection.close();
        assertTrue(!failure.isDone(), failure::toString);
    }

    private static RabbitConnection connection(CompletableFuture<ThreadFailure> failure)
            throws Exception {
        BrokerConfig config =
                TestBrokerConfigs.config(Servers.sharedRabbit().newVirtualHost())
                        .backoff(new RetryBackoff(10, 100))
                        .build();
        return new RabbitConnection(
                0,
                true,
                config,
                new ConnectionGroup(),
                new BrokerCounters(),
                new BrokerEventNotifier(_ -> {}),
                new SupervisedThreads(failure::complete));
    }

    private abstract static class FailingUser implements ChannelUser {
        @Override
        public String name() {
            return "failing";
        }

        @Override
        public void detach() {}

        @Override
        public boolean attached() {
            return false;
        }

        @Override
        public boolean progressed() {
            return false;
        }

        @Override
        public void pause(boolean wanted) {}

        @Override
        public void close() {}
    }
}
