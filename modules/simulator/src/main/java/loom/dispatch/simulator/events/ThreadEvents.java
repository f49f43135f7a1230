package loom.dispatch.simulator.events;

import static loom.dispatch.simulator.world.Json.of;

import loom.dispatch.simulator.world.Guild;
import loom.dispatch.simulator.world.Json;
import loom.dispatch.simulator.world.World;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Creates, updates, archives and deletes threads (protocol section 6.5). */
final class ThreadEvents {
    private final World world;
    private final SimulatedEvent.Sink sink;

    ThreadEvents(World world, SimulatedEvent.Sink sink) {
        this.world = world;
        this.sink = sink;
    }

    void register(Map<String, SimulatedEvent> simulatedEvents) {
        simulatedEvents.put("THREAD_CREATE", this::create);
        simulatedEvents.put("THREAD_UPDATE", this::update);
        simulatedEvents.put("THREAD_DELETE", this::delete);
        simulatedEvents.put("THREAD_LIST_SYNC", this::sync);
        simulatedEvents.put("THREAD_MEMBER_UPDATE", this::memberUpdate);
        simulatedEvents.put("THREAD_MEMBERS_UPDATE", this::membersUpdate);
    }

    private void create(Guild guild) {
        guild.channels.values().stream()
                .filter(channel -> Integer.valueOf(0).equals(channel.get("type")))
                .findFirst()
                .ifPresent(parent -> {
                    String owner = guild.members.any(world.random());
                    Map<String, Object> thread = world.things().thread(parent, owner);
                    guild.threads.put(Json.text(thread, "id"), thread);
                    Map<String, Object> d = new LinkedHashMap<>(thread);
                    d.put("newly_created", true);
                    sink.emit("THREAD_CREATE", guild.id(), d);
                });
    }

    /**
     * Updates or archives a thread. An archived thread leaves the active set. The payload lacks the
     * cached {@code member}.
     */
    private void update(Guild guild) {
        World.any(guild.threads, world.random())
                .ifPresent(thread -> {
                    thread.put("name", "renamed " + world.random().nextInt(1_000));
                    Map<String, Object> d = new LinkedHashMap<>(thread);
                    d.remove("member");
                    if (world.people().chance(.3)) {
                        Map<String, Object> metadata =
                                Json.copy(Json.child(thread, "thread_metadata"));
                        metadata.put("archived", true);
                        d.put("thread_metadata", metadata);
                        guild.threads.remove(Json.text(thread, "id"));
                    }
                    sink.emit("THREAD_UPDATE", guild.id(), d);
                });
    }

    private void delete(Guild guild) {
        World.any(guild.threads, world.random())
                .ifPresent(thread -> {
                    guild.threads.remove(Json.text(thread, "id"));
                    sink.emit(
                            "THREAD_DELETE",
                            guild.id(),
                            of(
                                    "id", thread.get("id"),
                                    "guild_id", guild.id(),
                                    "parent_id", thread.get("parent_id"),
                                    "type", thread.get("type")));
                });
    }

    private void sync(Guild guild) {
        List<Object> threads = new ArrayList<>();
        List<Object> members = new ArrayList<>();
        for (Map<String, Object> thread : guild.threads.values()) {
            Map<String, Object> copy = new LinkedHashMap<>(thread);
            if (copy.remove("member") instanceof Map<?, ?> member) {
                members.add(member(thread, Json.typed(member)));
            }
            threads.add(copy);
        }
        sink.emit(
                "THREAD_LIST_SYNC",
                guild.id(),
                of("guild_id", guild.id(), "threads", threads, "members", members));
    }

    private void memberUpdate(Guild guild) {
        World.any(guild.threads, world.random())
                .ifPresent(thread -> {
                    Map<String, Object> member =
                            of("join_timestamp", world.ids().now(), "flags", 1);
                    thread.put("member", member);
                    Map<String, Object> d = member(thread, member);
                    d.put("guild_id", guild.id());
                    sink.emit("THREAD_MEMBER_UPDATE", guild.id(), d);
                });
    }

    private void membersUpdate(Guild guild) {
        World.any(guild.threads, world.random())
                .ifPresent(thread -> {
                    int count = world.random().nextInt(1, 51);
                    String user = guild.members.any(world.random());
                    thread.put("member_count", count);
                    Map<String, Object> added =
                            of(
                                    "id",
                                    thread.get("id"),
                                    "user_id",
                                    user,
                                    "join_timestamp",
                                    world.ids().now(),
                                    "flags",
                                    0,
                                    "member",
                                    guild.members.raw(user),
                                    "presence",
                                    null);
                    sink.emit(
                            "THREAD_MEMBERS_UPDATE",
                            guild.id(),
                            of(
                                    "id", thread.get("id"),
                                    "guild_id", guild.id(),
                                    "member_count", count,
                                    "added_members", List.of(added)));
                });
    }

    private Map<String, Object> member(Map<String, Object> thread, Map<String, Object> member) {
        Map<String, Object> whole = of("id", thread.get("id"), "user_id", world.botId());
        whole.putAll(member);
        return whole;
    }
}
