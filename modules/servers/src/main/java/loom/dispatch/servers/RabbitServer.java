package loom.dispatch.servers;

/** An AMQP 0-9-1 broker that a test owns: RabbitMQ, or Apache Qpid if RabbitMQ is missing. */
public interface RabbitServer extends Server {
    /** The user of all virtual hosts, with all permissions. */
    String user();

    /** The user's password. */
    String password();

    /**
     * Whether this is RabbitMQ. Skip a test on Qpid if it depends on one of these differences:
     *
     * <ul>
     *   <li>Qpid ignores the {@code x-} arguments of queues and never replies 406.
     *   <li>Qpid has no {@code rabbitmqctl}.
     *   <li>Qpid requeues rejected messages.
     *   <li>Qpid sends basic.nack for an unroutable mandatory message.
     * </ul>
     */
    boolean isRabbitMq();

    /**
     * Runs {@code rabbitmqctl} on this broker; takes about half a second.
     *
     * @return its output
     * @throws ServerFailure if the command fails or this is not RabbitMQ
     */
    String rabbitmqctl(String... arguments);

    /** The default virtual host, {@code /}. */
    default VirtualHost virtualHost() {
        return new VirtualHost(host(), port(), user(), password(), "/");
    }

    /** Creates an empty virtual host, which isolates a test on a shared broker. Thread-safe. */
    VirtualHost newVirtualHost();
}
