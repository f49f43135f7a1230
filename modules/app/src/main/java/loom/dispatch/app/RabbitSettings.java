package loom.dispatch.app;

import static loom.dispatch.app.Variable.flag;
import static loom.dispatch.app.Variable.number;
import static loom.dispatch.app.Variable.secret;
import static loom.dispatch.app.Variable.text;

import java.util.List;

/** How to reach RabbitMQ and what to declare there. */
record RabbitSettings(
        String host, int port, String username, Secret password, boolean defaultQueue) {
    static final Variable<String> RABBIT_HOST =
            text("RABBIT_HOST", "127.0.0.1", "a host", "RabbitMQ's host");
    static final Variable<Long> RABBIT_PORT =
            number("RABBIT_PORT", "5672", 1, 65535, "port", "RabbitMQ's port");
    static final Variable<String> RABBIT_USERNAME =
            text("RABBIT_USERNAME", "guest", "a name", "RabbitMQ's user");
    static final Variable<String> RABBIT_PASSWORD =
            secret("RABBIT_PASSWORD", "guest", "RabbitMQ's password");
    static final Variable<Boolean> DEFAULT_QUEUE =
            flag("DEFAULT_QUEUE", "true", "declare gateway.recv and bind it to every event");

    /** In the order of the help. */
    static final List<Variable<?>> VARIABLES =
            List.of(RABBIT_HOST, RABBIT_PORT, RABBIT_USERNAME, RABBIT_PASSWORD, DEFAULT_QUEUE);

    static RabbitSettings from(Environment env) {
        return new RabbitSettings(
                env.get(RABBIT_HOST),
                env.get(RABBIT_PORT).intValue(),
                env.get(RABBIT_USERNAME),
                new Secret(env.get(RABBIT_PASSWORD)),
                env.get(DEFAULT_QUEUE));
    }
}
