package loom.dispatch.simulator.events;

import loom.dispatch.simulator.world.Guild;

import java.util.Map;

/**
 * One kind of guild event: changes the world and dispatches the matching gateway event. It runs
 * under the gateway's lock. It does nothing if the guild lacks the object it needs.
 */
@FunctionalInterface
public interface SimulatedEvent {
    void apply(Guild guild);

    /** Receives the dispatched events. */
    interface Sink {
        /** Dispatches an event. {@code guildId} is empty for an event without a guild. */
        void emit(String type, String guildId, Map<String, Object> d);

        /** Dispatches GUILD_CREATE to every session of the guild, filtered by its intents. */
        void announce(Guild guild);
    }
}
