package loom.dispatch.app.config;

import static loom.dispatch.app.config.EnvironmentVariable.flag;
import static loom.dispatch.app.config.EnvironmentVariable.number;
import static loom.dispatch.app.config.EnvironmentVariable.secret;
import static loom.dispatch.app.config.EnvironmentVariable.text;

import loom.dispatch.cache.RedisConfig;
import loom.dispatch.cache.RedisUri;
import loom.dispatch.runtime.Secret;

import java.util.List;

/** Reads the variables of {@link RedisConfig}. */
public final class RedisSettings {
    static final EnvironmentVariable<String> REDIS_URI =
            secret(
                    "REDIS_URI",
                    "",
                    "Redis as one URI, instead of host, port, database and TLS: redis://,"
                            + " rediss://, unix://, redis-cluster:// or redis-sentinel://");
    static final EnvironmentVariable<String> REDIS_HOST =
            text("REDIS_HOST", "127.0.0.1", "a host", "host of Redis");
    static final EnvironmentVariable<Long> REDIS_PORT =
            number("REDIS_PORT", "6379", 1, 65535, "port", "port of Redis");
    static final EnvironmentVariable<String> REDIS_USERNAME =
            text(
                    "REDIS_USERNAME",
                    "",
                    "a name, or empty",
                    "ACL user of Redis; empty = the default user");
    static final EnvironmentVariable<String> REDIS_PASSWORD =
            secret("REDIS_PASSWORD", "", "password of that user");
    static final EnvironmentVariable<Long> REDIS_DATABASE =
            number("REDIS_DATABASE", "0", 0, 1_000_000, "", "database number of Redis");
    static final EnvironmentVariable<Boolean> REDIS_TLS =
            flag("REDIS_TLS", "false", "use TLS, with the certificate authorities of the JDK");

    /** All variables of this part, in the order of the help. */
    static final List<EnvironmentVariable<?>> VARIABLES =
            List.of(
                    REDIS_URI,
                    REDIS_HOST,
                    REDIS_PORT,
                    REDIS_USERNAME,
                    REDIS_PASSWORD,
                    REDIS_DATABASE,
                    REDIS_TLS);

    private RedisSettings() {}

    public static RedisConfig from(Environment env) {
        RedisConfig config = withoutCredentials(env);
        boolean uriHasCredentials = !config.username().isEmpty() || !config.password().isEmpty();
        // credentials in the URI override the variables
        return uriHasCredentials
                ? config
                : config.withCredentials(
                        env.get(REDIS_USERNAME), new Secret(env.get(REDIS_PASSWORD)));
    }

    private static RedisConfig withoutCredentials(Environment env) {
        RedisConfig single =
                RedisConfig.standalone(env.get(REDIS_HOST), env.get(REDIS_PORT).intValue())
                        .withDatabase(env.get(REDIS_DATABASE).intValue())
                        .withTls(env.get(REDIS_TLS));
        String uri = env.get(REDIS_URI);
        if (uri.isEmpty()) {
            return single;
        }
        try {
            return RedisUri.parse(uri);
        } catch (IllegalArgumentException invalid) {
            // the message never contains the URI, which may contain a password
            env.problem("REDIS_URI=***: " + invalid.getMessage());
            return single;
        }
    }
}
