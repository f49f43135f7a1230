package loom.dispatch.simulator.events;

import static loom.dispatch.simulator.world.Json.of;

import loom.dispatch.simulator.world.Guild;
import loom.dispatch.simulator.world.Json;
import loom.dispatch.simulator.world.World;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Makes the events of active users: messages, reactions, typing, presences and voice. */
final class UserActivityEvents {
    /** The messages per guild that edits, deletions and reactions can refer to. */
    private static final int MESSAGES = 100;

    private static final List<String> WORDS =
            List.of("hello", "wörld", "🦊", "\"quoted\"", "back\\slash", "line\nbreak", "ok", "北斗");

    private final World world;
    private final RandomGenerator random;
    private final SimulatedEvent.Sink sink;

    UserActivityEvents(World world, SimulatedEvent.Sink sink) {
        this.world = world;
        this.random = world.random();
        this.sink = sink;
    }

    void register(Map<String, SimulatedEvent> simulatedEvents) {
        simulatedEvents.put("MESSAGE_CREATE", this::messageCreate);
        simulatedEvents.put("MESSAGE_UPDATE", this::messageUpdate);
        simulatedEvents.put("MESSAGE_DELETE", this::messageDelete);
        simulatedEvents.put("MESSAGE_DELETE_BULK", this::messageDeleteBulk);
        simulatedEvents.put("MESSAGE_REACTION_ADD", this::reactionAdd);
        simulatedEvents.put("MESSAGE_REACTION_REMOVE", this::reactionRemove);
        simulatedEvents.put("MESSAGE_REACTION_REMOVE_ALL", g -> reactions(g, "REMOVE_ALL", of()));
        simulatedEvents.put(
                "MESSAGE_REACTION_REMOVE_EMOJI",
                g -> reactions(g, "REMOVE_EMOJI", of("emoji", emoji())));
        simulatedEvents.put("MESSAGE_POLL_VOTE_ADD", g -> vote(g, "ADD"));
        simulatedEvents.put("MESSAGE_POLL_VOTE_REMOVE", g -> vote(g, "REMOVE"));
        simulatedEvents.put("TYPING_START", this::typing);
        simulatedEvents.put("PRESENCE_UPDATE", this::presence);
        simulatedEvents.put("VOICE_STATE_UPDATE", this::voice);
    }

    private Optional<Map<String, Object>> textChannel(Guild guild) {
        return guild.channels.values().stream()
                .filter(c -> Integer.valueOf(0).equals(c.get("type")))
                .skip(random.nextInt(3))
                .findFirst();
    }

    private String anyone(Guild guild) {
        return guild.members.any(random);
    }

    private void messageCreate(Guild guild) {
        textChannel(guild).ifPresent(channel -> messageCreate(guild, channel));
    }

