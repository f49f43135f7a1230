package loom.dispatch.simulator.events;

import static loom.dispatch.simulator.world.Json.of;

import loom.dispatch.simulator.world.Guild;
import loom.dispatch.simulator.world.Json;
import loom.dispatch.simulator.world.World;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Creates, updates, pins in and deletes channels, and sets voice channel statuses. */
final class ChannelEvents {
    private final World world;
    private final SimulatedEvent.Sink sink;

    ChannelEvents(World world, SimulatedEvent.Sink sink) {
        this.world = world;
        this.sink = sink;
    }

    void register(Map<String, SimulatedEvent> simulatedEvents) {
        simulatedEvents.put("CHANNEL_CREATE", this::create);
        simulatedEvents.put("CHANNEL_UPDATE", this::update);
        simulatedEvents.put("CHANNEL_DELETE", this::delete);
        simulatedEvents.put("CHANNEL_PINS_UPDATE", this::pins);
        simulatedEvents.put("CHANNEL_INFO", g -> sink.emit("CHANNEL_INFO", g.id(), info(g)));
        simulatedEvents.put(
                "VOICE_CHANNEL_STATUS_UPDATE",
                g -> voiceInfo(g, "status", world.people().chance(.7) ? "raiding" : null));
        simulatedEvents.put(
                "VOICE_CHANNEL_START_TIME_UPDATE",
                g ->
                        voiceInfo(
                                g,
                                "voice_start_time",
                                world.people().chance(.7) ? world.ids().tick() / 1_000 : null));
    }

    private void create(Guild guild) {
        int type = world.people().any(List.of(0, 0, 2, 4, 5, 13, 15));
        Map<String, Object> channel =
                world.things().channel(guild.id(), type, guild.channels.size(), null);
        guild.channels.put(Json.text(channel, "id"), channel);
        sink.emit("CHANNEL_CREATE", guild.id(), channel);
    }

    private void update(Guild guild) {
        World.any(guild.channels, world.random())
                .ifPresent(channel -> {
                    channel.put("name", "renamed-" + world.random().nextInt(1_000));
                    sink.emit("CHANNEL_UPDATE", guild.id(), channel);
                });
    }

    /** Deletes a channel, but keeps one of each type that other events need. */
    private void delete(Guild guild) {
        World.any(guild.channels, world.random())
                .filter(channel ->
                        guild.channels.values().stream()
                                        .filter(c -> c.get("type").equals(channel.get("type")))
                                        .count()
                                > 1)
                .ifPresent(channel -> delete(guild, channel));
    }

    /** Removes the channel's dependent objects without events of their own (section 6.4). */
    private void delete(Guild guild, Map<String, Object> channel) {
        Object id = channel.get("id");
        guild.channels.remove(id);
        guild.channelInfo.remove(id);
        guild.threads.values().removeIf(thread -> id.equals(thread.get("parent_id")));
        guild.voiceStates.values().removeIf(state -> id.equals(state.get("channel_id")));
        guild.stages.values().removeIf(stage -> id.equals(stage.get("channel_id")));
        guild.events.values().removeIf(event -> id.equals(event.get("channel_id")));
        guild.messages.values().removeIf(message -> id.equals(message.get("channel_id")));
        guild.invites.values().removeIf(invite -> id.equals(invite.get("channel_id")));
        for (Map<String, Object> child : guild.channels.values()) {
            if (id.equals(child.get("parent_id"))) {
                child.put("parent_id", null);
                sink.emit("CHANNEL_UPDATE", guild.id(), child);
            }
        }
        sink.emit("CHANNEL_DELETE", guild.id(), channel);
    }

    private void pins(Guild guild) {
        guild.channels.values().stream()
                .filter(channel -> Integer.valueOf(0).equals(channel.get("type")))
                .findFirst()
                .ifPresent(channel -> {
                    Object at = world.people().chance(.8) ? world.ids().now() : null;
                    channel.put("last_pin_timestamp", at);
                    sink.emit(
                            "CHANNEL_PINS_UPDATE",
                            guild.id(),
                            of(
                                    "guild_id", guild.id(),
                                    "channel_id", channel.get("id"),
                                    "last_pin_timestamp", at));
                });
    }

    private void voiceInfo(Guild guild, String field, Object value) {
        Optional<Map<String, Object>> voice =
                guild.channels.values().stream()
                        .filter(channel -> Integer.valueOf(2).equals(channel.get("type")))
                        .findFirst();
        voice.ifPresent(channel -> {
            String id = Json.text(channel, "id");
            Map<String, Object> info = guild.channelInfo.computeIfAbsent(id, key -> of("id", key));
            if (value == null) {
                info.remove(field);
            } else {
                info.put(field, value);
            }
            String type = field.equals("status") ? "STATUS" : "START_TIME";
            sink.emit(
                    "VOICE_CHANNEL_" + type + "_UPDATE",
                    guild.id(),
                    of("id", id, "guild_id", guild.id(), field, value));
        });
    }

    /** Returns every field that a response to op 43 can hold (section 5.8). */
    static Map<String, Object> info(Guild guild) {
        return of("guild_id", guild.id(), "channels", List.copyOf(guild.channelInfo.values()));
    }
}
