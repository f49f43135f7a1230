package loom.dispatch.broker.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;

import loom.dispatch.broker.BrokerRefusal;

import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLHandshakeException;

/** Classifies a failure: repeat the attempt, or report a rejection that an operator must remove. */
public sealed interface ConnectionFailure {

    /** One line for the log. */
    String explanation();

    /** RabbitMQ is unreachable for now; the caller tries again. */
    record Unreachable(String explanation) implements ConnectionFailure {}

    /** RabbitMQ answers and rejects the request; only an operator can remove the cause. */
    record Refused(BrokerRefusal reason, String explanation) implements ConnectionFailure {}

    /** Matches the reply text of a 406, which names the differing argument. */
    Pattern INEQUIVALENT =
            Pattern.compile(
                    "inequivalent arg '([^']*)' for (\\w+) '([^']*)' in vhost '([^']*)': (.*)",
                    Pattern.DOTALL);

    /** Classifies the exception of an attempt to connect, declare or publish. */
    static ConnectionFailure of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case AuthenticationFailureException refused -> {
                    return authentication(refused.getMessage());
                }
                case PossibleAuthenticationFailureException refused -> {
                    return authentication(refused.getMessage());
                }
                case SSLHandshakeException refused -> {
                    return new Refused(
                            BrokerRefusal.TLS, "the TLS handshake failed: " + text(refused));
                }
                case CertificateException refused -> {
                    return new Refused(
                            BrokerRefusal.TLS, "the certificate is not accepted: " + text(refused));
                }
                case ShutdownSignalException closed -> {
                    return ofClose(closed);
                }
                default -> {
                    // check its cause
                }
            }
        }
        return new Unreachable(text(failure));
    }

    /** Returns one line with the reason why a channel, a connection or an attempt ended. */
    static String reasonOf(Throwable failure) {
        return of(failure).explanation();
    }

    private static ConnectionFailure authentication(String text) {
        return new Refused(
                BrokerRefusal.AUTHENTICATION,
                "RabbitMQ refused the user name or the password; the user guest may connect only"
                        + " from RabbitMQ's own machine ("
                        + line(text)
                        + ")");
    }

    private static ConnectionFailure ofClose(ShutdownSignalException closed) {
        return switch (closed.getReason()) {
            case AMQP.Channel.Close close -> ofCode(close.getReplyCode(), close.getReplyText());
            case AMQP.Connection.Close close -> ofCode(close.getReplyCode(), close.getReplyText());
            case null, default ->
                    new Unreachable(
                            Optional.ofNullable(closed.getCause())
                                    .map(ConnectionFailure::text)
                                    .orElseGet(() -> text(closed)));
        };
    }

    private static ConnectionFailure ofCode(int code, String reply) {
        String text = line(reply);
        return switch (code) {
            case AMQP.PRECONDITION_FAILED, AMQP.RESOURCE_LOCKED ->
                    new Refused(BrokerRefusal.TOPOLOGY, explainArguments(text));
            case AMQP.ACCESS_REFUSED ->
                    new Refused(
                            BrokerRefusal.PERMISSION,
                            text + "; give the user configure, write and read permission");
            case AMQP.NOT_ALLOWED -> notAllowed(text);
            default -> new Unreachable(text);
        };
    }

    private static ConnectionFailure notAllowed(String text) {
        if (text.contains("limit")) {
            // A limit of connections: other clients may close theirs.
            return new Unreachable(text);
        }
        return text.contains("vhost") && !text.contains("exchange")
                ? new Refused(
                        BrokerRefusal.VIRTUAL_HOST,
                        text + "; create it or give the user permissions in it")
                : new Refused(BrokerRefusal.TOPOLOGY, text);
    }

    private static String explainArguments(String text) {
        Matcher found = INEQUIVALENT.matcher(text);
        if (!found.find()) {
            return text;
        }
        return "the %s '%s' in virtual host '%s' exists with another '%s' (%s); configure the same or delete it once it is empty"
                .formatted(
                        found.group(2),
                        found.group(3),
                        found.group(4),
                        found.group(1),
                        found.group(5));
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return line(
                message == null || message.isBlank()
                        ? failure.getClass().getSimpleName()
                        : message);
    }

    private static String line(String text) {
        return text == null ? "" : text.replaceAll("\\s+", " ").strip();
    }
}
