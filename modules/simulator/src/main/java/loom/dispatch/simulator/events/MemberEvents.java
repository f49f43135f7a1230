package loom.dispatch.simulator.events;

import static loom.dispatch.simulator.world.Json.of;

import loom.dispatch.simulator.world.Guild;
import loom.dispatch.simulator.world.World;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds, updates, removes and bans members, and updates the bot's own user. */
final class MemberEvents {
    private final World world;
    private final SimulatedEvent.Sink sink;

    MemberEvents(World world, SimulatedEvent.Sink sink) {
        this.world = world;
        this.sink = sink;
    }

    void register(Map<String, SimulatedEvent> simulatedEvents) {
        simulatedEvents.put("GUILD_MEMBER_ADD", this::add);
        simulatedEvents.put("GUILD_MEMBER_UPDATE", this::update);
        simulatedEvents.put("GUILD_MEMBER_REMOVE", this::remove);
        simulatedEvents.put("GUILD_BAN_ADD", g -> ban(g, "GUILD_BAN_ADD"));
        simulatedEvents.put("GUILD_BAN_REMOVE", g -> ban(g, "GUILD_BAN_REMOVE"));
        simulatedEvents.put(
                "GUILD_MEMBERS_CHUNK", g -> sink.emit("GUILD_MEMBERS_CHUNK", g.id(), chunk(g)));
        simulatedEvents.put("USER_UPDATE", this::user);
    }

    private void add(Guild guild) {
        List<String> roles = List.copyOf(guild.roles.keySet());
        Map<String, Object> member =
                world.people()
                        .member(
                                world.people().user(),
                                roles.subList(Math.min(2, roles.size()), roles.size()));
        guild.members.put(member);
        guild.memberCount++;
        Map<String, Object> d = new LinkedHashMap<>(member);
        d.put("guild_id", guild.id());
        sink.emit("GUILD_MEMBER_ADD", guild.id(), d);
    }

    /**
     * Updates a member. The payload lacks {@code deaf} and {@code mute}, as Discord's does (section
     * 7.4).
     */
    private void update(Guild guild) {
        Map<String, Object> member = guild.members.get(guild.members.any(world.random()));
        member.put("nick", world.people().chance(.5) ? "Zoë " + world.random().nextInt(99) : null);
        boolean timedOut = world.people().chance(.1);
        member.put("communication_disabled_until", timedOut ? world.ids().now() : null);
        guild.members.put(member);
        Map<String, Object> d = new LinkedHashMap<>(member);
        d.remove("deaf");
        d.remove("mute");
        d.put("guild_id", guild.id());
        sink.emit("GUILD_MEMBER_UPDATE", guild.id(), d);
    }

    private void remove(Guild guild) {
        if (guild.members.size() < 4) {
            return;
        }
        String user = guild.members.any(world.random());
        Object removed = guild.members.get(user).get("user");
        guild.members.remove(user);
        guild.presences.remove(user);
        guild.voiceStates.remove(user);
        guild.memberCount--;
        sink.emit("GUILD_MEMBER_REMOVE", guild.id(), of("guild_id", guild.id(), "user", removed));
    }

    private void ban(Guild guild, String type) {
        Map<String, Object> user = world.people().user();
        sink.emit(type, guild.id(), of("guild_id", guild.id(), "user", user));
    }

    private Map<String, Object> chunk(Guild guild) {
        List<Object> members = new ArrayList<>();
        guild.members.userIds().stream().limit(10).map(guild.members::raw).forEach(members::add);
        return of("guild_id", guild.id(), "members", members, "chunk_index", 0, "chunk_count", 1);
    }

    private void user(Guild guild) {
        world.botUser().put("avatar", world.people().hash());
        // Discord sends USER_UPDATE to every shard; the simulator sends it to the guild's shard.
        sink.emit("USER_UPDATE", guild.id(), new LinkedHashMap<>(world.botUser()));
    }
}
