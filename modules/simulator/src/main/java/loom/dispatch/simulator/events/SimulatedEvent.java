package loom.dispatch.simulator.events;

import loom.dispatch.simulator.world.Guild;

import java.util.Map;

/**
 * One thing that can happen in a guild: changes the world and dispatches the event that tells of
 * it. Runs under the gateway's lock; does nothing if the guild lacks what it needs.
 */
@FunctionalInterface
public interface SimulatedEvent {
    void happen(Guild guild);

    /** Where the events of happenings go. */
    interface Sink {
        /** {@code guildId} is empty for what has none. */
        void emit(String type, String guildId, Map<String, Object> d);

        /** GUILD_CREATE, of which every session gets what its intents allow. */
        void announce(Guild guild);
    }
}
