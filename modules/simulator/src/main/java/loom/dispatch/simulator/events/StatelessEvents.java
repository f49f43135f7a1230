package loom.dispatch.simulator.events;

import loom.dispatch.simulator.world.Guild;
import loom.dispatch.simulator.world.PayloadSamples;
import loom.dispatch.simulator.world.World;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Dispatches events that do not change the world: recorded samples with the ids of the guild. */
final class StatelessEvents {
    private static final List<String> TYPES =
            List.of(
                    "APPLICATION_COMMAND_PERMISSIONS_UPDATE",
                    "AUTO_MODERATION_ACTION_EXECUTION",
                    "ENTITLEMENT_CREATE",
                    "ENTITLEMENT_DELETE",
                    "ENTITLEMENT_UPDATE",
                    "GUILD_AUDIT_LOG_ENTRY_CREATE",
                    "GUILD_INTEGRATIONS_UPDATE",
                    "INTERACTION_CREATE",
                    "RATE_LIMITED",
                    "SUBSCRIPTION_CREATE",
                    "SUBSCRIPTION_DELETE",
                    "SUBSCRIPTION_UPDATE",
                    "VOICE_CHANNEL_EFFECT_SEND",
                    "VOICE_SERVER_UPDATE",
                    "WEBHOOKS_UPDATE");

    private final World world;
    private final SimulatedEvent.Sink sink;

    StatelessEvents(World world, SimulatedEvent.Sink sink) {
        this.world = world;
        this.sink = sink;
    }

    void register(Map<String, SimulatedEvent> simulatedEvents) {
        TYPES.forEach(type -> simulatedEvents.put(type, guild -> forward(type, guild)));
    }

    private void forward(String type, Guild guild) {
        Map<String, Object> d = new LinkedHashMap<>(PayloadSamples.object(type));
        d.replace("guild_id", guild.id());
        d.replace("channel_id", guild.channels.keySet().iterator().next());
        d.replace("user_id", guild.members.any(world.random()));
        if (d.containsKey("id")) {
            d.put("id", world.ids().next());
        }
        // Events without a guild go to shard 0 (section 3), except RATE_LIMITED.
        boolean direct = !d.containsKey("guild_id") && !type.equals("RATE_LIMITED");
        sink.emit(type, direct ? "" : guild.id(), d);
    }
}
