package loom.dispatch.app;

import static loom.dispatch.app.Variable.number;
import static loom.dispatch.app.Variable.text;

import java.util.List;

/** How to reach Redis. */
record RedisSettings(String host, int port) {
    static final Variable<String> REDIS_HOST =
            text("REDIS_HOST", "127.0.0.1", "a host", "Redis's host");
    static final Variable<Long> REDIS_PORT =
            number("REDIS_PORT", "6379", 1, 65535, "port", "Redis's port");

    /** In the order of the help. */
    static final List<Variable<?>> VARIABLES = List.of(REDIS_HOST, REDIS_PORT);

    static RedisSettings from(Environment env) {
        return new RedisSettings(env.get(REDIS_HOST), env.get(REDIS_PORT).intValue());
    }
}
