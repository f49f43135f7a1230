package loom.dispatch.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The true state of one guild: what GUILD_CREATE would tell, kept by id. Guarded by the gateway's
 * lock. Members are kept as finished JSON, since there can be 100,000 of them.
 */
final class Guild {
    /** Section 4: above it only members in voice are sent. */
    private static final int HUGE = 75_000;

    private final String id;

    /** The guild's own fields, without collections and GUILD_CREATE extras. */
    final Map<String, Object> fields;

    final Map<String, Map<String, Object>> roles = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> emojis = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> stickers = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> channels = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> threads = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> presences = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> voiceStates = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> stages = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> events = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> sounds = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> integrations = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> rules = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> invites = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> messages = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> channelInfo = new LinkedHashMap<>();
    final Members members = new Members();

    String joinedAt = "";
    int memberCount;
    boolean unavailable;

    Guild(String id, Map<String, Object> fields) {
        this.id = id;
        this.fields = fields;
    }

    String id() {
        return id;
    }

    /** What GUILD_UPDATE carries: no extras (section 6.2). */
    Map<String, Object> bare() {
        Map<String, Object> d = new LinkedHashMap<>(fields);
        d.put("roles", List.copyOf(roles.values()));
        d.put("emojis", List.copyOf(emojis.values()));
        d.put("stickers", List.copyOf(stickers.values()));
        return d;
    }

    /** What GUILD_CREATE carries for a session with these intents. */
    Map<String, Object> snapshot(Identity identity, String botId) {
        boolean large = memberCount > identity.largeThreshold();
        Map<String, Object> d = bare();
        d.put("joined_at", joinedAt);
        d.put("large", large);
        d.put("unavailable", false);
        d.put("member_count", memberCount);
        d.put("voice_states", without("guild_id", voiceStates));
        d.put("members", membersFor(identity, large, botId));
        d.put("channels", List.copyOf(channels.values()));
        d.put("threads", List.copyOf(threads.values()));
        boolean presencesSent = Intent.GUILD_PRESENCES.in(identity.intents());
        d.put("presences", presencesSent ? without("guild_id", presences) : List.of());
        d.put("stage_instances", List.copyOf(stages.values()));
        d.put("guild_scheduled_events", List.copyOf(events.values()));
        d.put("soundboard_sounds", List.copyOf(sounds.values()));
        return d;
    }

    private List<Object> membersFor(Identity identity, boolean large, String botId) {
        boolean few = !Intent.GUILD_PRESENCES.in(identity.intents()) || memberCount > HUGE;
        List<Object> sent = new ArrayList<>();
        members.forEach((userId, member) -> {
            boolean always = userId.equals(botId) || voiceStates.containsKey(userId);
            boolean known = presences.containsKey(userId) || members.hasRoleOrNick(userId);
            if (always || !few && (!large || known)) {
                sent.add(member);
            }
        });
        return sent;
    }

    private static List<Object> without(String key, Map<String, Map<String, Object>> objects) {
        List<Object> list = new ArrayList<>(objects.size());
        for (Map<String, Object> each : objects.values()) {
            Map<String, Object> copy = new LinkedHashMap<>(each);
            copy.remove(key);
            copy.remove("member");
            list.add(copy);
        }
        return list;
    }
}
