package loom.dispatch.simulator.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The state of one guild, kept by object id. GUILD_CREATE is made from it. The gateway's lock
 * guards it. Members are kept as encoded JSON, since a guild can have 100,000.
 */
public final class Guild {
    /** Above this member count GUILD_CREATE has only members in voice channels (section 4). */
    private static final int HUGE = 75_000;

    private final String id;

    /** The guild's own fields, without collections and the extra fields of GUILD_CREATE. */
    public final Map<String, Object> fields;

    public final Map<String, Map<String, Object>> roles = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> emojis = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> stickers = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> channels = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> threads = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> presences = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> voiceStates = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> stages = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> events = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> sounds = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> integrations = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> rules = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> invites = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> messages = new LinkedHashMap<>();
    public final Map<String, Map<String, Object>> channelInfo = new LinkedHashMap<>();
    public final GuildMembers members = new GuildMembers();

    String joinedAt = "";
    public int memberCount;
    public boolean unavailable;

    Guild(String id, Map<String, Object> fields) {
        this.id = id;
        this.fields = fields;
    }

    public String id() {
        return id;
    }

    /** Returns the payload of GUILD_UPDATE, which has no extra fields (section 6.2). */
    public Map<String, Object> bare() {
        Map<String, Object> d = new LinkedHashMap<>(fields);
        d.put("roles", List.copyOf(roles.values()));
        d.put("emojis", List.copyOf(emojis.values()));
        d.put("stickers", List.copyOf(stickers.values()));
        return d;
    }

    /** Returns the payload of GUILD_CREATE for a session with these intents. */
    public Map<String, Object> snapshot(IdentifyRequest identity, String botId) {
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
        boolean presencesSent = IntentBits.GUILD_PRESENCES.in(identity.intents());
        d.put("presences", presencesSent ? without("guild_id", presences) : List.of());
        d.put("stage_instances", List.copyOf(stages.values()));
        d.put("guild_scheduled_events", List.copyOf(events.values()));
        d.put("soundboard_sounds", List.copyOf(sounds.values()));
        return d;
    }

    private List<Object> membersFor(IdentifyRequest identity, boolean large, String botId) {
        boolean few = !IntentBits.GUILD_PRESENCES.in(identity.intents()) || memberCount > HUGE;
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
