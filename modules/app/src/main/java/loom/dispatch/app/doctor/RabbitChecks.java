package loom.dispatch.app.doctor;

import loom.dispatch.app.config.BrokerConfigFactory;
import loom.dispatch.app.config.Settings;
import loom.dispatch.app.process.ExitCode;
import loom.dispatch.broker.Broker;
import loom.dispatch.broker.BrokerConfig;
import loom.dispatch.broker.BrokerInspection;
import loom.dispatch.broker.BrokerInspection.Found;
import loom.dispatch.broker.BrokerStartException;
import loom.dispatch.broker.BrokerUnavailableException;

import java.util.Locale;
import java.util.function.Consumer;

/** Looks at RabbitMQ: the login, and the exchange and queues as far as they are there. */
final class RabbitChecks {
    private static final String RABBIT = "rabbitmq";
    private static final String COMMANDS = "queue gateway.send";

    private RabbitChecks() {}

    static void look(Settings settings, Consumer<DoctorFinding> found) throws InterruptedException {
        BrokerConfig config = BrokerConfigFactory.broker(settings);
        try {
            BrokerInspection seen = Broker.inspect(config);
            seen.unreachable()
                    .forEach(silent -> found.accept(DoctorFinding.warn(RABBIT, "away: " + silent)));
            found.accept(
                    DoctorFinding.ok(
                            RABBIT,
                            "%s at %s, user %s, virtual host %s, %.1f ms a question"
                                    .formatted(
                                            seen.server(),
                                            seen.endpoint(),
                                            config.username(),
                                            config.virtualHost(),
                                            seen.roundTrip().toNanos() / 1e6)));
            seen.parts().forEach(part -> found.accept(part(part.name(), part.found())));
        } catch (BrokerStartException refused) {
            found.accept(DoctorFinding.fail(RABBIT, refused.getMessage(), ExitCode.TOPOLOGY));
        } catch (BrokerUnavailableException away) {
            found.accept(
                    DoctorFinding.fail(
                            RABBIT,
                            "no answer now, a start waits for it: "
                                    + away.getMessage()
                                    + "; is it running, and are RABBIT_HOST, RABBIT_PORT and"
                                    + " RABBIT_TLS, or RABBIT_URI, right?",
                            ExitCode.FAILED));
        }
    }

    private static DoctorFinding part(String name, Found found) {
        return switch (found) {
            case Found.Missing _ -> DoctorFinding.ok(name, "is not there yet; a start makes it");
            case Found.Unusable(var explanation) ->
                    DoctorFinding.fail(name, explanation, ExitCode.TOPOLOGY);
            case Found.Usable _ when name.startsWith("exchange") ->
                    DoctorFinding.ok(name, "as it should be");
            case Found.Usable(var messages, var consumers) -> queue(name, messages, consumers);
        };
    }

    private static DoctorFinding queue(String name, long messages, long consumers) {
        String text = String.format(Locale.ROOT, "%,d messages, %d consumers", messages, consumers);
        // the service itself reads commands, and may not run now
        boolean forgotten = messages > 0 && consumers == 0 && !name.equals(COMMANDS);
        return forgotten
                ? DoctorFinding.warn(name, text + ": nobody reads it, and it grows")
                : DoctorFinding.ok(name, "as it should be; " + text);
    }
}
