package loom.dispatch.simulator.events;

import static loom.dispatch.simulator.world.Json.of;

import loom.dispatch.simulator.world.Guild;
import loom.dispatch.simulator.world.Json;
import loom.dispatch.simulator.world.PayloadSamples;
import loom.dispatch.simulator.world.World;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Creates, updates and deletes a guild's sounds, stages, scheduled events, integrations, rules and
 * invites.
 */
final class GuildObjectEvents {
    private final World world;
    private final SimulatedEvent.Sink sink;

    GuildObjectEvents(World world, SimulatedEvent.Sink sink) {
        this.world = world;
        this.sink = sink;
    }

    void register(Map<String, SimulatedEvent> simulatedEvents) {
        simulatedEvents.put(
                "GUILD_SOUNDBOARD_SOUND_CREATE",
                g -> create(g, g.sounds, "sound_id", "GUILD_SOUNDBOARD_SOUND_CREATE", sound(g)));
        simulatedEvents.put(
                "GUILD_SOUNDBOARD_SOUND_UPDATE",
                g -> update(g, g.sounds, "name", "GUILD_SOUNDBOARD_SOUND_UPDATE"));
        simulatedEvents.put(
                "GUILD_SOUNDBOARD_SOUND_DELETE",
                g ->
                        delete(
                                g,
                                g.sounds,
                                "sound_id",
                                "GUILD_SOUNDBOARD_SOUND_DELETE",
                                s -> of("sound_id", s.get("sound_id"), "guild_id", g.id())));
        simulatedEvents.put("GUILD_SOUNDBOARD_SOUNDS_UPDATE", this::sounds);
        simulatedEvents.put(
                "SOUNDBOARD_SOUNDS", g -> sink.emit("SOUNDBOARD_SOUNDS", g.id(), all(g)));
        simulatedEvents.put("STAGE_INSTANCE_CREATE", this::stageCreate);
        simulatedEvents.put(
                "STAGE_INSTANCE_UPDATE",
                g -> update(g, g.stages, "topic", "STAGE_INSTANCE_UPDATE"));
        simulatedEvents.put(
                "STAGE_INSTANCE_DELETE",
                g -> delete(g, g.stages, "id", "STAGE_INSTANCE_DELETE", Function.identity()));
        register(simulatedEvents, "GUILD_SCHEDULED_EVENT", g -> g.events, this::event, "id");
        simulatedEvents.put("GUILD_SCHEDULED_EVENT_USER_ADD", g -> interest(g, "ADD", 1));
        simulatedEvents.put("GUILD_SCHEDULED_EVENT_USER_REMOVE", g -> interest(g, "REMOVE", -1));
        register(simulatedEvents, "AUTO_MODERATION_RULE", g -> g.rules, this::rule, "id");
        register(simulatedEvents, "INTEGRATION", g -> g.integrations, this::integration, "id");
        simulatedEvents.put(
                "INTEGRATION_DELETE",
                g ->
                        delete(
                                g,
                                g.integrations,
                                "id",
                                "INTEGRATION_DELETE",
                                i -> of("id", i.get("id"), "guild_id", g.id())));
        simulatedEvents.put(
                "INVITE_CREATE", g -> create(g, g.invites, "code", "INVITE_CREATE", invite(g)));
        simulatedEvents.put(
                "INVITE_DELETE",
                g ->
                        delete(
                                g,
                                g.invites,
                                "code",
                                "INVITE_DELETE",
                                i ->
                                        of(
                                                "channel_id", i.get("channel_id"),
                                                "guild_id", g.id(),
                                                "code", i.get("code"))));
    }

    /** Registers create, update and delete events that carry the whole object. */
    private void register(
            Map<String, SimulatedEvent> simulatedEvents,
            String type,
            Function<Guild, Map<String, Map<String, Object>>> objects,
            Function<Guild, Map<String, Object>> made,
            String key) {
        simulatedEvents.put(
                type + "_CREATE",
                g -> create(g, objects.apply(g), key, type + "_CREATE", made.apply(g)));
        simulatedEvents.put(
                type + "_UPDATE", g -> update(g, objects.apply(g), "name", type + "_UPDATE"));
        simulatedEvents.put(
                type + "_DELETE",
                g -> delete(g, objects.apply(g), key, type + "_DELETE", Function.identity()));
    }

