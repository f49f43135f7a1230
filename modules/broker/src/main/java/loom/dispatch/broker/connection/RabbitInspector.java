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
 * Looks at RabbitMQ and leaves it as it is. Used by one thread.
 *
 * <p>A passive declare tells whether a thing is there, and not whether its arguments are ours. What
 * is there is therefore declared again: with the same arguments that does nothing, with others it
 * is refused. Whether the user may write and read is asked by requests that RabbitMQ refuses for
 * another reason after it has checked the permission: a message whose {@code user-id} and {@code
 * expiration} cannot be, a consumer whose priority is no number. Nothing is published or consumed.
 */
public final class RabbitInspector {
    private static final int QUESTIONS = 5;
    private static final String RABBITMQ = "RabbitMQ";

    /** Refused by {@code check_user_id_header} and {@code check_expiration_header}. */
    private static final AMQP.BasicProperties IMPOSSIBLE =
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
        for (int i = 0; i < QUESTIONS; i++) {
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
        return look(
                channel -> {
                    channel.exchangeDeclarePassive(TopologyDeclaration.EXCHANGE);
                    return new Found.Fit(0, 0);
                },
                channel ->
                        channel.exchangeDeclare(
                                TopologyDeclaration.EXCHANGE,
                                BuiltinExchangeType.TOPIC,
                                true,
                                false,
                                false,
                                Map.of()),
                Optional.of(RabbitInspector::publishNothing));
    }

    private Found queue(String name, Map<String, Object> arguments) throws IOException {
        boolean weRead = name.equals(TopologyDeclaration.COMMANDS);
        return look(
                channel -> {
                    AMQP.Queue.DeclareOk there = channel.queueDeclarePassive(name);
                    return new Found.Fit(there.getMessageCount(), there.getConsumerCount());
                },
                channel -> channel.queueDeclare(name, true, false, false, arguments),
                weRead ? Optional.of(channel -> consumeNothing(channel, name)) : Optional.empty());
    }

    @FunctionalInterface
    private interface Request<T> {
        T on(Channel channel) throws IOException;
    }

    private Found look(Request<Found> passive, Request<?> declare, Optional<Request<?>> use)
            throws IOException {
        try {
            Found found = ask(passive);
            ask(declare);
            if (use.isPresent() && product.equals(RABBITMQ)) {
                askTheImpossible(use.get());
            }
            return found;
        } catch (ChannelRefused refused) {
            return refused.found();
        }
    }

    private void askTheImpossible(Request<?> request) throws IOException, ChannelRefused {
        try {
            ask(request);
        } catch (ChannelRefused refused) {
            if (refused.code == AMQP.ACCESS_REFUSED) {
                throw refused;
            }
        }
    }

    /** Asks on a channel of its own, which a refusal closes. */
    private <T> T ask(Request<T> request) throws IOException, ChannelRefused {
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

    private static Void publishNothing(Channel channel) throws IOException {
        channel.basicPublish(TopologyDeclaration.EXCHANGE, "", IMPOSSIBLE, new byte[0]);
        // the answer to this comes after the refusal
        channel.basicQos(1);
        return null;
    }

    private static Void consumeNothing(Channel channel, String queue) throws IOException {
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

        /** A 404 also comes for a queue whose node is down: then it is there. */
        private Found found() {
            String explanation = failure.explanation();
            return code == AMQP.NOT_FOUND && !explanation.contains("down")
                    ? new Found.Missing()
                    : new Found.Unfit(explanation);
        }
    }
}
