package loom.dispatch.app.config;

import static loom.dispatch.app.config.EnvironmentVariable.flag;
import static loom.dispatch.app.config.EnvironmentVariable.number;
import static loom.dispatch.app.config.EnvironmentVariable.secret;
import static loom.dispatch.app.config.EnvironmentVariable.text;

import loom.dispatch.broker.Endpoint;
import loom.dispatch.broker.RabbitUri;
import loom.dispatch.broker.TlsTrust;
import loom.dispatch.runtime.Secret;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How to reach RabbitMQ.
 *
 * @param uri hosts, credentials, TLS and virtual host, from RABBIT_URI or from the single variables
 * @param trust whose certificates to believe, if it is TLS
 */
record RabbitSettings(RabbitUri uri, TlsTrust trust) {
    static final EnvironmentVariable<Optional<RabbitUri>> RABBIT_URI =
            new EnvironmentVariable<>(
                    "RABBIT_URI",
                    "",
                    "amqp[s]://user:password@host:port,host:port/vhost, or empty",
                    "RabbitMQ as one URI, instead of the next six variables; several hosts = a"
                            + " cluster, amqps = TLS with verification, %XX = a special character",
                    true,
                    text -> text.isEmpty() ? Optional.empty() : Optional.of(RabbitUri.parse(text)));
    static final EnvironmentVariable<String> RABBIT_HOST =
            text("RABBIT_HOST", "127.0.0.1", "a host", "host of RabbitMQ");
    static final EnvironmentVariable<Long> RABBIT_PORT =
            number("RABBIT_PORT", "5672", 1, 65535, "port", "port of RabbitMQ");
    static final EnvironmentVariable<String> RABBIT_USERNAME =
            text("RABBIT_USERNAME", "guest", "a name", "user of RabbitMQ");
    static final EnvironmentVariable<String> RABBIT_PASSWORD =
            secret("RABBIT_PASSWORD", "guest", "password of RabbitMQ");
    static final EnvironmentVariable<String> RABBIT_VHOST =
            text("RABBIT_VHOST", "/", "a name", "virtual host of RabbitMQ");
    static final EnvironmentVariable<Boolean> RABBIT_TLS =
            flag("RABBIT_TLS", "false", "use TLS, and verify the certificate and the host name");
    static final EnvironmentVariable<Optional<Path>> RABBIT_TLS_CA =
            new EnvironmentVariable<>(
                    "RABBIT_TLS_CA",
                    "",
                    "a file of PEM certificates, or empty",
                    "certificate authorities for RabbitMQ's certificate; empty = those of"
                            + " the JDK",
                    false,
                    text -> text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text)));

    /** All variables of this part, in the order of the help. */
    static final List<EnvironmentVariable<?>> VARIABLES =
            List.of(
                    RABBIT_URI,
                    RABBIT_HOST,
                    RABBIT_PORT,
                    RABBIT_USERNAME,
                    RABBIT_PASSWORD,
                    RABBIT_VHOST,
                    RABBIT_TLS,
                    RABBIT_TLS_CA);

    static RabbitSettings from(Environment env) {
        RabbitUri uri = env.get(RABBIT_URI).orElseGet(() -> single(env));
        return new RabbitSettings(
                uri,
                env.get(RABBIT_TLS_CA)
                        .map(file -> trust(env, uri, file))
                        .orElseGet(TlsTrust::ofJvm));
    }

    private static TlsTrust trust(Environment env, RabbitUri uri, Path file) {
        if (!uri.tls()) {
            env.problem(
                    "RABBIT_TLS_CA is set, but TLS is off: set RABBIT_TLS=true, or use amqps:// in"
                            + " RABBIT_URI");
        }
        try {
            return TlsTrust.ofFile(file);
        } catch (IOException e) {
            env.problem("RABBIT_TLS_CA=\"" + file + "\": " + reason(e));
            return TlsTrust.ofJvm();
        }
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? "no such file" : e.getMessage();
    }

    private static RabbitUri single(Environment env) {
        return new RabbitUri(
                env.get(RABBIT_TLS),
                List.of(new Endpoint(env.get(RABBIT_HOST), env.get(RABBIT_PORT).intValue())),
                env.get(RABBIT_USERNAME),
                new Secret(env.get(RABBIT_PASSWORD)),
                env.get(RABBIT_VHOST));
    }
}