    private void create(
            Guild guild,
            Map<String, Map<String, Object>> objects,
            String key,
            String type,
            Map<String, Object> object) {
        objects.put(Json.text(object, key), object);
        sink.emit(type, guild.id(), object);
    }

    private void update(
            Guild guild, Map<String, Map<String, Object>> objects, String changed, String type) {
        World.any(objects, world.random())
                .ifPresent(object -> {
                    object.put(changed, "changed " + world.random().nextInt(1_000));
                    sink.emit(type, guild.id(), object);
                });
    }

    private void delete(
            Guild guild,
            Map<String, Map<String, Object>> objects,
            String key,
            String type,
            Function<Map<String, Object>, Map<String, Object>> told) {
        World.any(objects, world.random())
                .ifPresent(object -> {
                    objects.remove(Json.text(object, key));
                    sink.emit(type, guild.id(), told.apply(object));
                });
    }

    private Map<String, Object> sound(Guild guild) {
        return world.things().sound(guild.id());
    }

    private void sounds(Guild guild) {
        guild.sounds.values().forEach(sound -> sound.put("volume", 0.25));
        sink.emit("GUILD_SOUNDBOARD_SOUNDS_UPDATE", guild.id(), all(guild));
    }

    private static Map<String, Object> all(Guild guild) {
        List<Object> sounds = new ArrayList<>(guild.sounds.values());
        return of("soundboard_sounds", sounds, "guild_id", guild.id());
    }

    /** Starts a stage. A stage channel holds at most one instance. */
    private void stageCreate(Guild guild) {
        guild.channels.values().stream()
                .filter(channel -> Integer.valueOf(13).equals(channel.get("type")))
                .map(channel -> Json.text(channel, "id"))
                .filter(id ->
                        guild.stages.values().stream()
                                .noneMatch(stage -> id.equals(stage.get("channel_id"))))
                .findFirst()
                .map(id -> world.things().stage(guild.id(), id))
                .ifPresent(
                        stage -> create(guild, guild.stages, "id", "STAGE_INSTANCE_CREATE", stage));
    }

    private Map<String, Object> event(Guild guild) {
        return world.things().scheduledEvent(guild.id(), guild.members.any(world.random()));
    }

    private void interest(Guild guild, String what, int change) {
        World.any(guild.events, world.random())
                .ifPresent(event -> {
                    int users = ((Number) event.get("user_count")).intValue();
                    event.put("user_count", Math.max(0, users + change));
                    sink.emit(
                            "GUILD_SCHEDULED_EVENT_USER_" + what,
                            guild.id(),
                            of(
                                    "guild_scheduled_event_id", event.get("id"),
                                    "user_id", guild.members.any(world.random()),
                                    "guild_id", guild.id()));
                });
    }

    private Map<String, Object> rule(Guild guild) {
        return sample("AUTO_MODERATION_RULE_CREATE", guild);
    }

    private Map<String, Object> integration(Guild guild) {
        return sample("INTEGRATION_CREATE", guild);
    }

    private Map<String, Object> sample(String name, Guild guild) {
        Map<String, Object> object = new LinkedHashMap<>(PayloadSamples.object(name));
        object.put("id", world.ids().next());
        object.put("guild_id", guild.id());
        return object;
    }

    private Map<String, Object> invite(Guild guild) {
        Map<String, Object> invite = new LinkedHashMap<>(PayloadSamples.object("INVITE_CREATE"));
        invite.put("code", Long.toString(world.random().nextLong(1L << 40), 36));
        invite.put("guild_id", guild.id());
        invite.put("channel_id", guild.channels.keySet().iterator().next());
        return invite;
    }
}
