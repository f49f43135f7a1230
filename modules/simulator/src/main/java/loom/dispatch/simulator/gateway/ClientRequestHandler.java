package loom.dispatch.simulator.gateway;

import static loom.dispatch.simulator.world.Json.of;

import loom.dispatch.simulator.world.Guild;
import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;
import loom.dispatch.simulator.world.World;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Answers the requests of an identified client (protocol sections 5.4 to 5.8). Reader threads call
 * it; the gateway's lock guards its state.
 */
public final class ClientRequestHandler {
    private static final int CHUNK = 1_000;
    private static final int MOST_FOUND = 100;
    private static final int NONCE_BYTES = 32;
    private static final int MOST_ACTIVITY_TYPE = 5;

    private static final Set<String> STATUSES =
            Set.of("online", "dnd", "idle", "invisible", "offline");
    private static final Set<String> HIDDEN = Set.of("invisible", "offline");
    private static final Set<String> CHANNEL_FIELDS = Set.of("status", "voice_start_time");

    /**
     * A snowflake of 2015, Discord's first year, has 17 digits. A shorter number is not a
     * snowflake.
     */
    private static final int LEAST_ID_DIGITS = 17;

    /** One guild's full member list may be requested once per 30 s (section 1.7). */
    private static final long ALL_MEMBERS_NANOS = 30_000_000_000L;

    private final SimulatedGateway gateway;
    private final Map<String, Long> allMembersAsked = new HashMap<>();

    public ClientRequestHandler(SimulatedGateway gateway) {
        this.gateway = gateway;
    }

    /** Handles a request. Returns false if {@code d} has the wrong shape for the opcode. */
    boolean take(GatewaySession session, int op, Object d) {
        if (!(d instanceof Map<?, ?> map)) {
            return false;
        }
        Map<String, Object> fields = Json.typed(map);
        return gateway.locked(() ->
                switch (op) {
                    case GatewayOpcode.PRESENCE_UPDATE -> presence(session, fields);
                    case GatewayOpcode.VOICE_STATE_UPDATE -> voice(session, fields);
                    case GatewayOpcode.REQUEST_GUILD_MEMBERS -> members(session, fields);
                    case GatewayOpcode.REQUEST_SOUNDBOARD_SOUNDS -> sounds(session, fields);
                    default -> channelInfo(session, fields);
                });
    }

    /** Returns true if the value has the shape of op 3 (section 5.4). */
    static boolean presence(Object presence) {
        return presence instanceof Map<?, ?> d
                && STATUSES.contains(String.valueOf(d.get("status")))
                && (d.get("since") == null || d.get("since") instanceof Number)
                && d.get("activities") instanceof List<?> activities
                && activities.stream().allMatch(ClientRequestHandler::activity);
    }

    private static boolean activity(Object activity) {
        return activity instanceof Map<?, ?> a
                && a.get("name") instanceof String
                && a.get("type") instanceof Integer type
                && type >= 0
                && type <= MOST_ACTIVITY_TYPE;
    }

    /** Sends one PRESENCE_UPDATE of the bot per guild to sessions with the presence intent. */
    private boolean presence(GatewaySession session, Map<String, Object> d) {
        if (!presence((Object) d)) {
            return false;
        }
        String botId = gateway.world().botId();
        boolean hidden = HIDDEN.contains(Json.text(d, "status"));
        for (Guild guild : gateway.world().guilds()) {
            if (!guild.unavailable && session.identity().owns(guild.id())) {
                Map<String, Object> presence =
                        of(
                                "user", of("id", botId),
                                "guild_id", guild.id(),
                                "status", hidden ? "offline" : d.get("status"),
                                "activities", hidden ? List.of() : d.get("activities"),
                                "client_status", hidden ? of() : of("web", d.get("status")));
                if (hidden) {
                    guild.presences.remove(botId);
                } else {
                    guild.presences.put(botId, presence);
                }
                gateway.dispatch(new EventDispatch("PRESENCE_UPDATE", guild.id(), presence));
            }
        }
        return true;
    }

