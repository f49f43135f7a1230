package loom.dispatch.app.config;

import static loom.dispatch.app.config.EnvironmentVariable.choice;
import static loom.dispatch.app.config.EnvironmentVariable.flag;
import static loom.dispatch.app.config.EnvironmentVariable.number;
import static loom.dispatch.app.config.EnvironmentVariable.text;

import loom.dispatch.broker.EventQueueArguments;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The settings of published events, their queues and the spool.
 *
 * @param filter selects the published events
 * @param defaultQueue whether gateway.recv is declared
 * @param queue the arguments of gateway.recv
 * @param guildQueues number of queues that share the events by guild
 * @param persistent whether messages survive a restart of RabbitMQ
 * @param mandatory whether messages that no queue accepts are counted
 * @param spoolFolder folder for events that wait on disk; empty for none
 * @param spoolBytes maximum size of the events on disk
 */
public record PublishSettings(
        EventFilter filter,
        boolean defaultQueue,
        EventQueueArguments queue,
        int guildQueues,
        boolean persistent,
        boolean mandatory,
        Optional<Path> spoolFolder,
        long spoolBytes) {
    static final EnvironmentVariable<Boolean> DEFAULT_QUEUE =
            flag("DEFAULT_QUEUE", "true", "declare gateway.recv and bind it to every event");
    static final EnvironmentVariable<EventQueueArguments.Type> RABBIT_QUEUE_TYPE =
            new EnvironmentVariable<>(
                    "RABBIT_QUEUE_TYPE",
                    "",
                    "classic | quorum | stream, or empty",
                    "type of gateway.recv; empty = no queue type argument. To change it,"
                            + " delete the existing queue first",
                    false,
                    text -> text.isEmpty() ? EventQueueArguments.Type.UNSET : queueType(text));
    static final EnvironmentVariable<Long> RABBIT_QUEUE_MESSAGES =
            number(
                    "RABBIT_QUEUE_MESSAGES",
                    "0",
                    0,
                    Long.MAX_VALUE,
                    "messages",
                    "maximum number of messages in gateway.recv; 0 = no limit");
    static final EnvironmentVariable<Long> RABBIT_QUEUE_MB =
            number(
                    "RABBIT_QUEUE_MB",
                    "0",
                    0,
                    1_000_000_000,
                    "MB",
                    "maximum size of gateway.recv; 0 = no limit; a stream needs a limit");
    static final EnvironmentVariable<EventQueueArguments.Overflow> RABBIT_QUEUE_OVERFLOW =
            choice(
                    "RABBIT_QUEUE_OVERFLOW",
                    "drop-head",
                    "at the limit: drop the oldest message, or reject new ones, which then"
                            + " wait in the service; not for a stream",
                    List.of("drop-head", "reject-publish"),
                    text ->
                            EventQueueArguments.Overflow.valueOf(
                                    text.toUpperCase(Locale.ROOT).replace('-', '_')));
    static final EnvironmentVariable<String> RABBIT_QUEUE_DEAD_LETTER =
            text(
                    "RABBIT_QUEUE_DEAD_LETTER",
                    "",
                    "an exchange, or empty",
                    "dead letter exchange of gateway.recv, for dropped and rejected messages");
    static final EnvironmentVariable<Long> RABBIT_GUILD_QUEUES =
            number(
                    "RABBIT_GUILD_QUEUES",
                    "0",
                    0,
                    256,
                    "queues",
                    "number of queues gateway.guild.N that share the events by guild, each"
                            + " with one active consumer");
    static final EnvironmentVariable<Boolean> RABBIT_PERSISTENT =
            flag(
                    "RABBIT_PERSISTENT",
                    "true",
                    "publish persistent messages, which survive a restart of RabbitMQ");
    static final EnvironmentVariable<Boolean> RABBIT_MANDATORY =
            flag(
                    "RABBIT_MANDATORY",
                    "false",
                    "count events that no queue accepted, in the metric broker_returned");
    static final EnvironmentVariable<String> EVENTS_ALLOW =
            patterns("EVENTS_ALLOW", "publish only these events; empty = all");
    static final EnvironmentVariable<String> EVENTS_DENY =
            patterns(
                    "EVENTS_DENY",
                    "do not publish these events; the state cache applies all events");

    static final EnvironmentVariable<Optional<Path>> SPOOL_DIR =
            new EnvironmentVariable<>(
                    "SPOOL_DIR",
                    "",
                    "a folder that no other process uses, or empty",
                    "folder for events that wait on disk when half of BACKLOG_MB is full;"
                            + " empty = no spool",
                    false,
                    text -> text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text)));
    static final EnvironmentVariable<Long> SPOOL_MB =
            number(
                    "SPOOL_MB",
                    "1024",
                    1,
                    1_000_000_000,
                    "MB",
                    "maximum size of the events on disk");

    /** All variables of this part, in the order of the help. */
    static final List<EnvironmentVariable<?>> VARIABLES =
            List.of(
                    EVENTS_ALLOW,
                    EVENTS_DENY,
                    DEFAULT_QUEUE,
                    RABBIT_QUEUE_TYPE,
                    RABBIT_QUEUE_MESSAGES,
                    RABBIT_QUEUE_MB,
                    RABBIT_QUEUE_OVERFLOW,
                    RABBIT_QUEUE_DEAD_LETTER,
                    RABBIT_GUILD_QUEUES,
                    RABBIT_PERSISTENT,
                    RABBIT_MANDATORY,
                    SPOOL_DIR,
                    SPOOL_MB);

    static PublishSettings from(Environment env) {
        return new PublishSettings(
                filter(env.get(EVENTS_ALLOW), env.get(EVENTS_DENY)),
                env.get(DEFAULT_QUEUE),
                queue(env),
                env.get(RABBIT_GUILD_QUEUES).intValue(),
                env.get(RABBIT_PERSISTENT),
                env.get(RABBIT_MANDATORY),
                env.get(SPOOL_DIR),
                env.get(SPOOL_MB) * 1_000_000);
    }

    /** An allow list always includes DISPATCH_GAP. A deny list can exclude it. */
    private static EventFilter filter(String allow, String deny) {
        return EventFilter.of(allow.isEmpty() ? "" : allow + "," + "DISPATCH_GAP", deny);
    }

    private static EventQueueArguments queue(Environment env) {
        try {
            return new EventQueueArguments(
                    env.get(RABBIT_QUEUE_TYPE),
                    env.get(RABBIT_QUEUE_MESSAGES),
                    env.get(RABBIT_QUEUE_MB) * 1_000_000,
                    env.get(RABBIT_QUEUE_OVERFLOW),
                    env.get(RABBIT_QUEUE_DEAD_LETTER));
        } catch (IllegalArgumentException invalid) {
            env.problem("RABBIT_QUEUE_TYPE: " + invalid.getMessage());
            return EventQueueArguments.PLAIN;
        }
    }

    private static EventQueueArguments.Type queueType(String text) {
        EventQueueArguments.Type type =
                EventQueueArguments.Type.valueOf(text.toUpperCase(Locale.ROOT));
        if (type == EventQueueArguments.Type.UNSET) {
            throw new IllegalArgumentException("not one of the choices");
        }
        return type;
    }

    private static EnvironmentVariable<String> patterns(String name, String meaning) {
        return new EnvironmentVariable<>(
                name,
                "",
                "event names joined by commas, * = any letters",
                meaning,
                false,
                text -> {
                    EventFilter.of(text, "");
                    return text;
                });
    }
}
