package loom.dispatch.servers;

/** An AMQP 0-9-1 broker that a test owns: RabbitMQ, or Qpid where there is none. */
public interface RabbitServer extends Server {
    /** The user of all virtual hosts, with all permissions. */
    String user();

    /** The user's password. */
    String password();

    /**
     * Whether this is RabbitMQ itself. The stand-in ignores the {@code x-} arguments of queues,
     * never answers 406, knows no {@code rabbitmqctl}, requeues what is rejected, and answers an
     * unroutable mandatory message with a negative confirm: what relies on one of these must be
     * skipped on it.
     */
    boolean isRabbitMq();

    /**
     * Runs {@code rabbitmqctl} on this broker; takes about half a second.
     *
     * @return what it printed
     * @throws ServerFailure if it failed, or this is no RabbitMQ
     */
    String rabbitmqctl(String... arguments);

    /** The virtual host that is always there, {@code /}. */
    default VirtualHost virtualHost() {
        return new VirtualHost(host(), port(), user(), password(), "/");
    }

    /** Makes an empty virtual host, so that test classes on one broker do not meet; thread-safe. */
    VirtualHost newVirtualHost();
}
