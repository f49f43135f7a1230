package loom.dispatch.broker.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.ShutdownSignalException;

import loom.dispatch.broker.BrokerConfig;
import loom.dispatch.broker.BrokerInspection;
import loom.dispatch.broker.BrokerInspection.Found;
import loom.dispatch.broker.BrokerInspection.Part;
import loom.dispatch.broker.BrokerStartException;
import loom.dispatch.broker.BrokerUnavailableException;
import loom.dispatch.broker.Endpoint;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Inspects RabbitMQ for {@code doctor} without changing it. Used by one thread.
 *
 * <ul>
 *   <li>Existence: a passive declare.
 *   <li>Arguments: a second declare of an existing queue or exchange. RabbitMQ ignores it if the
 *       arguments are equal, and rejects it if they differ.
 *   <li>Permissions: an invalid request. RabbitMQ checks the permission first and then rejects the
 *       request, so that it neither publishes nor consumes. To write: a message with an invalid
 *       {@code user-id} and {@code expiration}. To read: a consumer with a non-numeric priority.
 * </ul>
 */
public final class RabbitInspector {
    private static final int ROUND_TRIPS = 5;
    private static final String RABBITMQ = "RabbitMQ";

    /** RabbitMQ rejects it in {@code check_user_id_header} and {@code check_expiration_header}. */
    private static final AMQP.BasicProperties INVALID =
            new AMQP.BasicProperties.Builder().userId("-").expiration("-").build();

    private final Connection connection;
    private final String product;

    private RabbitInspector(Connection connection) {
        this.connection = connection;
        product = property("product");
    }

    public static BrokerInspection inspect(BrokerConfig config)
            throws BrokerStartException, BrokerUnavailableException, InterruptedException {
        List<String> silent = new ArrayList<>();
        try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Endpoint endpoint : config.endpoints()) {
                Optional<BrokerInspection> found = inspect(config, endpoint, silent, tasks);
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw new BrokerUnavailableException(String.join("; ", silent));
    }

    private static Optional<BrokerInspection> inspect(
            BrokerConfig config, Endpoint endpoint, List<String> silent, ExecutorService tasks)
            throws BrokerStartException, InterruptedException {
        AmqpConnection link;
        try {
            link = AmqpConnection.open(config, endpoint, "loom-dispatch doctor", tasks);
        } catch (IOException failure) {
            silent.add(endpoint + ": " + unreachable(failure));
            return Optional.empty();
        }
        try {
            var inspector = new RabbitInspector(link.connection());
            return Optional.of(
                    new BrokerInspection(
                            (inspector.product + " " + inspector.property("version")).strip(),
                            endpoint,
                            silent,
                            inspector.roundTrip(),
                            inspector.parts(new TopologyDeclaration(config))));
        } catch (IOException | ShutdownSignalException failure) {
            silent.add(endpoint + ": " + unreachable(failure));
            return Optional.empty();
        } finally {
            link.close();
        }
    }

    private static String unreachable(Exception failure) throws BrokerStartException {
        return switch (ConnectionFailure.of(failure)) {
            case ConnectionFailure.Unreachable(var explanation) -> explanation;
            case ConnectionFailure.Refused(var reason, var explanation) ->
                    throw new BrokerStartException(reason, explanation);
        };
    }

    private String property(String name) {
        Object value = connection.getServerProperties().get(name);
        return value == null ? "" : value.toString();
    }

    private Duration roundTrip() throws IOException {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < ROUND_TRIPS; i++) {
            long before = System.nanoTime();
            Channel channel = TopologyDeclaration.open(connection);
            fastest = Math.min(fastest, System.nanoTime() - before);
            channel.abort();
        }
        return Duration.ofNanos(fastest);
    }

    private List<Part> parts(TopologyDeclaration topology) throws IOException {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("exchange " + TopologyDeclaration.EXCHANGE, exchange()));
        for (var queue : topology.queues().entrySet()) {
            String name = queue.getKey();
            parts.add(new Part("queue " + name, queue(name, queue.getValue())));
        }
        return parts;
    }

    private Found exchange() throws IOException {
        return inspect(
                channel -> {
                    channel.exchangeDeclarePassive(TopologyDeclaration.EXCHANGE);
                    return new Found.Usable(0, 0);
                },
                channel ->
                        channel.exchangeDeclare(
                                TopologyDeclaration.EXCHANGE,
                                BuiltinExchangeType.TOPIC,
                                true,
                                false,
                                false,
                                Map.of()),
                Optional.of(RabbitInspector::publishInvalidMessage));
    }

    private Found queue(String name, Map<String, Object> arguments) throws IOException {
        boolean isConsumed = name.equals(TopologyDeclaration.COMMANDS);
        return inspect(
                channel -> {
                    AMQP.Queue.DeclareOk there = channel.queueDeclarePassive(name);
                    return new Found.Usable(there.getMessageCount(), there.getConsumerCount());
                },
                channel -> channel.queueDeclare(name, true, false, false, arguments),
                isConsumed
                        ? Optional.of(channel -> consumeWithInvalidPriority(channel, name))
                        : Optional.empty());
    }

    @FunctionalInterface
    private interface Request<T> {
        T on(Channel channel) throws IOException;
    }

    private Found inspect(Request<Found> passive, Request<?> declare, Optional<Request<?>> use)
            throws IOException {
        try {
            Found found = send(passive);
            send(declare);
            if (use.isPresent() && product.equals(RABBITMQ)) {
                checkPermission(use.get());
            }
            return found;
        } catch (ChannelRefused refused) {
            return refused.found();
        }
    }

    private void checkPermission(Request<?> request) throws IOException, ChannelRefused {
        try {
            send(request);
        } catch (ChannelRefused refused) {
            if (refused.code == AMQP.ACCESS_REFUSED) {
                throw refused;
            }
        }
    }

    /** Sends a request on a channel of its own, because RabbitMQ closes the channel on an error. */
    private <T> T send(Request<T> request) throws IOException, ChannelRefused {
        Channel channel = TopologyDeclaration.open(connection);
        try {
            return request.on(channel);
        } catch (IOException | ShutdownSignalException failure) {
            Throwable reason = failure.getCause() == null ? failure : failure.getCause();
            if (reason instanceof ShutdownSignalException closed
                    && closed.getReason() instanceof AMQP.Channel.Close close) {
                throw new ChannelRefused(close.getReplyCode(), ConnectionFailure.of(closed));
            }
            throw failure;
        } finally {
            channel.abort();
        }
    }

    private static Void publishInvalidMessage(Channel channel) throws IOException {
        channel.basicPublish(TopologyDeclaration.EXCHANGE, "", INVALID, new byte[0]);
        // RabbitMQ answers this request after it has rejected the message
        channel.basicQos(1);
        return null;
    }

    private static Void consumeWithInvalidPriority(Channel channel, String queue)
            throws IOException {
        channel.basicConsume(
                queue,
                false,
                "",
                false,
                false,
                Map.of("x-priority", "none"),
                new DefaultConsumer(channel));
        return null;
    }

    private static final class ChannelRefused extends Exception {
        private static final long serialVersionUID = 1L;

        private final int code;
        private final transient ConnectionFailure failure;

        private ChannelRefused(int code, ConnectionFailure failure) {
            this.code = code;
            this.failure = failure;
        }

        /** RabbitMQ also answers 404 for an existing queue whose node is down. */
        private Found found() {
            String explanation = failure.explanation();
            return code == AMQP.NOT_FOUND && !explanation.contains("down")
                    ? new Found.Missing()
                    : new Found.Unusable(explanation);
        }
    }
}