    private void messageCreate(Guild guild, Map<String, Object> channel) {
        Map<String, Object> member = guild.members.get(anyone(guild));
        Object author = member.remove("user");
        StringBuilder content = new StringBuilder();
        int words = random.nextInt(1, 40);
        for (int i = 0; i < words; i++) {
            content.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
        }
        boolean mentions = random.nextInt(20) == 0;
        String id = world.ids().next();
        Map<String, Object> d =
                of(
                        "id",
                        id,
                        "channel_id",
                        channel.get("id"),
                        "author",
                        author,
                        "content",
                        content.toString(),
                        "timestamp",
                        world.ids().now(),
                        "edited_timestamp",
                        null,
                        "tts",
                        false,
                        "mention_everyone",
                        false,
                        "mentions",
                        mentions ? List.of(new LinkedHashMap<>(world.botUser())) : List.of(),
                        "mention_roles",
                        List.of(),
                        "attachments",
                        List.of(),
                        "embeds",
                        List.of(),
                        "pinned",
                        false,
                        "type",
                        0,
                        "flags",
                        0,
                        "components",
                        List.of(),
                        "nonce",
                        Long.toString(random.nextLong(1L << 60)),
                        "channel_type",
                        0,
                        "guild_id",
                        guild.id(),
                        "member",
                        member);
        channel.put("last_message_id", id);
        guild.messages.put(id, d);
        if (guild.messages.size() > MESSAGES) {
            Iterator<String> oldest = guild.messages.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        sink.emit("MESSAGE_CREATE", guild.id(), d);
    }

    private void messageUpdate(Guild guild) {
        anyMessage(guild)
                .ifPresent(old -> {
                    Map<String, Object> d = new LinkedHashMap<>(old);
                    d.put("content", d.get("content") + "(edited)");
                    d.put("edited_timestamp", world.ids().now());
                    guild.messages.put(Json.text(d, "id"), d);
                    sink.emit("MESSAGE_UPDATE", guild.id(), d);
                });
    }

    private void messageDelete(Guild guild) {
        anyMessage(guild)
                .ifPresent(message -> {
                    guild.messages.remove(Json.text(message, "id"));
                    sink.emit("MESSAGE_DELETE", guild.id(), place(guild, message, "id"));
                });
    }

    private void messageDeleteBulk(Guild guild) {
        anyMessage(guild)
                .ifPresent(message -> {
                    Object channel = message.get("channel_id");
                    List<String> gone =
                            guild.messages.values().stream()
                                    .filter(m -> channel.equals(m.get("channel_id")))
                                    .limit(3)
                                    .map(m -> Json.text(m, "id"))
                                    .toList();
                    gone.forEach(guild.messages::remove);
                    sink.emit(
                            "MESSAGE_DELETE_BULK",
                            guild.id(),
                            of("ids", gone, "channel_id", channel, "guild_id", guild.id()));
                });
    }

    private void reactionAdd(Guild guild) {
        String user = anyone(guild);
        Map<String, Object> more = reaction(user);
        more.put("member", guild.members.raw(user));
        reactions(guild, "ADD", more);
    }

    private void reactionRemove(Guild guild) {
        reactions(guild, "REMOVE", reaction(anyone(guild)));
    }

    private Map<String, Object> reaction(String user) {
        return of("user_id", user, "emoji", emoji(), "burst", false, "type", 0);
    }

    private static Map<String, Object> emoji() {
        return of("id", null, "name", "🔥");
    }

    private void reactions(Guild guild, String what, Map<String, Object> more) {
        anyMessage(guild)
                .ifPresent(message -> {
                    Map<String, Object> d = place(guild, message, "message_id");
                    d.putAll(more);
                    sink.emit("MESSAGE_REACTION_" + what, guild.id(), d);
                });
    }

    private void vote(Guild guild, String what) {
        anyMessage(guild)
                .ifPresent(message -> {
                    Map<String, Object> d = place(guild, message, "message_id");
                    d.put("user_id", anyone(guild));
                    d.put("answer_id", random.nextInt(1, 5));
                    sink.emit("MESSAGE_POLL_VOTE_" + what, guild.id(), d);
                });
    }

    private void typing(Guild guild) {
        String user = anyone(guild);
        textChannel(guild)
                .ifPresent(channel ->
                        sink.emit(
                                "TYPING_START",
                                guild.id(),
                                of(
                                        "channel_id", channel.get("id"),
                                        "guild_id", guild.id(),
                                        "user_id", user,
                                        "timestamp", world.ids().tick() / 1_000,
                                        "member", guild.members.raw(user))));
    }

    private void presence(Guild guild) {
        String user = anyone(guild);
        Map<String, Object> d = world.people().presence(user, guild.id());
        if (random.nextInt(4) == 0) {
            d.put("status", "offline");
            d.put("activities", List.of());
            d.put("client_status", of());
            guild.presences.remove(user);
        } else {
            guild.presences.put(user, d);
        }
        sink.emit("PRESENCE_UPDATE", guild.id(), d);
    }

    private void voice(Guild guild) {
        String user = anyone(guild);
        boolean leaves = guild.voiceStates.containsKey(user) && random.nextBoolean();
        Object channel =
                guild.channels.values().stream()
                        .filter(c -> Integer.valueOf(2).equals(c.get("type")))
                        .skip(random.nextInt(2))
                        .findFirst()
                        .map(c -> c.get("id"))
                        .orElse(null);
        Map<String, Object> d =
                world.people().voiceState(guild.id(), user, leaves ? null : channel);
        d.put("member", guild.members.raw(user));
        if (d.get("channel_id") == null) {
            guild.voiceStates.remove(user);
        } else {
            guild.voiceStates.put(user, d);
        }
        sink.emit("VOICE_STATE_UPDATE", guild.id(), d);
    }

    private Optional<Map<String, Object>> anyMessage(Guild guild) {
        return World.any(guild.messages, random);
    }

    private static Map<String, Object> place(
            Guild guild, Map<String, Object> message, String idKey) {
        return of(
                idKey,
                message.get("id"),
                "channel_id",
                message.get("channel_id"),
                "guild_id",
                guild.id());
    }
}
