package loom.dispatch.simulator;

import static loom.dispatch.simulator.Json.of;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Serves what clients ask for once they have a session (protocol sections 5.4 to 5.8). Called from
 * every client's thread; the gateway's lock guards what it remembers.
 */
final class ClientRequests {
    private static final int CHUNK = 1_000;
    private static final int MOST_FOUND = 100;
    private static final int NONCE_BYTES = 32;

    /** All members of one guild once per 30 s (section 1.7). */
    private static final long ALL_MEMBERS_NANOS = 30_000_000_000L;

    private final Gateway gateway;
    private final Map<String, Long> allMembersAsked = new HashMap<>();

    ClientRequests(Gateway gateway) {
        this.gateway = gateway;
    }

    /** False if {@code d} has the wrong shape for the opcode. */
    boolean take(Session session, int op, Object d) {
        if (!(d instanceof Map<?, ?> map)) {
            return false;
        }
        Map<String, Object> fields = Json.typed(map);
        return gateway.locked(() ->
                switch (op) {
                    case Opcode.PRESENCE_UPDATE -> presence(fields);
                    case Opcode.VOICE_STATE_UPDATE -> voice(session, fields);
                    case Opcode.REQUEST_GUILD_MEMBERS -> members(session, fields);
                    case Opcode.REQUEST_SOUNDBOARD_SOUNDS -> sounds(session, fields);
                    default -> channelInfo(session, fields);
                });
    }

    private static boolean presence(Map<String, Object> d) {
        return d.get("status") instanceof String && d.get("activities") instanceof List<?>;
    }

    private boolean voice(Session session, Map<String, Object> d) {
        Object channel = d.get("channel_id");
        if (!(d.get("guild_id") instanceof String guildId)
                || channel != null && !(channel instanceof String)) {
            return false;
        }
        own(session, guildId)
                .ifPresent(guild -> {
                    World world = gateway.world();
                    Map<String, Object> state =
                            world.people().voiceState(guildId, world.botId(), channel);
                    state.put("self_mute", Boolean.TRUE.equals(d.get("self_mute")));
                    state.put("self_deaf", Boolean.TRUE.equals(d.get("self_deaf")));
                    state.put("member", guild.members.raw(world.botId()));
                    if (channel == null) {
                        guild.voiceStates.remove(world.botId());
                    } else {
                        guild.voiceStates.put(world.botId(), state);
                    }
                    gateway.dispatch(new Emission("VOICE_STATE_UPDATE", guildId, state));
                    if (channel != null) {
                        answer(
                                session,
                                "VOICE_SERVER_UPDATE",
                                of(
                                        "token", "voice-token",
                                        "guild_id", guildId,
                                        "endpoint", "voice.invalid:443"));
                    }
                });
        return true;
    }

    private boolean members(Session session, Map<String, Object> d) {
        boolean query = d.get("query") instanceof String && d.get("limit") instanceof Integer;
        Object users = d.get("user_ids");
        boolean ids = users instanceof String || users instanceof List<?>;
        if (!(d.get("guild_id") instanceof String guildId) || query == ids) {
            return false;
        }
        own(session, guildId)
                .ifPresent(guild -> {
                    if (ids) {
                        byIds(session, guild, d, users instanceof List<?> l ? l : List.of(users));
                    } else {
                        byPrefix(session, guild, d);
                    }
                });
        return true;
    }

    private void byIds(Session session, Guild guild, Map<String, Object> d, List<?> wanted) {
        List<String> found = new ArrayList<>();
        List<Object> missing = new ArrayList<>();
        for (Object id : wanted.subList(0, Math.min(MOST_FOUND, wanted.size()))) {
            if (guild.members.has(String.valueOf(id))) {
                found.add(String.valueOf(id));
            } else {
                missing.add(id);
            }
        }
        chunks(session, guild, d, found, missing);
    }

