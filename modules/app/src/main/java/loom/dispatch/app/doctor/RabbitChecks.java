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

/** Checks RabbitMQ: the login, and the exchange and queues if they exist. */
final class RabbitChecks {
    private static final String RABBIT = "rabbitmq";
    private static final String COMMANDS = "queue gateway.send";

    private RabbitChecks() {}

    static void check(Settings settings, Consumer<DoctorFinding> found)
            throws InterruptedException {
        BrokerConfig config = BrokerConfigFactory.broker(settings);
        try {
            BrokerInspection inspection = Broker.inspect(config);
            inspection
                    .unreachable()
                    .forEach(endpoint ->
                            found.accept(DoctorFinding.warn(RABBIT, "no answer: " + endpoint)));
            found.accept(
                    DoctorFinding.ok(
                            RABBIT,
                            "%s at %s, user %s, virtual host %s, round trip %.1f ms"
                                    .formatted(
                                            inspection.server(),
                                            inspection.endpoint(),
                                            config.username(),
                                            config.virtualHost(),
                                            inspection.roundTrip().toNanos() / 1e6)));
            inspection.parts().forEach(part -> found.accept(part(part.name(), part.found())));
        } catch (BrokerStartException refused) {
            found.accept(DoctorFinding.fail(RABBIT, refused.getMessage(), ExitCode.TOPOLOGY));
        } catch (BrokerUnavailableException unavailable) {
            found.accept(
                    DoctorFinding.fail(
                            RABBIT,
                            "no answer; a start would wait: "
                                    + unavailable.getMessage()
                                    + "; check that it runs, and check RABBIT_HOST, RABBIT_PORT"
                                    + " and RABBIT_TLS, or RABBIT_URI",
                            ExitCode.FAILED));
        }
    }

    private static DoctorFinding part(String name, Found found) {
        return switch (found) {
            case Found.Missing _ ->
                    DoctorFinding.ok(name, "does not exist yet; a start declares it");
            case Found.Unusable(var explanation) ->
                    DoctorFinding.fail(name, explanation, ExitCode.TOPOLOGY);
            case Found.Usable _ when name.startsWith("exchange") ->
                    DoctorFinding.ok(name, "exists");
            case Found.Usable(var messages, var consumers) -> queue(name, messages, consumers);
        };
    }

    private static DoctorFinding queue(String name, long messages, long consumers) {
        String text = String.format(Locale.ROOT, "%,d messages, %d consumers", messages, consumers);
        // the service itself consumes commands, and it may not run now
        boolean unread = messages > 0 && consumers == 0 && !name.equals(COMMANDS);
        return unread
                ? DoctorFinding.warn(name, text + ": no consumer reads this queue, and it grows")
                : DoctorFinding.ok(name, "exists; " + text);
    }
}