    private boolean voice(GatewaySession session, Map<String, Object> d) {
        String guildId = snowflake(d.get("guild_id"));
        String channel = snowflake(d.get("channel_id"));
        if (guildId == null
                || channel == null && d.get("channel_id") != null
                || !flag(d.get("self_mute"))
                || !flag(d.get("self_deaf"))) {
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
                    gateway.dispatch(new EventDispatch("VOICE_STATE_UPDATE", guildId, state));
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

    /**
     * Returns the id as text: Discord accepts strings and numbers. Returns null for anything else.
     */
    private static String snowflake(Object value) {
        return value instanceof String || value instanceof Integer || value instanceof Long
                ? value.toString()
                : null;
    }

    private static boolean flag(Object value) {
        return value == null || value instanceof Boolean;
    }

    private boolean members(GatewaySession session, Map<String, Object> d) {
        boolean query = d.get("query") instanceof String && d.get("limit") instanceof Integer;
        Object users = d.get("user_ids");
        boolean ids = users instanceof List<?> || snowflake(users) != null;
        String guildId = snowflake(d.get("guild_id"));
        if (guildId == null || query == ids) {
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

    private void byIds(GatewaySession session, Guild guild, Map<String, Object> d, List<?> wanted) {
        List<String> found = new ArrayList<>();
        List<Object> missing = new ArrayList<>();
        for (Object id : wanted.subList(0, Math.min(MOST_FOUND, wanted.size()))) {
            if (guild.members.has(String.valueOf(id))) {
                found.add(String.valueOf(id));
            } else {
                missing.add(unknown(id));
            }
        }
        chunks(session, guild, d, found, missing);
    }

    /**
     * Returns the id for {@code not_found}: an id that is not a snowflake becomes an integer
     * (section 5.6).
     */
    private static Object unknown(Object id) {
        return id instanceof String text && text.matches("[0-9]{1," + (LEAST_ID_DIGITS - 1) + "}")
                ? (Object) Long.valueOf(text)
                : id;
    }

    private void byPrefix(GatewaySession session, Guild guild, Map<String, Object> d) {
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
        if (!IntentBits.GUILD_MEMBERS.in(session.identity().intents())) {
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
            GatewaySession session,
            Guild guild,
            Map<String, Object> d,
            List<String> found,
            List<Object> missing) {
        boolean presences =
                Boolean.TRUE.equals(d.get("presences"))
                        && IntentBits.GUILD_PRESENCES.in(session.identity().intents());
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

    private boolean sounds(GatewaySession session, Map<String, Object> d) {
        if (!(d.get("guild_ids") instanceof List<?> ids)
                || !ids.stream().allMatch(id -> snowflake(id) != null)) {
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

    private boolean channelInfo(GatewaySession session, Map<String, Object> d) {
        String id = snowflake(d.get("guild_id"));
        if (id == null
                || !(d.get("fields") instanceof List<?> fields)
                || !CHANNEL_FIELDS.containsAll(fields)) {
            return false;
        }
        own(session, id)
                .ifPresent(guild -> answer(session, "CHANNEL_INFO", channelInfo(guild, fields)));
        return true;
    }

    /** Returns the known values of the requested fields only. */
    private static Map<String, Object> channelInfo(Guild guild, List<?> fields) {
        List<Object> channels = new ArrayList<>();
        for (Map<String, Object> info : guild.channelInfo.values()) {
            Map<String, Object> asked = Json.copy(info);
            asked.keySet().removeIf(key -> CHANNEL_FIELDS.contains(key) && !fields.contains(key));
            channels.add(asked);
        }
        return of("guild_id", guild.id(), "channels", channels);
    }

    private Optional<Guild> own(GatewaySession session, String guildId) {
        return Optional.ofNullable(gateway.world().guild(guildId))
                .filter(guild -> !guild.unavailable && session.identity().owns(guildId));
    }

    private static void answer(GatewaySession session, String type, Map<String, Object> d) {
        session.append(type, Json.bytes(d));
    }
}
