package loom.dispatch.gateway;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The presence that the bot shows from IDENTIFY on (protocol section 5.4).
 *
 * @param status online, idle, dnd, invisible or offline
 * @param activityType 0 playing, 1 streaming, 2 listening, 3 watching, 4 custom, 5 competing
 * @param activityName shown as it is, with {@code {{shard}}} replaced by the shard's id; empty for
 *     no activity. For a custom status it is what is shown of it
 * @param activityUrl the stream that a streaming activity links to, empty for none; Discord shows
 *     those on twitch.tv and youtube.com
 */
public record Presence(String status, int activityType, String activityName, String activityUrl) {
    /** What Discord accepts as a status. */
    public static final Set<String> STATUSES =
            Set.of("online", "idle", "dnd", "invisible", "offline");

    private static final int STREAMING = 1;
    private static final int CUSTOM = 4;

    public Presence {
        if (!STATUSES.contains(status)) {
            throw new IllegalArgumentException("unknown status " + status);
        }
        if (activityType < 0 || activityType > 5) {
            throw new IllegalArgumentException("unknown activity type " + activityType);
        }
    }

    /** Without a stream's URL. */
    public Presence(String status, int activityType, String activityName) {
        this(status, activityType, activityName, "");
    }

    /** The {@code presence} object of IDENTIFY. */
    public Map<String, Object> toJson(int shard) {
        List<Map<String, Object>> activities = new ArrayList<>();
        if (!activityName.isEmpty()) {
            String text = activityName.replace("{{shard}}", Integer.toString(shard));
            Map<String, Object> activity = new LinkedHashMap<>();
            activity.put("name", activityType == CUSTOM ? "Custom Status" : text);
            activity.put("type", activityType);
            if (activityType == CUSTOM) {
                activity.put("state", text);
            }
            if (activityType == STREAMING && !activityUrl.isEmpty()) {
                activity.put("url", activityUrl);
            }
            activities.add(activity);
        }
        Map<String, Object> presence = new LinkedHashMap<>();
        presence.put("since", null);
        presence.put("activities", activities);
        presence.put("status", status);
        presence.put("afk", false);
        return presence;
    }
}
