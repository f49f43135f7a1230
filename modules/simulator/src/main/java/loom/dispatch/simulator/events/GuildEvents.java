package loom.dispatch.simulator.events;

import static loom.dispatch.simulator.world.Json.of;

import loom.dispatch.simulator.world.Guild;
import loom.dispatch.simulator.world.Json;
import loom.dispatch.simulator.world.UserFactory;
import loom.dispatch.simulator.world.World;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates, updates and deletes guilds, starts and ends outages, and changes roles, emojis and
 * stickers.
 */
final class GuildEvents {
    private final World world;
    private final SimulatedEvent.Sink sink;

    GuildEvents(World world, SimulatedEvent.Sink sink) {
        this.world = world;
        this.sink = sink;
    }

    void register(Map<String, SimulatedEvent> simulatedEvents) {
        simulatedEvents.put("GUILD_CREATE", this::create);
        simulatedEvents.put("GUILD_UPDATE", this::update);
        simulatedEvents.put("GUILD_DELETE", this::delete);
        simulatedEvents.put("GUILD_ROLE_CREATE", this::roleCreate);
        simulatedEvents.put("GUILD_ROLE_UPDATE", this::roleUpdate);
        simulatedEvents.put("GUILD_ROLE_DELETE", this::roleDelete);
        simulatedEvents.put("GUILD_EMOJIS_UPDATE", this::emojis);
        simulatedEvents.put("GUILD_STICKERS_UPDATE", this::stickers);
    }

    /** Ends the outage of a guild of the same shard, or creates a guild. */
    private void create(Guild guild) {
        Optional<Guild> back =
                world.guilds().stream()
                        .filter(other -> other.unavailable && world.sameShard(other, guild))
                        .findFirst();
        Guild created = back.orElseGet(() -> world.found(guild));
        created.unavailable = false;
        sink.announce(created);
    }

    private void update(Guild guild) {
        guild.fields.put("name", world.people().any(UserFactory.FIRST) + " renamed");
        guild.fields.put("description", world.people().chance(.5) ? "äöü \"x\"" : null);
        sink.emit("GUILD_UPDATE", guild.id(), guild.bare());
    }

    /** Starts an outage or removes a guild. The last guild of a shard stays. */
    private void delete(Guild guild) {
        long left =
                world.guilds().stream()
                        .filter(g -> !g.unavailable && world.sameShard(g, guild))
                        .count();
        if (left < 2) {
            return;
        }
        if (world.people().chance(.5)) {
            guild.unavailable = true;
            sink.emit("GUILD_DELETE", guild.id(), of("id", guild.id(), "unavailable", true));
        } else {
            world.leave(guild);
            sink.emit("GUILD_DELETE", guild.id(), of("id", guild.id()));
        }
    }

    private void roleCreate(Guild guild) {
        String id = world.ids().next();
        String name = world.people().any(UserFactory.SECOND);
        Map<String, Object> role = world.things().role(id, name, guild.roles.size());
        guild.roles.put(id, role);
        sink.emit("GUILD_ROLE_CREATE", guild.id(), of("guild_id", guild.id(), "role", role));
    }

    private void roleUpdate(Guild guild) {
        World.any(guild.roles, world.random())
                .ifPresent(role -> {
                    role.put("color", world.random().nextInt(1 << 24));
                    role.put("hoist", world.people().chance(.5));
                    sink.emit(
                            "GUILD_ROLE_UPDATE",
                            guild.id(),
                            of("guild_id", guild.id(), "role", role));
                });
    }

    /** Deletes a role. Members and emojis lose it without events of their own (section 6.3). */
    private void roleDelete(Guild guild) {
        World.any(guild.roles, world.random())
                .filter(role -> Boolean.FALSE.equals(role.get("managed")))
                .map(role -> Json.text(role, "id"))
                .filter(id -> !id.equals(guild.id()))
                .ifPresent(id -> {
                    guild.roles.remove(id);
                    for (String user : List.copyOf(guild.members.userIds())) {
                        Map<String, Object> member = guild.members.get(user);
                        if (Json.array(member, "roles").remove(id)) {
                            guild.members.put(member);
                        }
                    }
                    sink.emit(
                            "GUILD_ROLE_DELETE",
                            guild.id(),
                            of("guild_id", guild.id(), "role_id", id));
                });
    }

    private void emojis(Guild guild) {
        swap(guild.emojis, world.things().emoji());
        sink.emit(
                "GUILD_EMOJIS_UPDATE",
                guild.id(),
                of("guild_id", guild.id(), "emojis", new ArrayList<>(guild.emojis.values())));
    }

    private void stickers(Guild guild) {
        swap(guild.stickers, world.things().sticker(guild.id()));
        sink.emit(
                "GUILD_STICKERS_UPDATE",
                guild.id(),
                of("guild_id", guild.id(), "stickers", new ArrayList<>(guild.stickers.values())));
    }

    private void swap(Map<String, Map<String, Object>> objects, Map<String, Object> added) {
        if (world.people().chance(.6)) {
            World.any(objects, world.random()).ifPresent(old -> objects.remove(old.get("id")));
        }
        objects.put(Json.text(added, "id"), added);
    }
}