    private void byPrefix(Session session, Guild guild, Map<String, Object> d) {
        String prefix = Json.text(d, "query");
        int limit = (Integer) d.get("limit");
        if (!prefix.isEmpty() || limit > 0) {
            int most = limit > 0 ? Math.min(limit, MOST_FOUND) : MOST_FOUND;
            List<String> found =
                    guild.members.userIds().stream()
                            .filter(id -> name(guild, id).startsWith(prefix))
                            .limit(most)
                            .toList();
            chunks(session, guild, d, found, List.of());
            return;
        }
        if (!Intent.GUILD_MEMBERS.in(session.identity().intents())) {
            return;
        }
        long now = System.nanoTime();
        Long before = allMembersAsked.get(guild.id());
        if (before != null && now - before < ALL_MEMBERS_NANOS) {
            Map<String, Object> meta = of("guild_id", guild.id());
            nonce(d).ifPresent(nonce -> meta.put("nonce", nonce));
            double after = (ALL_MEMBERS_NANOS - (now - before)) / 1e9;
            answer(session, "RATE_LIMITED", of("opcode", 8, "retry_after", after, "meta", meta));
            return;
        }
        allMembersAsked.put(guild.id(), now);
        chunks(session, guild, d, List.copyOf(guild.members.userIds()), List.of());
    }

    private static String name(Guild guild, String userId) {
        return Json.text(Json.child(guild.members.get(userId), "user"), "username");
    }

    private void chunks(
            Session session,
            Guild guild,
            Map<String, Object> d,
            List<String> found,
            List<Object> missing) {
        boolean presences =
                Boolean.TRUE.equals(d.get("presences"))
                        && Intent.GUILD_PRESENCES.in(session.identity().intents());
        int count = Math.max(1, (found.size() + CHUNK - 1) / CHUNK);
        for (int i = 0; i < count; i++) {
            List<String> part = found.subList(i * CHUNK, Math.min(found.size(), (i + 1) * CHUNK));
            Map<String, Object> chunk =
                    of(
                            "guild_id",
                            guild.id(),
                            "members",
                            part.stream().map(guild.members::raw).toList(),
                            "chunk_index",
                            i,
                            "chunk_count",
                            count);
            if (!missing.isEmpty()) {
                chunk.put("not_found", missing);
            }
            if (presences) {
                chunk.put(
                        "presences",
                        part.stream()
                                .filter(guild.presences::containsKey)
                                .map(guild.presences::get)
                                .toList());
            }
            nonce(d).ifPresent(nonce -> chunk.put("nonce", nonce));
            answer(session, "GUILD_MEMBERS_CHUNK", chunk);
        }
    }

    private static Optional<String> nonce(Map<String, Object> d) {
        return d.get("nonce") instanceof String nonce
                        && nonce.getBytes(StandardCharsets.UTF_8).length <= NONCE_BYTES
                ? Optional.of(nonce)
                : Optional.empty();
    }

    private boolean sounds(Session session, Map<String, Object> d) {
        if (!(d.get("guild_ids") instanceof List<?> ids)) {
            return false;
        }
        for (Object id : ids) {
            own(session, String.valueOf(id))
                    .ifPresent(guild ->
                            answer(
                                    session,
                                    "SOUNDBOARD_SOUNDS",
                                    of(
                                            "soundboard_sounds",
                                            List.copyOf(guild.sounds.values()),
                                            "guild_id",
                                            guild.id())));
        }
        return true;
    }

    private boolean channelInfo(Session session, Map<String, Object> d) {
        if (!(d.get("guild_id") instanceof String id) || !(d.get("fields") instanceof List<?>)) {
            return false;
        }
        own(session, id).ifPresent(g -> answer(session, "CHANNEL_INFO", ChannelEvents.info(g)));
        return true;
    }

    private Optional<Guild> own(Session session, String guildId) {
        return Optional.ofNullable(gateway.world().guild(guildId))
                .filter(guild -> !guild.unavailable && session.identity().owns(guildId));
    }

    private static void answer(Session session, String type, Map<String, Object> d) {
        session.append(type, Json.bytes(d));
    }
}
