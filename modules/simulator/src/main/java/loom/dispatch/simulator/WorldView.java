package loom.dispatch.simulator;

import loom.dispatch.simulator.gateway.SimulatedGateway;
import loom.dispatch.simulator.world.Guild;
import loom.dispatch.simulator.world.Json;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A read-only view of the simulated guilds, for comparison with a cache. Each call sees the state
 * between two events. To compare the results of several calls, pause the events. Thread-safe.
 */
public final class WorldView {
    /** The collections of a guild. The comment names the id of an object. */
    public enum Kind {
        /** {@code id} */
        ROLES,
        /** {@code id} */
        EMOJIS,
        /** {@code id} */
        STICKERS,
        /** {@code id} */
        CHANNELS,
        /** {@code id}, active ones only */
        THREADS,
        /** {@code user.id} */
        MEMBERS,
        /** {@code user.id}, without offline members */
        PRESENCES,
        /** {@code user_id} */
        VOICE_STATES,
        /** {@code id}, active threads only */
        STAGE_INSTANCES,
        /** {@code id} */
        SCHEDULED_EVENTS,
        /** {@code sound_id} */
        SOUNDS,
        /** {@code id} */
        INTEGRATIONS,
        /** {@code id} */
        AUTO_MODERATION_RULES,
        /** {@code code} */
        INVITES,
        /** {@code id}, the newest 100 of the guild */
        MESSAGES,
        /** {@code id} of the channel */
        CHANNEL_INFO
    }

    private final SimulatedGateway gateway;

    WorldView(SimulatedGateway gateway) {
        this.gateway = gateway;
    }

    /** Returns the ids of the guilds, unavailable ones included. */
    public List<String> guildIds() {
        return gateway.locked(() -> gateway.world().guilds().stream().map(Guild::id).toList());
    }

    /** Returns true if the guild has an outage. */
    public boolean unavailable(String guildId) {
        return gateway.locked(() -> gateway.world().guild(guildId).unavailable);
    }

    /** Returns the guild's own fields as JSON, without its collections. */
    public String guild(String guildId) {
        return gateway.locked(() -> json(gateway.world().guild(guildId).fields));
    }

    public int memberCount(String guildId) {
        return gateway.locked(() -> gateway.world().guild(guildId).memberCount);
    }

    /** Returns the bot's user as JSON. */
    public String botUser() {
        return gateway.locked(() -> json(gateway.world().botUser()));
    }

    /** Returns the objects of one collection as JSON, by id. */
    public Map<String, String> objects(String guildId, Kind kind) {
        return gateway.locked(() -> {
            Guild guild = gateway.world().guild(guildId);
            Map<String, String> objects = new LinkedHashMap<>();
            if (kind == Kind.MEMBERS) {
                guild.members.forEach((user, raw) -> objects.put(user, json(raw)));
            } else {
                of(guild, kind).forEach((id, object) -> objects.put(id, json(object)));
            }
            return objects;
        });
    }

    private static Map<String, Map<String, Object>> of(Guild guild, Kind kind) {
        return switch (kind) {
            case ROLES -> guild.roles;
            case EMOJIS -> guild.emojis;
            case STICKERS -> guild.stickers;
            case CHANNELS -> guild.channels;
            case THREADS -> guild.threads;
            case MEMBERS -> Map.of();
            case PRESENCES -> guild.presences;
            case VOICE_STATES -> guild.voiceStates;
            case STAGE_INSTANCES -> guild.stages;
            case SCHEDULED_EVENTS -> guild.events;
            case SOUNDS -> guild.sounds;
            case INTEGRATIONS -> guild.integrations;
            case AUTO_MODERATION_RULES -> guild.rules;
            case INVITES -> guild.invites;
            case MESSAGES -> guild.messages;
            case CHANNEL_INFO -> guild.channelInfo;
        };
    }

    private static String json(Object tree) {
        return new String(Json.bytes(tree), StandardCharsets.UTF_8);
    }
}
