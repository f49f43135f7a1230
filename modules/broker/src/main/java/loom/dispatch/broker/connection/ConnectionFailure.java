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

/** Decides, in one place, whether a failed attempt is worth repeating or needs an operator. */
public sealed interface ConnectionFailure {

    /** One line for the log. */
    String explanation();

    /** Away for now: waiting is right. */
    record Unreachable(String explanation) implements ConnectionFailure {}

    /** It answers and refuses: only an operator can change it. */
    record Refused(BrokerRefusal reason, String explanation) implements ConnectionFailure {}

    /** RabbitMQ's text of a 406: which argument of what differs. */
    Pattern INEQUIVALENT =
            Pattern.compile(
                    "inequivalent arg '([^']*)' for (\\w+) '([^']*)' in vhost '([^']*)': (.*)",
                    Pattern.DOTALL);

    /** Judges what an attempt to connect, declare or publish ended with. */
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
                    // look at what caused it
                }
            }
        }
        return new Unreachable(text(failure));
    }

    /** One line that says why a channel, a connection or an attempt ended. */
    static String reasonOf(Throwable failure) {
        return of(failure).explanation();
    }

    private static ConnectionFailure authentication(String text) {
        return new Refused(
                BrokerRefusal.AUTHENTICATION,
                "RabbitMQ refused the user name or the password; its user guest may come from its"
                        + " own machine alone ("
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
            // Too many connections for now: they may become fewer.
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
